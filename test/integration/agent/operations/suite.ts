import type { LocalDirectory } from "../../../../local/localDirectory.ts";
import { describeChange } from "./change.ts";
import { type Abilities, OperationsFixture } from "./fixture.ts";
import { describeGround } from "./ground.ts";
import { describeGuard } from "./guard.ts";
import { describeProbe, describeRequireChange, describeUnlock } from "./others.ts";
import { describePasswordRules } from "./passwordRules.ts";
import { describePolicy } from "./policy.ts";
import { describeReset, describeResetWithoutHints } from "./reset.ts";
import { describeFinding, describeRights } from "./target.ts";
import { describeTold } from "./told.ts";

/** The agent's operations against one directory: the same for each. */
export function describeOperations(
  name: string,
  start: () => Promise<LocalDirectory>,
  abilities: Abilities,
): void {
  describe(name, () => {
    const fixture = new OperationsFixture();
    beforeAll(() => fixture.open(start), 120_000);
    afterAll(() => fixture.close());

    describe("change", () => describeChange(fixture));
    describe("reset", () =>
      abilities.policyHints ? describeReset(fixture) : describeResetWithoutHints(fixture));
    describe("which rule of the policy said no", () => describePolicy(fixture, abilities));
    describe("the rules for the next password", () => describePasswordRules(fixture, abilities));
    describe("unlock", () => describeUnlock(fixture));
    describe("require change", () => describeRequireChange(fixture));
    describe("probe", () => describeProbe(fixture));
    describe("domain controller and account", () => describeGround(fixture));
    describe("finding the user", () => describeFinding(fixture));
    describe("accounts that are never touched", () => describeGuard(fixture, abilities));
    describe("what is always told", () => describeTold(fixture, abilities));
    describe("missing rights", () => describeRights(fixture, abilities));
  });
}
