import fc from "fast-check";
import {
  type Attributes,
  canary,
  domainRules,
  found,
  guarded,
  HEALTHY_NAME,
  rights,
  rootDse,
  settingsRules,
} from "./healthy.ts";
import type { Answer, Question } from "./hostileConnection.ts";
import { type Mutation, mutate, mutation } from "./mutation.ts";
import type { Name } from "./names.ts";

/** What goes wrong with all answers of one operation. */
export interface Plan {
  readonly mutations: readonly (readonly [Question, Mutation])[];
  /** Something else than an entry in answer to a question. */
  readonly replaced: readonly (readonly [Question, Strange])[];
  readonly withSettings: boolean;
}

interface Strange {
  readonly kind: "refused" | "lost" | "empty" | "twice" | "done";
  readonly resultCode: number;
  readonly diagnostic: string;
}

const READS = ["rootDse", "find", "guard", "again", "policy", "rights", "canary"] as const;
const WRITES = ["modify", "modify", "tryCanary"] as const;
const WIN32 = [
  "0000052D",
  "00000056",
  "0000056A",
  "00000775",
  "00002085",
  "00000005",
  "00002098",
  "00002077",
  "0000208D",
  "0000202B",
  "000004DC",
  "0000200E",
  "00000057",
  "0000052d",
];
/** Texts of both dialects, and of none; `%` is where the password stands that was sent. */
const DIAGNOSTICS = [
  "",
  "\0",
  ...WIN32,
  ...WIN32.map((code) => `${code}: SvcErr: DSID-031A1248, problem 5003 (WILL_NOT_PERFORM), %\n\0`),
  ...WIN32.map((code) => ` ${code.toLowerCase()}: check_password_restrictions: the password % is`),
  "0000052D0: not eight digits",
  "error in module acl: Constraint violation during LDB_MODIFY (19) %",
  "80090308: LdapErr: DSID-0C090439, comment: AcceptSecurityContext error, data 52e, v4563\0",
  "x".repeat(100_000),
  "\u{1f600}\ud800 %",
];
const RESULT_CODES = [
  0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 14, 16, 17, 19, 20, 21, 32, 34, 48, 49, 50, 51, 52, 53,
  54, 64, 65, 68, 71, 80, 95, 112, 118, 248, 4_096, -1, 2_147_483_647,
];

const strange: fc.Arbitrary<Strange> = fc.record({
  kind: fc.constantFrom("refused", "lost", "empty", "twice", "done"),
  resultCode: fc.constantFrom(...RESULT_CODES),
  diagnostic: fc.constantFrom(...DIAGNOSTICS),
});

/** Mostly one or two things wrong with the reads, and any answer to the write. */
export const plan: fc.Arbitrary<Plan> = fc.record({
  mutations: fc.array(fc.tuple(fc.constantFrom(...READS), mutation), { maxLength: 3 }),
  replaced: fc.array(fc.tuple(fc.constantFrom(...READS, ...WRITES), strange), { maxLength: 2 }),
  withSettings: fc.boolean(),
});

/** What a healthy directory says to a condition that does not hold. */
const STALE: Answer = { kind: "refused", resultCode: 16, diagnostic: "00002085: AtrErr\0" };

const HEALTHY: Readonly<Record<(typeof READS)[number], (plan: Plan) => Attributes>> = {
  rootDse,
  find: ({ withSettings }) =>
    found().map(([name, values]) =>
      name === "msDS-ResultantPSO" && withSettings ? [name, ["CN=Strict"]] : [name, values],
    ),
  guard: guarded,
  again: found,
  canary,
  policy: ({ withSettings }) => (withSettings ? settingsRules() : domainRules()),
  rights,
};

/** Answers by a plan. */
export class PlannedAnswers {
  readonly names = new Map<string, Name>();
  /** Answers given that were not those of a healthy directory. */
  hostile = 0;
  private readonly plan: Plan;
  private readonly secret: string;

  /** @param secret stands in diagnostics, as a directory that repeats it would have it */
  constructor(plan: Plan, secret: string) {
    this.plan = plan;
    this.secret = secret;
    const components = HEALTHY_NAME.toLowerCase().split(",");
    this.names.set(HEALTHY_NAME, { text: HEALTHY_NAME, components });
  }

  answer(question: Question): Answer {
    const replaced = this.plan.replaced.find(([asked]) => asked === question)?.[1];
    if (question === "modify") return this.modified(replaced);
    if (question === "tryCanary") return replaced ? this.modified(replaced) : STALE;
    const entry = this.entry(question);
    if (!replaced) return { kind: "entries", entries: [entry] };
    this.hostile += 1;
    if (replaced.kind === "empty" || replaced.kind === "done")
      return { kind: "entries", entries: [] };
    if (replaced.kind === "twice") return { kind: "entries", entries: [entry, entry] };
    if (replaced.kind === "lost" || replaced.resultCode === 0) return { kind: "lost" };
    return this.refused(replaced);
  }

  private entry(question: (typeof READS)[number]): Attributes {
    const entry = HEALTHY[question](this.plan);
    const mine = this.plan.mutations.filter(([asked]) => asked === question);
    if (mine.length > 0) this.hostile += 1;
    for (const [, each] of mine) mutate(entry, each, (name) => this.names.set(name.text, name));
    return entry;
  }

  private modified(replaced: Strange | undefined): Answer {
    if (!replaced || replaced.kind === "done") return { kind: "done" };
    this.hostile += 1;
    const isRefusal = replaced.kind === "refused" && replaced.resultCode !== 0;
    return isRefusal ? this.refused(replaced) : { kind: "lost" };
  }

  private refused({ resultCode, diagnostic }: Strange): Answer {
    return {
      kind: "refused",
      resultCode,
      diagnostic: diagnostic.replace("%", this.secret),
    };
  }
}
