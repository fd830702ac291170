import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { commandLine as agent } from "../../agent/commandLine.ts";
import { startSimulatedDirectory } from "../../local/directory/startSimulatedDirectory.ts";
import { SAMPLE_USERS, type SampleUser, userPrincipalName } from "../../local/samples.ts";
import { Child } from "../../local/stack/child.ts";
import { registerThere } from "../../local/stack/registrationDoor.ts";
import { type Stack, startStack } from "../../local/stack/startStack.ts";
import { commandLine as operator } from "../../operator/commandLine.ts";
import type { Desk } from "../../operator/desk.ts";
import { openDesk } from "../../operator/openDesk.ts";
import { enrolmentFingerprint } from "../../protocol/enrolment.ts";
import { eventually } from "./eventually.ts";

const OPERATIONS = 500;
/** Milliseconds for all operations, on a loaded machine. */
const DEADLINE_MS = 150_000;
/** Milliseconds between two operations of one person: what is under test is not the load. */
const PAUSE_MS = 250;
/** Milliseconds between two looks of a roll at who has acknowledged. */
const LOOK_MS = 5_000;

interface AgentRow {
  readonly id: string;
  readonly live: boolean;
}

let stack: Stack;
let second: Child | undefined;
const folder = mkdtempSync(join(tmpdir(), "roll-"));
beforeAll(async () => {
  stack = await startStack({
    root: process.cwd(),
    startDirectory: (certificates) => startSimulatedDirectory({ certificates }),
    settings: { BRAKE_RESETS_PER_MINUTE: "100000" },
  });
}, 180_000);
afterAll(async () => {
  await second?.stop();
  await stack?.stop();
  rmSync(folder, { recursive: true });
}, 60_000);

/** People whose accounts are unlocked and reset, each in turn, one operation at a time. */
class Load {
  readonly failed: string[] = [];
  done = 0;
  private readonly people: readonly SampleUser[];
  private readonly loops: readonly Promise<void>[];
  private readonly underWay = new Map<SampleUser, Promise<void>>();
  private stopped = false;

  constructor(people: readonly SampleUser[]) {
    this.people = people;
    this.loops = people.map((person) => this.loop(person));
  }

  /** Resolves when what is under way now has ended. */
  async drained(): Promise<void> {
    await Promise.all(this.people.map((person) => this.underWay.get(person)));
  }

  /** Ends after so many operations in all. */
  async stop(operations: number): Promise<void> {
    await eventually(`${operations} operations`, () => this.done >= operations, DEADLINE_MS);
    this.stopped = true;
    await Promise.all(this.loops);
  }

  private async loop(person: SampleUser): Promise<void> {
    for (let turn = 0; !this.stopped; turn += 1) {
      const operation = this.operation(person, turn);
      this.underWay.set(person, operation);
      await operation;
      await delay(PAUSE_MS);
    }
  }

  private async operation(person: SampleUser, turn: number): Promise<void> {
    const [path, more] =
      turn % 5 === 0
        ? ["resetPassword", { newPassword: `Quiet-Meadow-${turn}` }]
        : ["unlockAccount", {}];
    const proof = { methods: ["mobilePhone"], time: new Date().toISOString() };
    const answer = await fetch(`${stack.api}/v1.0/selfService/${path}`, {
      method: "POST",
      headers: { Authorization: `Bearer ${await stack.tokens.portal()}` },
      body: JSON.stringify({ user: userPrincipalName(person), proof, ...more }),
    });
    const text = await answer.text();
    this.done += 1;
    if (answer.status !== 200) this.failed.push(`${this.done}: ${answer.status} ${text}`);
  }
}

const said: string[] = [];
/** Runs the operator's command and expects it to succeed. */
async function operate(argv: readonly string[], change = (desk: Desk): Desk => desk) {
  const code = await operator([...argv, "--profile", join(stack.folder, "operator.json")], {
    print: (text) => void said.push(text),
    complain: (text) => void said.push(text),
    open: async (file, given) => change(await openDesk(file, given)),
  });
  expect([code, code === 0 ? "" : said.join("\n")]).toEqual([0, ""]);
}
const enrolled = async (argv: readonly string[]) =>
  expect(
    await agent(
      argv,
      (text) => void said.push(text),
      () => {},
    ),
  ).toBe(0);

async function agents(): Promise<readonly AgentRow[]> {
  const headers = { Authorization: `Bearer ${await stack.tokens.operator()}` };
  const answer = await fetch(`${stack.api}/v1.0/agents`, { headers });
  return ((await answer.json()) as { value: AgentRow[] }).value;
}
const isLive = async (id: string) => (await agents()).some((row) => row.id === id && row.live);

async function addAgent(request: string, principal: string): Promise<void> {
  const fingerprint = enrolmentFingerprint(JSON.parse(readFileSync(request, "utf8")));
  const argv = ["add-agent", request, "--service-principal", principal, "--yes"];
  await operate([...argv, "--fingerprint", fingerprint]);
}

async function enrolSecond(): Promise<void> {
  const home = join(folder, "agent-2");
  const invitation = join(folder, "invitation.json");
  await operate(["invite", "--connector", "corp", "--output", invitation]);
  const enroll = ["enroll", "--invitation", invitation, "--id", "agent-2", "--folder", home];
  await enrolled([...enroll, "--directory", join(stack.folder, "agent/directory.json")]);
  const request = join(home, "enrolment-request.json");
  const { clientId, objectId } = await registerThere(stack.folder, readFileSync(request, "utf8"));
  await enrolled([...enroll, "--client-id", clientId]);
  await addAgent(request, objectId);
  second = new Child({
    command: ["agent/main.ts", "run", "--config", join(home, "agent.json")],
    environment: { NODE_EXTRA_CA_CERTS: ".local/certificates/ca/certificate.pem" },
    logFile: join(folder, "agent-2.log"),
  });
  await eventually("agent-2 is live", () => isLive("agent-2"));
}

/** The first agent's encryption key, while it runs. */
async function rotateFirst(): Promise<void> {
  await enrolled(["rotate-key", "--config", join(stack.folder, "agent/agent.json")]);
  const request = join(stack.folder, "agent/enrolment-request.json");
  const principal = stack.applications.agent.objectId;
  await addAgent(request, principal);
}

/** Waiting for agents takes its time; six minutes for requests, only as long as there are any. */
const rollSigningKey = (load: Load) =>
  operate(["roll-signing-key", "--yes"], (desk) => {
    let passed = 0;
    return {
      ...desk,
      now: () => Date.now() + passed,
      sleep: async (milliseconds) => {
        passed += milliseconds;
        if (milliseconds === LOOK_MS) return delay(1_000);
        await load.drained();
      },
    };
  });

test(`of ${OPERATIONS} operations none fails while every key rolls, one agent joins and leaves`, async () => {
  const load = new Load(
    SAMPLE_USERS.filter(({ about }) => ["ordinary", "locked", "mustChange"].includes(about)),
  );
  await enrolSecond();
  await rollSigningKey(load);
  await rotateFirst();
  // Stopped first, as its page says: an agent that ends gives nothing back that it was handed.
  await second?.stop();
  await operate(["revoke-agent", "agent-2", "--yes"]);
  await load.stop(OPERATIONS);
  expect(load.failed.slice(0, 5)).toEqual([]);
  for (const log of [join(stack.folder, "agent.log"), join(folder, "agent-2.log")])
    expect(readFileSync(log, "utf8")).toMatch(/"outcome".*"succeeded"/);
  expect(said.join("\n")).toContain("The roll is done.");
  expect(said.join("\n")).not.toContain("Going on without");
}, 400_000);
