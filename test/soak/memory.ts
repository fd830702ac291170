import type { Fault } from "../../local/directory/faults.ts";
import { noFigures } from "./model/truth.ts";
import { type Ground, World } from "./model/world.ts";

export interface MemoryFigures {
  readonly operations: number;
  readonly lost: number;
  readonly doubled: number;
  readonly falselyFailed: number;
  /** MiB of heap after each thousand operations, garbage collected. */
  readonly heap: readonly number[];
  /** MiB of the whole process, at the same moments. */
  readonly resident: readonly number[];
}

const FAULTS: readonly Fault[] = [
  { kind: "drop", applied: true },
  { kind: "drop", applied: false },
  { kind: "garbage", applied: true },
  { kind: "disconnect", applied: false, code: 52 },
  { kind: "refuse", code: 51, diagnostic: "0000200E: SvcErr" },
  { kind: "silence", applied: true },
];
/** One operation of so many meets a fault. */
const FAULT_EVERY = 70;
const RESTART_EVERY = 2_500;
/** Virtual milliseconds between two: what is kept for minutes must be forgotten again. */
const PAUSE_MS = 200;
const SAMPLE_EVERY = 1_000;
const WARM_UP_SAMPLES = 3;
/** MiB that the heap may be larger at the end than after the warm-up. */
const MOST_GROWTH = 12;

const wishOf = (world: World, at: number): object =>
  [
    { operation: "reset", newPassword: world.newPassword(), mustChange: false },
    {
      operation: "change",
      currentPassword: world.truth.password,
      newPassword: world.newPassword(),
    },
    { operation: "unlock" },
    { operation: "reset", newPassword: world.newPassword(), mustChange: true },
    { operation: "requireChange" },
  ][at % 5] ?? {};

/**
 * Many operations with faults on one agent.
 * @param collect collects garbage
 * @throws Error where the heap does not stay flat, or a rule of the model is broken
 */
export async function soakMemory(
  ground: Ground,
  operations: number,
  collect: () => void,
): Promise<MemoryFigures> {
  const figures = noFigures();
  const world = await World.create(ground, 1, figures);
  const heap: number[] = [];
  const resident: number[] = [];
  try {
    for (let at = 1; at <= operations; at += 1) {
      const fault = FAULTS[(at / FAULT_EVERY) % FAULTS.length];
      if (fault) world.directory.faults.next("modify", fault);
      if (at % RESTART_EVERY === 0) await world.restart(0);
      const [agent] = world.agents;
      if (agent) await world.deliver(await world.ask(wishOf(world, at)), agent, {});
      world.directory.faults.clear();
      await world.closeBooks();
      world.time.pass(PAUSE_MS);
      if (at % SAMPLE_EVERY > 0) continue;
      collect();
      const { heapUsed, rss } = process.memoryUsage();
      heap.push(mebibytes(heapUsed));
      resident.push(mebibytes(rss));
    }
  } finally {
    await world.stop();
  }
  const growth = (heap.at(-1) ?? 0) - (heap[WARM_UP_SAMPLES - 1] ?? 0);
  if (growth > MOST_GROWTH) throw new Error(`the heap grew: ${heap.join(", ")} MiB`);
  const { lost, doubled, falselyFailed } = figures;
  return { operations, lost, doubled, falselyFailed, heap, resident };
}

const mebibytes = (bytes: number): number => Math.round((bytes / 1_048_576) * 10) / 10;
