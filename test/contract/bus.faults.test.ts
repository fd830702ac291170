import { randomUUID } from "node:crypto";
import { once } from "node:events";
import type { OperationOptionsBase, ServiceBusReceiver } from "@azure/service-bus";
import type { FaultHooks } from "../../local/broker/faults.ts";
import { bareAttach } from "./bus/bareAttach.ts";
import { type BusClient, busClient } from "./bus/busClient.ts";
import { next, unrenewed, until } from "./bus/context.ts";
import { openSocket } from "./bus/openSocket.ts";
import { startTestBroker, type TestBroker } from "./bus/startTestBroker.ts";
import { queues } from "./bus/suiteQueues.ts";

const { name } = queues.send;
const FORCED = { condition: "amqp:connection:forced", description: "moving" };
const BUSY = { condition: "com.microsoft:server-busy", description: "busy" };
const HOOKS = ["putToken", "attach", "transfer", "disposition", "management"] as const;

describe("faults of the local broker", () => {
  let under: TestBroker;
  const clients: BusClient[] = [];
  const client = (): BusClient => {
    const made = busClient(under, "owner");
    clients.push(made);
    return made;
  };
  const send = (from: BusClient = client(), options: OperationOptionsBase = {}) =>
    from.bus.createSender(name).sendMessages({ messageId: randomUUID(), body: "b" }, options);
  const drain = async (receiver: ServiceBusReceiver) =>
    receiver.completeMessage(await next(receiver));

  beforeAll(async () => {
    under = await startTestBroker();
  });
  afterEach(async () => {
    const { faults } = under.broker;
    for (const hook of HOOKS) faults[hook] = undefined;
    faults.refuseConnections = false;
    await Promise.all(clients.splice(0).map(({ bus }) => bus.close()));
    expect(under.internalErrors).toEqual([]);
  });
  afterAll(() => under.stop());

  test.each<[string, () => void]>([
    ["dropped connections", () => under.broker.faults.dropConnections()],
    ["closed connections", () => under.broker.faults.closeConnections(FORCED)],
    ["detached links", () => under.broker.faults.detach(/suite-send/, FORCED)],
  ])("a subscription survives %s", async (_, fail) => {
    const { bus } = client();
    const bodies: unknown[] = [];
    const subscription = bus.createReceiver(name).subscribe({
      processMessage: async (message) => {
        bodies.push(message.messageId);
      },
      processError: async () => {},
    });
    await send();
    await until(async () => bodies.length === 1 && under.broker.queue(name).size === 0);
    fail();
    await send();
    await until(async () => bodies.length === 2 && under.broker.queue(name).size === 0);
    await subscription.close();
  });

  test("while connections are refused nothing works; then it does", async () => {
    under.broker.faults.refuseConnections = true;
    under.broker.faults.dropConnections();
    await expect(send()).rejects.toThrow();
    under.broker.faults.refuseConnections = false;
    const own = client();
    await send(own);
    await drain(own.bus.createReceiver(name));
  });

  test.each<[string, FaultHooks, string]>([
    ["a refused token", { putToken: () => BUSY }, "ServiceBusy"],
    ["a refused attach", { attach: () => BUSY }, "ServiceBusy"],
    ["a refused message", { transfer: () => BUSY }, "ServiceBusy"],
    ["a message without an answer", { transfer: () => "ignore" }, "ServiceTimeout"],
  ])("%s: the send fails, and nothing is stored", async (_, hooks, code) => {
    Object.assign(under.broker.faults, hooks);
    await expect(send()).rejects.toMatchObject({ code });
    expect(under.broker.queue(name).size).toBe(0);
  });

  test("a token without an answer: the send waits for as long as it is let", async () => {
    under.broker.faults.putToken = () => "ignore";
    const waiting = send(client(), { abortSignal: AbortSignal.timeout(500) });
    await expect(waiting).rejects.toMatchObject({ name: "AbortError" });
    expect(under.broker.queue(name).size).toBe(0);
  });

  test("an attach without an answer", async () => {
    under.broker.faults.attach = () => "ignore";
    await expect(bareAttach(under, name, 300)).rejects.toThrow("no answer");
    under.broker.faults.attach = undefined;
    expect(await bareAttach(under, name, 2000)).toBe("amqp:unauthorized-access");
  });

  test("a message stored but not acknowledged: the send fails, and it is there", async () => {
    under.broker.faults.transfer = () => "unacknowledged";
    const own = client();
    await expect(send(own)).rejects.toMatchObject({ code: "ServiceTimeout" });
    expect(under.broker.queue(name).size).toBe(1);
    await drain(own.bus.createReceiver(name));
  });

  test("settling can be refused or ignored; the message comes again", async () => {
    const own = client();
    const queue = queues.settle.name;
    await own.bus.createSender(queue).sendMessages({ body: "b" });
    const receiver = unrenewed(own, queue);
    const complete = async () => receiver.completeMessage(await next(receiver));
    under.broker.faults.disposition = () => ({
      condition: "com.microsoft:message-lock-lost",
      description: "lost",
    });
    await expect(complete()).rejects.toMatchObject({ code: "MessageLockLost" });
    under.broker.faults.disposition = () => "ignore";
    await expect(complete()).rejects.toMatchObject({ code: "ServiceTimeout" });
    under.broker.faults.disposition = undefined;
    await complete();
    expect(under.broker.queue(queue).stats).toMatchObject({ delivered: 3, completed: 1 });
  });

  test("management can be refused or ignored, by operation", async () => {
    const receiver = client().bus.createReceiver(name);
    await send();
    const asked: string[] = [];
    under.broker.faults.management = (address, operation) => {
      asked.push(`${address} ${operation}`);
      return operation.endsWith("renew-lock") ? BUSY : "ignore";
    };
    const message = await next(receiver);
    await expect(receiver.renewMessageLock(message)).rejects.toMatchObject({ code: "ServiceBusy" });
    await expect(receiver.peekMessages(1)).rejects.toMatchObject({ code: "ServiceTimeout" });
    expect(asked).toContain("suite-send/$management com.microsoft:peek-message");
    await receiver.completeMessage(message);
  });

  test("a silent broker answers no ping, and its sockets stay open", async () => {
    const socket = await openSocket(under);
    const pong = () => {
      const heard = once(socket, "pong", { signal: AbortSignal.timeout(300) });
      socket.ping();
      return heard;
    };
    await pong();
    const end = under.broker.faults.silence();
    await expect(pong()).rejects.toThrow();
    expect(socket.readyState).toBe(socket.OPEN);
    const later = client();
    await send(later);
    await drain(later.bus.createReceiver(name));
    const closed = once(socket, "close");
    end();
    await closed;
  });
});
