import { setTimeout as delay } from "node:timers/promises";
import { ManagedIdentityCredential } from "@azure/identity";
import { Relay } from "../../functions/relay/relay.ts";
import { CONNECTOR } from "../../local/samples.ts";
import type { Stack } from "../../local/stack/startStack.ts";
import { NAMESPACE } from "../../local/stack/tenant.ts";
import { openReply } from "../../protocol/reply.ts";
import { BusCounters } from "./busCounters.ts";
import { load } from "./load.ts";
import { type Person, personFor } from "./people.ts";
import { AT_A_TIME, type AtATime, type RelayPlan } from "./plan.ts";
import { processorMs, residentMiB } from "./processFacts.ts";
import { requestSealer, type SealedRequest } from "./requestSealer.ts";
import { type Figures, Timings } from "./timings.ts";

const WAIT_MS = 20_000;
const TIME_TO_LIVE_MS = 120_000;

/** Resident memory of the agent in MiB, after so many operations. */
export interface MemorySample {
  readonly operations: number;
  readonly residentMiB: number;
}

export interface RelayFigures {
  readonly rows: readonly ({ readonly atATime: AtATime } & Figures)[];
  /** On both queues together. */
  readonly messagesPerOperation: number;
  /** Sealed bodies, request and reply. */
  readonly bodyBytesPerOperation: number;
  /** AMQP through the broker's WebSockets, both halves, both directions, with all that is around
   * a body: properties, credit, settlement. */
  readonly wireBytesPerOperation: number;
  readonly agentProcessorMsPerOperation: number;
  /** The first before any operation, the last after a pause at the end. */
  readonly memory: readonly MemorySample[];
}

/**
 * Relay and agent alone: resets that were sealed beforehand, put on the bus and answered, without
 * HTTP and tables.
 */
export async function measureRelay(
  stack: Stack,
  people: readonly Person[],
  plan: RelayPlan,
): Promise<RelayFigures> {
  const { identity, applications, broker } = stack;
  process.env.IDENTITY_ENDPOINT = identity.managedIdentityEndpoint;
  process.env.IDENTITY_HEADER = identity.managedIdentityHeader;
  const { clientId } = applications.functions;
  const credential = new ManagedIdentityCredential({ clientId });
  const seal = await requestSealer(stack, credential);
  const settings = { namespace: NAMESPACE, endpoint: broker.url, credential };
  const relay = new Relay(settings, { info: () => {}, error: () => {} });
  relay.start([CONNECTOR]);
  const { pid } = stack.processes.agent;
  const memory: MemorySample[] = [];
  let done = 0;
  const sample = (): void => {
    memory.push({ operations: done, residentMiB: residentMiB(pid) });
  };
  const counters = new BusCounters(broker);

  const run = async (count: number, atATime: AtATime, timings?: Timings): Promise<void> => {
    for (let left = count; left > 0; left -= plan.batch) {
      const size = Math.min(left, plan.batch);
      const sealed: SealedRequest[][] = Array.from({ length: atATime }, () => []);
      for (let made = 0; made < size; made += 1) {
        const [worker, turn] = [made % atATime, Math.floor(made / atATime)];
        sealed[worker]?.push(await seal(personFor(people, atATime, worker, turn)));
      }
      await counters.during(() =>
        load(size, atATime, (worker) => exchange(relay, sealed, worker, counters), timings),
      );
      done += size;
      sample();
    }
  };

  try {
    await delay(plan.idleMs);
    sample();
    await run(plan.warmUp, 8);
    counters.reset();
    const processor = processorMs(pid);
    const before = done;
    const rows = [];
    for (const atATime of AT_A_TIME) {
      const timings = new Timings();
      await run(plan.counts[atATime], atATime, timings);
      rows.push({ atATime, ...timings.figures() });
    }
    const operations = done - before;
    const agentProcessorMsPerOperation = (processorMs(pid) - processor) / operations;
    await delay(plan.idleMs);
    sample();
    return { rows, ...counters.perOperation(operations), agentProcessorMsPerOperation, memory };
  } finally {
    await relay.stop();
  }
}

/** One request over the bus, of those that were sealed for this worker or, last, for another. */
async function exchange(
  relay: Relay,
  sealed: SealedRequest[][],
  worker: number,
  counters: BusCounters,
): Promise<void> {
  const request = sealed[worker]?.pop() ?? sealed.find((left) => left.length > 0)?.pop();
  if (!request) throw new Error("no sealed request is left");
  const { id, trackingId, replyKey, body } = request;
  const outcome = await relay.call(
    { connector: CONNECTOR, id, trackingId, body, timeToLive: TIME_TO_LIVE_MS, wait: WAIT_MS },
    (reply) => {
      counters.addBodies(body, reply);
      return openReply(reply, replyKey, id);
    },
  );
  if (outcome?.status !== "succeeded")
    throw new Error(`a request ended as ${outcome?.code ?? "unknown"}`);
}
