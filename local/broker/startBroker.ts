import type { QueueDescription } from "../../protocol/queues.ts";
import { parseAddress } from "./amqp/address.ts";
import { BrokerConnection } from "./amqp/brokerConnection.ts";
import type { Edge } from "./amqp/edge.ts";
import { createContainer } from "./amqp/rhea.ts";
import { type Traffic, WebSocketStream } from "./amqp/webSocketStream.ts";
import type { MayUse, VerifyToken } from "./authorisation.ts";
import { type Clock, systemClock } from "./clock.ts";
import type { Queue } from "./engine/queue.ts";
import type { Faults } from "./faults.ts";
import { Queues } from "./queues.ts";
import { listenForWebSockets } from "./webSocketEndpoint.ts";

/** Milliseconds; that of the service [service-bus.md 2.1]. */
const IDLE_TIMEOUT_MS = 120_000;
const MAX_FRAME_SIZE = 65_536;
const CHANNEL_MAX = 4999;

export interface BrokerOptions {
  readonly queues: readonly QueueDescription[];
  /** PEM texts; for example a `Leaf` of `local/certificates.ts` for 127.0.0.1. */
  readonly certificate: { readonly certificate: string; readonly key: string };
  /** 0, the default: a free one. */
  readonly port?: number;
  readonly verifyToken: VerifyToken;
  readonly mayUse: MayUse;
  readonly clock?: Clock;
  /** Told of mistakes of the broker itself. Default: standard error. */
  readonly onInternalError?: (error: unknown) => void;
}

/** A running Service Bus stand-in. */
export interface Broker {
  /** For the client's `customEndpointAddress`. */
  readonly url: string;
  readonly port: number;
  readonly faults: Faults;
  /** Clients that are connected. */
  readonly connections: number;
  readonly traffic: Readonly<Traffic>;
  /** A queue by name, or `NAME/$DeadLetterQueue`. Throws `amqp:not-found`. */
  queue(name: string): Queue;
  /** Cuts every connection and forgets every message. */
  stop(): Promise<void>;
}

/** Rejects if the port is taken. */
export async function startBroker(options: BrokerOptions): Promise<Broker> {
  const clock = options.clock ?? systemClock;
  const queues = new Queues(options.queues, clock);
  const connections = new Set<BrokerConnection>();
  const faults = faultsOn(connections);
  const traffic: Traffic = { received: 0, sent: 0 };
  const edge: Edge = {
    queues,
    clock,
    verifyToken: options.verifyToken,
    mayUse: options.mayUse,
    faults,
    onInternalError: options.onInternalError ?? ((error) => console.error("broker:", error)),
  };
  const container = amqpContainer();
  const endpoint = await listenForWebSockets({
    certificate: options.certificate,
    port: options.port ?? 0,
    refuse: () => faults.refuseConnections,
    onSocket: (socket) => {
      const amqp = container.create_connection({
        idle_time_out: IDLE_TIMEOUT_MS,
        max_frame_size: MAX_FRAME_SIZE,
        channel_max: CHANNEL_MAX,
      });
      const connection = new BrokerConnection(edge, amqp, new WebSocketStream(socket, traffic));
      connections.add(connection);
      socket.once("close", () => {
        connections.delete(connection);
        connection.forget();
      });
    },
  });
  return {
    url: `https://127.0.0.1:${endpoint.port}`,
    port: endpoint.port,
    faults,
    traffic,
    get connections() {
      return connections.size;
    },
    queue: (name) => queues.find(parseAddress(name)),
    stop: async () => {
      await endpoint.stop();
      queues.stop();
    },
  };
}

/** SASL is anonymous as on the service: who a client is says its token, shown to `$cbs`. */
function amqpContainer() {
  const container = createContainer({
    id: "local-broker",
    sender_options: { autosettle: false, treat_modified_as_released: false },
    receiver_options: { autoaccept: false, credit_window: 1000 },
  });
  container.sasl_server_mechanisms.enable_anonymous();
  return container;
}

const faultsOn = (connections: ReadonlySet<BrokerConnection>): Faults => ({
  refuseConnections: false,
  dropConnections: () => {
    for (const each of connections) each.drop();
  },
  closeConnections: (error) => {
    for (const each of connections) each.close(error);
  },
  detach: (address, error) => {
    for (const each of connections) each.detach(address, error);
  },
  silence: () => {
    const silenced = [...connections];
    for (const each of silenced) each.silence();
    return () => {
      for (const each of silenced) each.drop();
    };
  },
});
