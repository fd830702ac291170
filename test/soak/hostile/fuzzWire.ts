import fc from "fast-check";
import { openPool } from "../../../agent/directory/openPool.ts";
import { execute } from "../../../agent/operations/execute.ts";
import type { LocalCertificates } from "../../../local/certificates.ts";
import { STAFF_OU } from "../../../local/samples.ts";
import { requestOf } from "../../integration/agent/requests.ts";
import { type Plan, PlannedAnswers, plan } from "./answers.ts";
import { type Damage, damage, damaged } from "./bytes.ts";
import type { FuzzFigures, FuzzOptions } from "./fuzzOperations.ts";
import { TARGET_SID } from "./healthy.ts";
import type { Question } from "./hostileConnection.ts";
import { HostileServer } from "./hostileServer.ts";
import type { Name } from "./names.ts";
import { isPlainPerson } from "./plainPerson.ts";
import { type Said, strictly } from "./strict.ts";
import {
  type Certain,
  checkVerdict,
  NEXT,
  OPERATIONS,
  SETTINGS,
  target,
  type Wished,
} from "./target.ts";

/** Milliseconds; a server that says nothing more hangs up long before. */
const PATIENCE = { connect: 5_000, search: 5_000, modify: 5_000 };
const WAIT_MS = 10_000;
const MODIFY_RESPONSE = 0x67;
/** FILETIME of the healthy directory's clock. */
const NOW = 134_100_000_000_000_000n;

type Damaged = readonly [Question | "bind", Damage];
const QUESTIONS = [
  "bind",
  "rootDse",
  "find",
  "guard",
  "again",
  "rights",
  "policy",
  "canary",
  "tryCanary",
  "modify",
  "modify",
] as const;

const faults: fc.Arbitrary<readonly Damaged[]> = fc.array(
  fc.tuple(fc.constantFrom(...QUESTIONS), damage),
  { minLength: 1, maxLength: 2 },
);
const HEALTHY_PLAN: Plan = { mutations: [], replaced: [], withSettings: false };

/**
 * The same rules as for made-up answers, with real connections over TLS whose bytes are damaged:
 * the client library's parser takes part.
 * @throws Error with the smallest damage that broke a rule, and the seed
 */
export async function fuzzWire(
  certificates: LocalCertificates,
  { runs, seed }: FuzzOptions,
): Promise<FuzzFigures> {
  const figures: FuzzFigures = { answers: 0, hostile: 0, operations: 0, writes: 0 };
  const server = await HostileServer.start(certificates);
  try {
    const planned = fc.oneof(fc.constant(HEALTHY_PLAN), plan);
    const property = fc.asyncProperty(
      fc.constantFrom(...OPERATIONS),
      planned,
      faults,
      (wished, planned, damages) => tryOne(server, { wished, planned, damages }, figures),
    );
    await fc.assert(property, { numRuns: runs, ...(seed !== undefined && { seed }) });
    return figures;
  } finally {
    await server.stop();
  }
}

interface Case {
  readonly wished: Wished;
  readonly planned: Plan;
  readonly damages: readonly Damaged[];
}

async function tryOne(
  server: HostileServer,
  { wished, planned, damages }: Case,
  figures: FuzzFigures,
): Promise<void> {
  const answers = new PlannedAnswers(planned, NEXT);
  const said = new Map<Question, Said | undefined>();
  const modifies: Certain[] = [];
  server.answer = (question) => answers.answer(question);
  server.reply = (question, { id }, healthy) => {
    const mine = damages.filter(([asked]) => asked === question);
    const bytes = mine.reduce((each, [, fault]) => damaged(each, fault, id), healthy);
    figures.answers += 1;
    if (mine.length > 0) figures.hostile += 1;
    if (question === "bind") return bytes;
    if (question === "modify") {
      figures.writes += 1;
      modifies.push(certainly(strictly(bytes, id)));
      if (!isPlainPerson(readOf(said, answers))) throw new NotPlain();
    } else said.set(question, strictly(bytes, id));
    return bytes;
  };
  const broken: unknown[] = [];
  const inner = server.reply;
  server.reply = (...asked) => {
    try {
      return inner(...asked);
    } catch (error) {
      broken.push(error);
      return Buffer.alloc(0);
    }
  };
  const told: string[] = [];
  const verdict = await runOn(server, wished, told);
  figures.operations += 1;
  figures.hostile += answers.hostile;
  if (broken.length > 0) throw broken[0];
  checkVerdict(verdict, modifies, told);
}

class NotPlain extends Error {
  override readonly message = "written to what is no plain person for certain";
}

async function runOn(server: HostileServer, wished: Wished, told: string[]) {
  const { url, servername, ca } = server;
  const access = {
    domainControllers: [{ url, servername }],
    ca,
    bindDn: "svc-writeback@corp.example",
    connections: 1,
    timeouts: PATIENCE,
  };
  const pool = openPool(access, async () => "Service-Zebrafish-53");
  try {
    const until = performance.now() + WAIT_MS;
    return await execute(requestOf({ ...wished, target } as never), {
      pool,
      settings: SETTINGS,
      remaining: () => until - performance.now(),
      guarded: (event, rules) => told.push(event, rules),
    });
  } finally {
    pool.close();
  }
}

/** The answers that count, as a strict reader has them. */
const readOf = (said: ReadonlyMap<Question, Said | undefined>, { names }: PlannedAnswers) => ({
  rootDse: said.get("rootDse")?.entries[0],
  found: said.get("find")?.entries,
  guarded: said.get("guard")?.entries,
  names: new DamagedNames(names),
  targetSid: TARGET_SID,
  now: NOW,
});

/** Names with a damaged byte in what stands before the unit count as well. */
class DamagedNames extends Map<string, Name> {
  override get(text: string): Name | undefined {
    const known = super.get(text);
    if (known || !text.toLowerCase().endsWith(`,${STAFF_OU.toLowerCase()}`)) return known;
    return { text, components: ["", ...STAFF_OU.toLowerCase().split(",")] };
  }
}

/** Only a whole answer to a modify is one. */
function certainly(said: Said | undefined): Certain {
  if (said?.result?.tag !== MODIFY_RESPONSE) return "nothing";
  return said.result.code === 0 ? "success" : "refusal";
}
