import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { canBind } from "../../../local/accounts/canBind.ts";
import { LocalCertificates } from "../../../local/certificates.ts";
import type { SimulatedDirectory } from "../../../local/directory/simulatedDirectory.ts";
import { startSimulatedDirectory } from "../../../local/directory/startSimulatedDirectory.ts";
import { SAMPLE_USERS, userPrincipalName } from "../../../local/samples.ts";
import { type SeededUsers, seed } from "../../../local/seed.ts";
import type { Request } from "../../../protocol/request.ts";
import { AgentProcess } from "./agentProcess.ts";
import type { Wish } from "./requests.ts";
import { ScriptedCloud, until } from "./scriptedCloud.ts";
import { type EnrolledKey, enrolledKey, TrustRoot } from "./trustRoot.ts";

const folder = mkdtempSync(join(tmpdir(), "agent-process-"));

let cloud: ScriptedCloud;
let directory: SimulatedDirectory;
let seeded: SeededUsers;
let key: EnrolledKey;
let certificates: LocalCertificates;
let agent: AgentProcess;

beforeAll(async () => {
  certificates = await LocalCertificates.open(join(process.cwd(), ".local/certificates"));
  directory = await startSimulatedDirectory({ certificates });
  seeded = await seed(directory);
  key = await enrolledKey();
  cloud = await ScriptedCloud.start(certificates, await TrustRoot.create());
  cloud.agents = [cloud.root.entry("agent-1", key)];
  agent = await start("agent");
  await agent.logs("listening");
}, 60_000);

afterAll(async () => {
  await agent?.child.stop();
  await cloud?.stop();
  await directory?.stop();
  rmSync(folder, { recursive: true });
});

const start = (name: string, overrides = {}): Promise<AgentProcess> =>
  AgentProcess.start({
    folder: join(folder, name),
    certificates,
    cloud,
    directory,
    key,
    overrides: { maximumJobs: 4, ...overrides },
  });

function target(name: string) {
  const facts = seeded.get(name);
  const user = SAMPLE_USERS.find((sample) => sample.name === name);
  if (!facts || !user) throw new Error(`no sample ${name}`);
  return {
    id: user.id,
    sourceAnchor: user.sourceAnchor,
    sid: facts.sid,
    userPrincipalName: facts.userPrincipalName,
  };
}

const request = (wish: Wish<Request>): Request => cloud.root.request(wish);
const resetOf = (name: string, newPassword: string, wish = {}): Request =>
  request({ operation: "reset", target: target(name), newPassword, mustChange: false, ...wish });

test("killed after the write was sent: the next run concludes it and never executes it", async () => {
  directory.faults.next("modify", { kind: "silence", applied: true });
  const reset = resetOf("mia", "Canary-Next-82!");
  const { modifies } = directory.counters;
  await cloud.send(reset, key);
  await until("the write is sent", () => directory.counters.modifies === modifies + 1);
  agent.child.kill("SIGKILL");
  agent = await start("agent");
  await until("it is told", () => cloud.lateOutcomes.some(({ request }) => request === reset.jti));
  expect(cloud.lateOutcomes.at(-1)).toMatchObject({ request: reset.jti, status: "succeeded" });
  expect(directory.counters.modifies).toBe(modifies + 1);
  expect(await canBind(directory, userPrincipalName({ name: "mia" }), "Canary-Next-82!")).toBe(
    "ok",
  );
}, 30_000);
