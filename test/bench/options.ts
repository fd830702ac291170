import { parseArgs } from "node:util";
import { FULL, type Plan, QUICK } from "./plan.ts";

/** The agent and the whole system are measured on each directory that is named. */
export const PARTS = ["package", "trust", "relay", "simulated", "samba"] as const;
export type Part = (typeof PARTS)[number];

const USAGE = `Usage: npm run bench -- [options]

  --part package|trust|relay|simulated|samba
                                 only this part; may be repeated (all five)
  --quick                        small counts, no Samba, the agent from its sources: a smoke test
  --json FILE                    where the figures go as JSON (.local/bench.json)

SAMBA=off leaves the real Samba out.
`;

export interface BenchOptions {
  readonly parts: ReadonlySet<Part>;
  readonly quick: boolean;
  readonly jsonFile: string;
  readonly plan: Plan;
}

/** The command line could not be read; the text says what may stand there. */
export class UsageError extends Error {
  override readonly name = "UsageError";

  constructor() {
    super(USAGE);
  }
}

const isPart = (name: string): name is Part => PARTS.some((part) => part === name);

/** @throws UsageError */
export function readOptions(argv: readonly string[]): BenchOptions {
  const values = parse(argv);
  const parts = values.part ?? PARTS.filter((part) => part !== "samba" || !values.quick);
  if (!parts.every(isPart)) throw new UsageError();
  return {
    parts: new Set(parts),
    quick: values.quick,
    jsonFile: values.json,
    plan: values.quick ? QUICK : FULL,
  };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        part: { type: "string", multiple: true },
        quick: { type: "boolean", default: false },
        json: { type: "string", default: ".local/bench.json" },
      },
    }).values;
  } catch {
    throw new UsageError();
  }
}
