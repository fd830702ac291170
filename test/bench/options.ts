import type { Program } from "../../commandLine/program.ts";
import type { Options } from "../../commandLine/tool.ts";
import { FULL, type Plan, QUICK } from "./plan.ts";

/** The agent and the whole system are measured on each directory that is named. */
const PARTS = ["package", "trust", "relay", "simulated", "samba"] as const;
export type Part = (typeof PARTS)[number];

const PART = `(?:${PARTS.join("|")})`;

const OPTIONS = {
  part: {
    value: "PARTS",
    meaning: `only these, with commas between them: ${PARTS.join(", ")}`,
    must: [new RegExp(`^${PART}(?:,${PART})*$`), `of: ${PARTS.join(", ")}`],
  },
  quick: { meaning: "small counts, no Samba, the agent from its sources: a smoke test" },
  json: { value: "FILE", meaning: "where the figures go as JSON (.local/bench.json)" },
} as const satisfies Options;

export interface BenchOptions {
  readonly parts: ReadonlySet<Part>;
  readonly quick: boolean;
  readonly jsonFile: string;
  readonly plan: Plan;
}

/** `npm run bench`. */
export const BENCH: Program<typeof OPTIONS, BenchOptions> = {
  name: "npm run bench --",
  does: "measure the whole system against a bare LDAP reset; SAMBA=off leaves the real Samba out",
  options: OPTIONS,
  needs: [],
  may: ["part", "quick", "json"],
  run: ({ part, quick, json }) => {
    const usual = PARTS.filter((name) => name !== "samba" || !quick);
    return {
      parts: new Set(part === "" ? usual : (part.split(",") as Part[])),
      quick,
      jsonFile: json || ".local/bench.json",
      plan: quick ? QUICK : FULL,
    };
  },
};
