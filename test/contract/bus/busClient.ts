import { ServiceBusClient } from "@azure/service-bus";
import WebSocket, { type ClientOptions } from "ws";
import type { BusUnderTest, Who } from "./busUnderTest.ts";

/** A client of the bus, as production makes it, whose sockets a test can cut. */
export interface BusClient {
  readonly bus: ServiceBusClient;
  /** Cuts its connections without a word, as the end of its process would. */
  cut(): void;
}

/** The retry options are made anew for each client, because the SDK changes them. */
export function busClient(under: BusUnderTest, who: Who): BusClient {
  const sockets: WebSocket[] = [];
  class TrackedWebSocket extends WebSocket {
    constructor(url: string, protocols?: string | string[], options?: ClientOptions) {
      super(url, protocols, options);
      sockets.push(this);
    }
  }
  const bus = new ServiceBusClient(under.namespace, under.credential(who), {
    ...(under.customEndpointAddress ? { customEndpointAddress: under.customEndpointAddress } : {}),
    retryOptions: { maxRetries: 0, retryDelayInMs: 200, timeoutInMs: 2000 },
    webSocketOptions: {
      webSocket: TrackedWebSocket,
      webSocketConstructorOptions: under.ca ? { ca: under.ca } : {},
    },
  });
  return {
    bus,
    cut: () => {
      for (const socket of sockets) socket.terminate();
    },
  };
}
