import type { LocalDirectory } from "../../../../local/localDirectory.ts";
import { OperationsFixture } from "./fixture.ts";
import { describeStates, type TableOptions } from "./states/table.ts";
import { describeDoor } from "./tricky/door.ts";
import { describeExtras, describeSimulatedExtras } from "./tricky/extras.ts";
import { describeLostAnswers } from "./tricky/lostAnswers.ts";
import { describeRules } from "./tricky/rules.ts";
import { describeStanding, describeWithoutUnexpire } from "./tricky/standing.ts";
import { describeTargets } from "./tricky/targets.ts";

/** What the directory under test can be made to do. */
export interface CaseOptions extends TableOptions {
  /** Whether its standing can be changed while it runs: only the simulated one's. */
  readonly switchable: boolean;
}

/** What the agent does in every state of an account and in the trickiest cases: one directory. */
export function describeCases(
  name: string,
  start: () => Promise<LocalDirectory>,
  options: CaseOptions,
): void {
  describe(name, () => {
    const fixture = new OperationsFixture();
    beforeAll(() => fixture.open(start), 120_000);
    afterAll(() => fixture.close());

    const left = options.shortLivedPasswords
      ? "each operation in each state under each policy"
      : "each operation in each state under each policy, but for expired passwords: this Samba " +
        "takes every maximum age up to a day as never";
    describe(left, () => describeStates(fixture, options));
    describe("tricky cases", () => {
      describeLostAnswers(fixture, options);
      describeRules(fixture, options);
      describeTargets(fixture, options);
      describeStanding(fixture, options);
      describeExtras(fixture, options);
      if (options.switchable) describeSimulatedExtras(fixture, options);
    });
    describe("nobody's accounts at the agent's door", () => describeDoor(fixture, options));
    describe("tricky cases, the last", () => describeWithoutUnexpire(fixture, options));
  });
}
