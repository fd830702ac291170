import type { Stack } from "../../local/stack/startStack.ts";
import { openBareReset } from "./bareReset.ts";
import { load } from "./load.ts";
import type { Person } from "./people.ts";
import { AT_A_TIME, type AtATime, type DirectoryPlan } from "./plan.ts";
import { processorMs } from "./processFacts.ts";
import { openSystemReset } from "./systemReset.ts";
import { type Figures, Timings } from "./timings.ts";

/** Both ways to reset a password on one directory, at one number at a time. */
export interface Comparison {
  readonly directory: "simulated" | "samba";
  readonly atATime: AtATime;
  readonly bare: Figures;
  readonly system: Figures;
  /** Milliseconds that the system adds at the median. */
  readonly p50Added: number;
  readonly p50Ratio: number;
  readonly p99Ratio: number;
  readonly throughputRatio: number;
  /** Milliseconds of processor time that each process of the system spends on an operation. */
  readonly processorMs: Readonly<Record<Process, number>>;
}

export const PROCESSES = ["functions", "agent", "tables"] as const;
type Process = (typeof PROCESSES)[number];

const processorTimes = ({ processes, tables }: Stack): Record<Process, number> => ({
  functions: processorMs(processes.functions?.pid ?? 0),
  agent: processorMs(processes.agent.pid),
  tables: processorMs(tables.pid),
});

/** Resets through the whole system against bare ones: same directory, same people, in turns. */
export async function compareOnDirectory(
  stack: Stack,
  people: readonly Person[],
  plan: DirectoryPlan,
): Promise<Comparison[]> {
  const bare = await openBareReset(stack.directory, people);
  const system = await openSystemReset(stack, people);
  try {
    for (const way of [bare, system]) await load(plan.warmUp, 8, way.operation(8));
    const comparisons: Comparison[] = [];
    for (const atATime of AT_A_TIME) {
      const timings = { bare: new Timings(), system: new Timings() };
      const spent: Record<Process, number> = { functions: 0, agent: 0, tables: 0 };
      let operations = 0;
      for (let round = 0; round < plan.rounds; round += 1) {
        const share = (count: number): number => Math.ceil(count / plan.rounds);
        await load(share(plan.bare[atATime]), atATime, bare.operation(atATime), timings.bare);
        const before = processorTimes(stack);
        await load(share(plan.system[atATime]), atATime, system.operation(atATime), timings.system);
        operations += share(plan.system[atATime]);
        const after = processorTimes(stack);
        for (const each of PROCESSES) spent[each] += after[each] - before[each];
      }
      const figures = [timings.bare.figures(), timings.system.figures()] as const;
      for (const each of PROCESSES) spent[each] /= operations;
      const { kind: directory } = stack.directory;
      comparisons.push({ directory, atATime, ...compare(...figures), processorMs: spent });
    }
    return comparisons;
  } finally {
    await Promise.all([bare.close(), system.close()]);
  }
}

const compare = (bare: Figures, system: Figures) => ({
  bare,
  system,
  p50Added: system.p50 - bare.p50,
  p50Ratio: system.p50 / bare.p50,
  p99Ratio: system.p99 / bare.p99,
  throughputRatio: system.perSecond / bare.perSecond,
});
