import rhea from "rhea";
import WebSocket from "ws";
import type { TestBroker } from "./startTestBroker.ts";

type Details = () => rhea.ConnectionDetails;

/**
 * Attaches a sender to a queue without showing a token first, which the client never does.
 * Resolves to the condition of the broker's refusal; rejects if it is let in, or if the broker
 * does not answer within `waitMs`.
 */
export async function bareAttach(
  under: TestBroker,
  queue: string,
  waitMs: number,
): Promise<string> {
  const url = `${under.broker.url.replace("https:", "wss:")}/$servicebus/websocket`;
  const dial = rhea.websocket_connect(WebSocket);
  const connection = rhea.create_container().connect({
    port: under.broker.port,
    reconnect: false,
    // rhea's typings do not let its own result in.
    connection_details: dial(url, ["AMQPWSB10"], { ca: under.ca }) as unknown as Details,
  });
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  connection.on("connection_error", () => {});
  connection.on("disconnected", () => reject(new Error("disconnected")));
  connection.open_sender(queue).on("sender_error", ({ sender }: rhea.EventContext) => {
    resolve(String((sender?.error as rhea.AmqpError | undefined)?.condition));
  });
  connection.on("sendable", () => reject(new Error("let in")));
  const timer = setTimeout(() => reject(new Error("no answer")), waitMs);
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    connection.close();
  }
}
