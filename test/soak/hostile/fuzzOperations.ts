import fc from "fast-check";
import { DomainController } from "../../../agent/directory/domainController.ts";
import { DirectoryPool } from "../../../agent/directory/pool.ts";
import { execute } from "../../../agent/operations/execute.ts";
import { requestOf } from "../../integration/agent/requests.ts";
import { type Plan, PlannedAnswers, plan } from "./answers.ts";
import { TARGET_SID } from "./healthy.ts";
import { HostileConnection, type Sent } from "./hostileConnection.ts";
import { isPlainPerson } from "./plainPerson.ts";
import {
  type Certain,
  checkVerdict,
  NEXT,
  OPERATIONS,
  SETTINGS,
  target,
  type Wished,
} from "./target.ts";

const WAIT_MS = 10_000;
/** A code that the client library uses for its own purposes. */
const NO_RESULT = 248;

export interface FuzzFigures {
  answers: number;
  hostile: number;
  operations: number;
  writes: number;
}

export interface FuzzOptions {
  /** Operations. */
  readonly runs: number;
  readonly seed?: number | undefined;
}

/**
 * Whole operations of the agent against answers that no sane directory gives. Nothing but a verdict
 * comes out of them; nothing is written unless all that was read says that it may; no success
 * without a definite answer; no password in any text.
 * @throws Error with the smallest plan that broke a rule, and the seed
 */
export async function fuzzOperations({ runs, seed }: FuzzOptions): Promise<FuzzFigures> {
  const figures: FuzzFigures = { answers: 0, hostile: 0, operations: 0, writes: 0 };
  const wish = fc.constantFrom(...OPERATIONS);
  const property = fc.asyncProperty(wish, plan, async (wished, planned) => {
    await tryOne(wished, planned, figures);
  });
  await fc.assert(property, { numRuns: runs, ...(seed !== undefined && { seed }) });
  return figures;
}

async function tryOne(wished: Wished, planned: Plan, figures: FuzzFigures): Promise<void> {
  const answers = new PlannedAnswers(planned, NEXT);
  const connections: HostileConnection[] = [];
  const open = () => {
    const connection = new HostileConnection((question) => answers.answer(question));
    connections.push(connection);
    return connection.open();
  };
  const controller = new DomainController({ open, idleMs: WAIT_MS, now: () => 0 });
  const pool = new DirectoryPool({ size: 1, controllers: [controller] });
  const told: string[] = [];
  const until = performance.now() + WAIT_MS;
  const verdict = await execute(requestOf({ ...wished, target } as never), {
    pool,
    settings: SETTINGS,
    remaining: () => until - performance.now(),
    guarded: (event, rules) => told.push(event, rules),
  }).finally(() => pool.close());
  figures.operations += 1;
  figures.hostile += answers.hostile;
  for (const connection of connections) {
    figures.answers += connection.answers;
    figures.writes += connection.sent.length;
  }
  checkWrites(connections, answers);
  const sent = connections.flatMap((connection) => connection.sent);
  const answered = sent.map(certainly);
  checkVerdict(verdict, answered, told);
  if (verdict.status === "unknown" && answered[0] !== "nothing")
    throw new Error(`unknown in spite of ${answered}`);
}

/**
 * Nothing is sent unless all that was read on the same connection says that it may be. A second
 * time it may be sent on another one, to the same account.
 */
function checkWrites(connections: readonly HostileConnection[], answers: PlannedAnswers): void {
  const [first, ...more] = connections.filter(({ sent }) => sent.length > 0);
  if (!first) return;
  const { delivered } = first;
  const read = {
    rootDse: delivered.get("rootDse")?.[0],
    found: delivered.get("find"),
    guarded: delivered.get("guard"),
    names: answers.names,
    targetSid: TARGET_SID,
    now: first.directoryTime ?? 0n,
  };
  if (!isPlainPerson(read)) throw new Error("written to what is no plain person for certain");
  for (const { sent } of more)
    if (sent[0]?.dn !== first.sent[0]?.dn) throw new Error("sent again to somebody else");
}

function certainly({ answer }: Sent): Certain {
  if (answer.kind === "done") return "success";
  const isRefusal = answer.kind === "refused" && answer.resultCode !== NO_RESULT;
  return isRefusal ? "refusal" : "nothing";
}
