import { once } from "node:events";
import WebSocket from "ws";
import type { TestBroker } from "./startTestBroker.ts";

/** A WebSocket to the broker without a client behind it. Rejects if the broker refuses it. */
export async function openSocket(
  under: TestBroker,
  path = "/$servicebus/websocket",
  protocol = "AMQPWSB10",
): Promise<WebSocket> {
  const url = `${under.broker.url.replace("https:", "wss:")}${path}`;
  const socket = new WebSocket(url, [protocol], { ca: under.ca! });
  await once(socket, "open");
  return socket;
}
