import type { ServiceBusReceivedMessage } from "@azure/service-bus";
import { type Incoming, Listener, type Settlement } from "../../../../agent/relay/listener.ts";
import type { RelayClient } from "../../../../agent/relay/relayClient.ts";

type Process = (message: ServiceBusReceivedMessage) => Promise<void>;

/** As much of the SDK's receiver as the listener uses. */
class FakeReceiver {
  readonly events: string[] = [];
  /** The answer to its request to send nothing more. */
  drained = Promise.resolve();
  deliver: Process = async () => {};

  get isClosed(): boolean {
    return this.events.includes("closed");
  }
  subscribe({ processMessage }: { processMessage: Process }) {
    this.deliver = processMessage;
    return {
      close: async () => {
        await this.drained;
        this.events.push("suspended");
      },
    };
  }
  async completeMessage({ messageId }: ServiceBusReceivedMessage): Promise<void> {
    this.events.push(`completed ${messageId}`);
  }
  async abandonMessage({ messageId }: ServiceBusReceivedMessage): Promise<void> {
    this.events.push(`abandoned ${messageId}`);
  }
  async close(): Promise<void> {
    this.events.push("closed");
  }
}

function listenerWith(handle: (message: Incoming) => Promise<Settlement>, maximumJobs = 8) {
  const receivers: FakeReceiver[] = [];
  const relay = {
    whenReplaced: () => {},
    current: {
      createReceiver: () => {
        const receiver = new FakeReceiver();
        receivers.push(receiver);
        return receiver;
      },
    },
  } as unknown as RelayClient;
  const log = () => {};
  const options = { relay, connector: "corp", maximumJobs, handle, log, pauseMs: 1 };
  return { listener: new Listener(options), receivers };
}

const message = (messageId: string) => ({ messageId }) as ServiceBusReceivedMessage;
const until = async (condition: () => boolean): Promise<void> => {
  const end = Date.now() + 2_000;
  while (!condition() && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 1));
  expect(condition()).toBe(true);
};

test("a pause ends one link and starts another: none is left open", async () => {
  const { listener, receivers } = listenerWith(async () => "putBack");
  listener.start();
  for (let pauses = 1; pauses <= 5; pauses += 1) {
    void receivers.at(-1)?.deliver(message(`m${pauses}`));
    await until(() => receivers.length === pauses + 1);
  }
  await until(() => receivers.filter(({ isClosed }) => !isClosed).length === 1);
  expect(receivers[0]?.events).toEqual(["suspended", "abandoned m1", "closed"]);
  void listener.stop("stopping");
  await until(() => receivers.every(({ isClosed }) => isClosed));
});

test("a link stays open until the last message that came on it is settled", async () => {
  const ends = new Map<string | undefined, (settlement: Settlement) => void>();
  const { listener, receivers } = listenerWith(
    ({ messageId }) => new Promise((resolve) => ends.set(messageId, resolve)),
  );
  listener.start();
  const [receiver] = receivers;
  for (const id of ["a", "b"]) void receiver?.deliver(message(id));
  await until(() => ends.size === 2);
  void listener.stop("stopping");
  ends.get("a")?.("complete");
  await until(() => receiver?.events.length === 2);
  expect(receiver?.events).toEqual(["suspended", "completed a"]);
  ends.get("b")?.("complete");
  await until(() => receiver?.isClosed === true);
  expect(receiver?.events).toEqual(["suspended", "completed a", "completed b", "closed"]);
});

test("a stop is over once the relay hands over nothing more", async () => {
  const handled: unknown[] = [];
  const { listener, receivers } = listenerWith(async ({ messageId }) => {
    handled.push(messageId);
    return "complete";
  });
  listener.start();
  const [receiver] = receivers as [FakeReceiver];
  const { promise, resolve: drain } = Promise.withResolvers<void>();
  receiver.drained = promise;
  let isQuiet = false;
  const quiet = listener.stop("stopping").then(() => {
    isQuiet = true;
  });
  await receiver.deliver(message("on its way"));
  expect([isQuiet, handled]).toEqual([false, ["on its way"]]);
  drain();
  await quiet;
  expect(receiver.events).toContain("suspended");
});

test("no more jobs than allowed at once, those of an ended link included", async () => {
  const atWork = new Map<string | undefined, (settlement: Settlement) => void>();
  let most = 0;
  const { listener, receivers } = listenerWith(async ({ messageId }) => {
    if (messageId === "not mine") return "putBack";
    const end = new Promise<Settlement>((resolve) => atWork.set(messageId, resolve));
    most = Math.max(most, atWork.size);
    return end.finally(() => atWork.delete(messageId));
  }, 2);
  listener.start();
  void receivers[0]?.deliver(message("a"));
  void receivers[0]?.deliver(message("not mine"));
  await until(() => receivers.length === 2);
  const settled = ["b", "c", "d"].map((id) => receivers[1]?.deliver(message(id)));
  await until(() => atWork.size === 2);
  expect([...atWork.keys()]).toEqual(["a", "b"]);
  for (const id of ["a", "b", "c", "d"]) {
    await until(() => atWork.has(id));
    atWork.get(id)?.("complete");
  }
  await Promise.all(settled);
  expect(most).toBe(2);
  void listener.stop("stopping");
});
