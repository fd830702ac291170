import { randomBytes, randomUUID } from "node:crypto";
import { compareAndSet, setPassword, unlocked } from "../../agent/directory/changes.ts";
import { DirectoryConnection } from "../../agent/directory/connection.ts";
import { DomainController } from "../../agent/directory/domainController.ts";
import { findAccount } from "../../agent/directory/findAccount.ts";
import { guardSettings } from "../../agent/directory/guard/settings.ts";
import { policyHints } from "../../agent/directory/policyHints.ts";
import { DirectoryPool } from "../../agent/directory/pool.ts";
import { execute } from "../../agent/operations/execute.ts";
import type { Job, OperationSettings } from "../../agent/operations/job.ts";
import { guidDn } from "../../local/accounts/identifiers.ts";
import type { LocalDirectory } from "../../local/localDirectory.ts";
import { CANARY, CONNECTOR, SERVICE_ACCOUNT, userPrincipalName } from "../../local/samples.ts";
import { TENANT_ID } from "../../local/stack/tenant.ts";
import { REQUEST_VERSION, type ResetRequest } from "../../protocol/request.ts";
import { load, type Operation } from "./load.ts";
import { freshPassword, type Person, personFor } from "./people.ts";
import { RoundTrips } from "./roundTrips.ts";
import { type Figures, percentile, Timings } from "./timings.ts";

/** Milliseconds: a loaded machine makes the bench slow, and must not end it. */
const PATIENCE_MS = 60_000;
const TIMEOUTS = { connect: PATIENCE_MS, search: PATIENCE_MS, modify: PATIENCE_MS };

/** What of the agent's work on a reset is done. */
export const STEPS = ["bare reset", "main job", "with guards"] as const;
export type Step = (typeof STEPS)[number];

export interface StepFigures extends Figures {
  readonly directory: LocalDirectory["kind"];
  readonly step: Step;
  /** LDAP round trips of an operation: of the median one, and of the one that needed most. */
  readonly roundTrips: { readonly usual: number; readonly most: number };
}

/**
 * The agent's directory work alone, one operation at a time on one connection: a bare modify; the
 * account found and written with compare-and-set; and all of it, with the guards before, the
 * policy that a refusal would be explained with, and what is looked at afterwards.
 */
export async function measureAgentAlone(
  directory: LocalDirectory,
  people: readonly Person[],
  plan: { readonly count: number; readonly rounds: number },
): Promise<StepFigures[]> {
  const { url, ca, servername } = directory;
  const bindDn = userPrincipalName(SERVICE_ACCOUNT);
  const connection = await DirectoryConnection.open(
    { url, ca, servername, bindDn, timeouts: TIMEOUTS },
    SERVICE_ACCOUNT.password,
  );
  const trips = new RoundTrips();
  trips.on(connection);
  const ways = waysOf(connection, directory);
  try {
    const timings = STEPS.map(() => ({ time: new Timings(), trips: [] as number[] }));
    for (let round = 0; round < plan.rounds; round += 1)
      for (const [at, step] of STEPS.entries()) {
        const counted: Operation = async (worker, turn) => {
          const before = trips.count;
          await ways[step](personFor(people, 1, worker, turn));
          timings[at]?.trips.push(trips.count - before);
        };
        await load(Math.ceil(plan.count / plan.rounds), 1, counted, timings[at]?.time);
      }
    return timings.map(({ time, trips: each }, at) => ({
      directory: directory.kind,
      step: STEPS[at] as Step,
      ...time.figures(),
      roundTrips: { usual: percentile(each, 50), most: percentile(each, 100) },
    }));
  } finally {
    connection.close();
  }
}

function waysOf(
  connection: DirectoryConnection,
  { baseDn }: LocalDirectory,
): Readonly<Record<Step, (person: Person) => Promise<void>>> {
  const settings: OperationSettings = {
    baseDn,
    sourceAnchorAttribute: "mS-DS-ConsistencyGuid",
    canary: userPrincipalName(CANARY),
    allowWeakerEnforcement: true,
    guard: guardSettings.parse({}),
  };
  const controller = new DomainController({
    open: async () => connection,
    idleMs: PATIENCE_MS,
    now: () => performance.now(),
  });
  const job: Job = {
    pool: new DirectoryPool({ controllers: [controller], size: 1 }),
    settings,
    remaining: () => PATIENCE_MS,
  };
  const hints = policyHints(connection.rootDse);
  const controls = hints ? [hints] : [];
  const modify = async (...asked: Parameters<DirectoryConnection["modify"]>): Promise<void> => {
    const { kind } = await connection.modify(...asked);
    if (kind !== "applied") throw new Error(`a modify ended as ${kind}`);
  };
  return {
    "bare reset": ({ objectGuid }) =>
      modify(guidDn(objectGuid), [setPassword(freshPassword())], controls),
    "main job": async (person) => {
      const { dn, pwdLastSet = 0n } = await findAccount(connection, person, settings);
      const age = compareAndSet(pwdLastSet, "-1");
      await modify(dn, [setPassword(freshPassword()), ...age, unlocked()], controls);
    },
    "with guards": async (person) => {
      const { status, code } = await execute(resetOf(person), job);
      if (status !== "succeeded") throw new Error(`a reset ended as ${code ?? status}`);
    },
  };
}

const resetOf = (target: Person): ResetRequest => ({
  version: REQUEST_VERSION,
  iss: TENANT_ID,
  aud: CONNECTOR,
  jti: randomUUID(),
  iat: 0,
  exp: 0,
  origin: "portal",
  requester: { id: "bench" },
  replyKey: randomBytes(32).toString("base64url"),
  trackingId: randomUUID(),
  operation: "reset",
  target,
  newPassword: freshPassword(),
  mustChange: false,
});
