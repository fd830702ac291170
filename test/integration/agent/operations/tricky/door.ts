import { addMachineWith } from "../../../../../local/accounts/addMachine.ts";
import { replaceValue } from "../../../../../local/accounts/changes.ts";
import { readUserWith } from "../../../../../local/accounts/readUser.ts";
import { STAFF_OU } from "../../../../../local/samples.ts";
import type { Request } from "../../../../../protocol/request.ts";
import type { Wish } from "../../requests.ts";
import type { Abilities, OperationsFixture } from "../fixture.ts";
import { Agents } from "./agents.ts";

const NEXT = "Second-Meadow-28";
const anchorOf = (last: number): string =>
  Buffer.from(`d00d${"0".repeat(26)}${10 + last}`, "hex").toString("base64");

/** Accounts at the agent's door that are nobody's, each with an anchor as if somebody's. */
export function describeDoor(fixture: OperationsFixture, { policyHints }: Abilities): void {
  let agents: Agents;
  beforeAll(async () => {
    agents = await Agents.open(fixture);
  });
  afterAll(() => agents.close());

  const comers = [
    ["krbtgt", "accountProtected"],
    ["a computer", "directoryUserNotFound"],
    ["a group managed service account", "directoryUserNotFound"],
  ] as const;

  async function account(who: (typeof comers)[number][0], sourceAnchor: string): Promise<string> {
    const { administrator, directory } = fixture;
    if (who === "krbtgt") {
      const { dn } = await readUserWith(administrator, directory.baseDn, who);
      const value = Buffer.from(sourceAnchor, "base64");
      await administrator.modify(dn, replaceValue("mS-DS-ConsistencyGuid", value));
      return who;
    }
    const className = who === "a computer" ? "computer" : "msDS-GroupManagedServiceAccount";
    const name = who === "a computer" ? "host1" : "service1";
    return addMachineWith(administrator, { name, ou: STAFF_OU, className, sourceAnchor });
  }

  test.each(comers)("%s is turned away: %s", async (who, code) => {
    const sourceAnchor = anchorOf(comers.findIndex(([each]) => each === who));
    const name = await account(who, sourceAnchor);
    const state = () => readUserWith(fixture.administrator, fixture.directory.baseDn, name);
    const before = await state();
    const { target: somebody } = await fixture.person();
    const target = { ...somebody, sourceAnchor, sid: before.sid };
    const agent = await agents.agent({ settings: { allowWeakerEnforcement: !policyHints } });
    const wishes: readonly Wish<Request>[] = [
      { operation: "reset", target, newPassword: NEXT, mustChange: true },
      { operation: "change", target, currentPassword: "Old-Harbour-17", newPassword: NEXT },
      { operation: "unlock", target },
      { operation: "requireChange", target },
    ];
    for (const wish of wishes) {
      const request = agents.request(wish);
      await agent.take(request);
      expect(await agent.told(request)).toMatchObject([{ status: "failed", code }]);
    }
    expect(await state()).toEqual(before);
  });
}
