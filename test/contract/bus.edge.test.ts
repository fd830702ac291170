import { once } from "node:events";
import { connect } from "node:net";
import { ServiceBusClient } from "@azure/service-bus";
import WebSocket from "ws";
import { startBroker } from "../../local/broker/startBroker.ts";
import { type BusClient, busClient } from "./bus/busClient.ts";
import { until } from "./bus/context.ts";
import { openSocket } from "./bus/openSocket.ts";
import { startTestBroker, type TestBroker } from "./bus/startTestBroker.ts";
import { queues } from "./bus/suiteQueues.ts";

/** Deliveries that rhea keeps for one AMQP session. */
const RHEA_WINDOW = 2048;

describe("the edge of the local broker", () => {
  let under: TestBroker;
  let owner: BusClient;
  const { name } = queues.rights;

  beforeAll(async () => {
    under = await startTestBroker();
    owner = busClient(under, "owner");
  });
  afterAll(async () => {
    await owner.bus.close();
    await under.stop();
    expect(under.internalErrors).toEqual([]);
  });

  test("a WebSocket on the path and with the sub-protocol of Service Bus is taken", async () => {
    const socket = await openSocket(under);
    expect(socket.protocol).toBe("AMQPWSB10");
    socket.terminate();
  });

  test.each([
    ["/$servicebus/websocket", "amqp"],
    ["/", "AMQPWSB10"],
  ])("a WebSocket on %s with the sub-protocol %s is refused", async (path, protocol) => {
    await expect(openSocket(under, path, protocol)).rejects.toThrow();
  });

  test("AMQP without TLS gets no AMQP answer", async () => {
    const socket = connect(under.broker.port, "127.0.0.1");
    const heard: Buffer[] = [];
    socket.on("data", (data: Buffer) => heard.push(data)).on("error", () => {});
    socket.write(Buffer.from("AMQP\x00\x01\x00\x00", "latin1"));
    await once(socket, "close");
    expect(Buffer.concat(heard).includes("AMQP")).toBe(false);
  });

  test("a shared access key opens nothing", async () => {
    const key = `SharedAccessKeyName=any;SharedAccessKey=${Buffer.alloc(32).toString("base64")}`;
    const bus = new ServiceBusClient(`Endpoint=sb://${under.namespace}/;${key}`, {
      customEndpointAddress: under.broker.url,
      retryOptions: { maxRetries: 0, timeoutInMs: 2000 },
      webSocketOptions: {
        webSocket: WebSocket as never,
        webSocketConstructorOptions: { ca: under.ca! },
      },
    });
    const send = bus.createSender(name).sendMessages({ body: "b" });
    await expect(send).rejects.toMatchObject({ code: "UnauthorizedAccess" });
    await bus.close();
  });

  test("a link is closed when its token expires, and a new one needs a new token", async () => {
    const brief = busClient(
      { ...under, credential: () => under.issuer.credential("owner", 1500) },
      "owner",
    );
    const codes: unknown[] = [];
    const subscription = brief.bus.createReceiver(name).subscribe({
      processMessage: async () => {},
      processError: async ({ error }) => {
        codes.push("code" in error ? error.code : error.message);
      },
    });
    await until(async () => codes.length > 0);
    expect(codes).toContain("UnauthorizedAccess");
    await subscription.close();
    await brief.bus.close();
  });

  test("a token that cannot be checked is refused at once, and the broker says so", async () => {
    const failure = new Error("no keys");
    const told: unknown[] = [];
    const broker = await startBroker({
      queues: [queues.rights],
      certificate: under.certificate,
      verifyToken: () => Promise.reject(failure),
      mayUse: () => true,
      onInternalError: (error) => told.push(error),
    });
    const { bus } = busClient({ ...under, customEndpointAddress: broker.url }, "owner");
    await expect(bus.createSender(name).sendMessages({ body: "b" })).rejects.toThrow();
    expect(told).toEqual([failure]);
    await bus.close();
    await broker.stop();
  });

  test("links do not stop where rhea's window ends", async () => {
    const total = RHEA_WINDOW + 100;
    const sender = owner.bus.createSender(name);
    for (let sent = 0; sent < total; sent += 50) {
      await sender.sendMessages(Array.from({ length: 50 }, () => ({ body: "b" })));
    }
    const receiver = owner.bus.createReceiver(name);
    const subscription = receiver.subscribe(
      { processMessage: async () => {}, processError: async () => {} },
      { maxConcurrentCalls: 50 },
    );
    const { stats } = under.broker.queue(name);
    await until(async () => stats.completed >= total, 15_000);
    await subscription.close();
    for (let asked = 0; asked < total; asked += 50) {
      await Promise.all(Array.from({ length: 50 }, () => receiver.peekMessages(1)));
    }
    expect(under.broker.queue(name).size).toBe(0);
  });

  test("a second broker cannot take the same port", async () => {
    const second = startBroker({
      queues: [],
      certificate: { certificate: "", key: "" },
      port: under.broker.port,
      verifyToken: async () => undefined,
      mayUse: () => false,
    });
    await expect(second).rejects.toThrow();
  });
});
