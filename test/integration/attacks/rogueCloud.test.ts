import { join } from "node:path";
import { AgentFixture } from "../agent/agentFixture.ts";
import { AgentProcess } from "../agent/agentProcess.ts";
import { TrustRoot } from "../agent/trustRoot.ts";

let fixture: AgentFixture;
let agent: AgentProcess | undefined;
beforeAll(async () => {
  fixture = await AgentFixture.open();
}, 60_000);
afterEach(() => agent?.child.stop());
afterAll(() => fixture?.close());

test("an agent that has just started refuses a list that another root key has signed", async () => {
  const { cloud } = fixture;
  const pinned = cloud.root.rootKey;
  cloud.root = await TrustRoot.create();
  const { certificates, directory, key } = fixture;
  agent = await AgentProcess.start({
    folder: join(fixture.folder, "pinned"),
    ...{ certificates, directory, key, cloud },
    overrides: { rootKey: pinned },
  });
  await agent.logs("trustListInvalid");
  expect(agent.named("listening")).toEqual([]);
});
