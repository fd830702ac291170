import { writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { TableClient } from "@azure/data-tables";
import { routes } from "../../functions/routes.ts";
import type { SimulatedDirectory } from "../../local/directory/simulatedDirectory.ts";
import { startSimulatedDirectory } from "../../local/directory/startSimulatedDirectory.ts";
import type { SampleUser } from "../../local/samples.ts";
import { type Stack, startStack } from "../../local/stack/startStack.ts";
import { disguises, hits, type Place } from "../canaries.ts";
import { until } from "../integration/agent/scriptedCloud.ts";
import { Caller, type GoodCall, goodCalls, type Heard, sample } from "./canary/calls.ts";
import { filesOf, messagesOf, processes, rowsOf, temporaryFiles } from "./canary/places.ts";
import { PASSWORDS, secretsOf } from "./canary/secrets.ts";

const QUEUE = "requests-corp";
const began = Date.now();

let stack: Stack;
let directory: SimulatedDirectory;
let caller: Caller;
let good: Readonly<Record<string, GoodCall>>;
let secrets: Record<string, string>;
/** How each route's good call ended, and each failure that was provoked. */
const ended: [string, number][] = [];
const failures: Record<string, string | undefined> = {};
/** What the bus and the processes looked like while a password was on its way. */
const onTheWay: Place[] = [];

const operator = () => ({
  getToken: async (scopes: string | string[]) => ({
    token: await stack.identity.mintToken({
      audience: String([scopes].flat()[0]).replace(/\/\.default$/, ""),
      subject: { kind: "app", application: stack.applications.operator },
    }),
    expiresOnTimestamp: Date.now() + 3_600_000,
  }),
});

const reset = async (user: SampleUser, newPassword: string): Promise<Heard> => {
  const [route] = routes.filter(({ name }) => name === "selfServiceResetPassword");
  if (!route) throw new Error("no such route");
  const proof = { methods: ["mobilePhone"], time: new Date().toISOString() };
  return caller.call(route, await stack.tokens.portal(), { user: user.id, newPassword, proof });
};
const change = async (currentPassword: string, newPassword: string): Promise<Heard> => {
  const [route] = routes.filter(({ name }) => name === "changeOwnPassword");
  if (!route) throw new Error("no such route");
  return caller.call(route, await stack.tokens.user(), { currentPassword, newPassword });
};

/** An agent that takes a request and does not get to it: the password lies on the bus. */
async function heldUp(): Promise<string | undefined> {
  const { agent } = stack.processes;
  const queue = stack.broker.queue(QUEUE);
  agent.kill("SIGSTOP");
  const { size } = queue;
  const answer = reset(sample("neverExpires"), PASSWORDS.silent);
  await until("it is on the bus", () => queue.size > size);
  onTheWay.push(...messagesOf(stack), ...processes());
  const { code } = await answer;
  agent.kill("SIGCONT");
  return code;
}

async function provokeFailures(): Promise<void> {
  failures.policy = (await change(PASSWORDS.own, PASSWORDS.own)).code;
  failures.wrong = (await change(PASSWORDS.wrong, PASSWORDS.refused)).code;
  failures.protected = (await reset(sample("protected"), PASSWORDS.refused)).code;
  failures.scope = (await reset(sample("outOfScope"), PASSWORDS.refused)).code;
  failures.cloudOnly = (await reset(sample("cloudOnly"), PASSWORDS.refused)).code;
  directory.faults.next("modify", { kind: "refuse", code: 53, diagnostic: "0000052D: SvcErr" });
  failures.refused = (await reset(sample("mustChange"), PASSWORDS.refused)).code;
  directory.faults.next("modify", { kind: "drop", applied: false });
  const { modifies } = directory.counters;
  const dropped = reset(sample("recentlyChanged"), PASSWORDS.dropped);
  await until("it was sent and dropped", () => directory.counters.modifies > modifies);
  // Beside the other one: each of them takes the whole wait.
  failures.silent = await heldUp();
  failures.dropped = (await dropped).code;
  await stack.processes.agent.stop();
  failures.stopped = (await reset(sample("ordinary", 1), PASSWORDS.stopped)).code;
}

beforeAll(async () => {
  stack = await startStack({
    root: process.cwd(),
    startDirectory: async (certificates) => {
      directory = await startSimulatedDirectory({ certificates });
      return directory;
    },
    agentTimeouts: { connect: 1_500, search: 1_500, modify: 1_000 },
    settings: {
      TOTAL_WAIT_SECONDS: "6",
      WRITE_START_SECONDS: "4",
      RATE_REQUESTER_PER_MINUTE: "0",
      RATE_ADDRESS_PER_MINUTE: "0",
    },
  });
  caller = new Caller(stack.api);
  good = goodCalls(stack);
  for (const [name, { token, body, params }] of Object.entries(good)) {
    const route = routes.find((each) => each.name === name);
    if (!route) throw new Error(`no route ${name}`);
    ended.push([name, (await caller.call(route, await token(), body?.(), params)).status]);
  }
  await Promise.all(routes.map((route) => caller.misuse(route, good[route.name])));
  await provokeFailures();
  const tokens = await Promise.all(Object.values(good).map(({ token }) => token()));
  secrets = secretsOf(stack, [...new Set(tokens.filter(Boolean))]);
}, 120_000);
afterAll(() => stack?.stop(), 60_000);

test("every route has a call here that it answers as it should, and gave it", () => {
  expect(Object.keys(good).sort()).toEqual(routes.map(({ name }) => name).sort());
  expect(ended).toEqual(Object.entries(good).map(([name, { status }]) => [name, status]));
});

test("every failure that was provoked is one", () => {
  expect(failures).toEqual({
    policy: "passwordPolicyViolation",
    wrong: "currentPasswordWrong",
    protected: "accountProtected",
    scope: "accountOutOfScope",
    cloudOnly: "userNotSynchronized",
    refused: "passwordPolicyViolation",
    dropped: expect.stringMatching(/^(outcomeUnknown|directoryUnreachable)$/),
    silent: "outcomeUnknown",
    stopped: expect.stringMatching(/^(noLiveAgent|outcomeUnknown)$/),
  });
});

test("no password, key or token is in a log, journal, other file or temporary file", () => {
  const files = filesOf(stack);
  const named = files.map(({ name }) => name);
  for (const log of ["functions.log", "agent.log"]) expect(named).toContain(log);
  expect(named.filter((name) => name.startsWith("agent/data/journal/")).length).toBeGreaterThan(0);
  expect(hits(files, secrets)).toEqual([]);
  // Other tests have the same service account and the same certificate, and their own files of it.
  const { "service account": _, "certificate's key": __, ...ofThisRun } = secrets;
  expect(hits(temporaryFiles(began), ofThisRun)).toEqual([]);
});

test("no password, key or token is in any row of any table", async () => {
  const rows = await rowsOf(stack, operator());
  const full = rows.filter(({ bytes }) => bytes.length > 2).map(({ name }) => name);
  for (const table of ["operations", "unresolved", "ground", "audit"])
    expect(full).toContain(`table ${table}`);
  expect(hits(rows, secrets)).toEqual([]);
});

test("no password, key or token is in a message on the bus, nor in a dead letter", () => {
  expect(onTheWay.map(({ name }) => name)).toContain(`body in ${QUEUE}`);
  expect(hits([...onTheWay, ...messagesOf(stack)], secrets)).toEqual([]);
});

test("no password, key or token is in a command line or an environment", () => {
  const seen = processes();
  expect(seen.length).toBeGreaterThan(4);
  expect(hits(seen, secrets)).toEqual([]);
});

test("no password, key or token is in an answer", () => {
  expect(caller.heard.length).toBeGreaterThan(routes.length * 10);
  const bytes = Buffer.from(caller.heard.join("\n"));
  expect(hits([{ name: "answers", bytes }], secrets)).toEqual([]);
});

test("the search finds what was planted: in a file, in a row and on the bus", async () => {
  const planted = disguises(PASSWORDS.first).map((form) => form.toString("latin1"));
  const file = join(stack.folder, "agent", "data", "planted");
  writeFileSync(file, planted.at(-1) ?? "");
  const table = new TableClient(stack.tables.url, "operations", operator());
  const row = { partitionKey: "planted", rowKey: "planted" };
  await table.createEntity({ ...row, detail: PASSWORDS.second });
  const content = {
    annotations: {},
    properties: Buffer.alloc(0),
    body: Buffer.from(PASSWORDS.third, "utf16le"),
  };
  stack.broker.queue(QUEUE).enqueue([{ id: "planted", applicationProperties: {}, content }]);
  const places = [...filesOf(stack), ...(await rowsOf(stack, operator())), ...messagesOf(stack)];
  expect(hits(places, secrets).sort()).toEqual([
    "first in agent/data/planted",
    "second in table operations",
    `third in body in ${QUEUE}`,
  ]);
  await Promise.all([rm(file), table.deleteEntity(row.partitionKey, row.rowKey)]);
});
