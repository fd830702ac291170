import type { LocalDirectory } from "../../../../local/localDirectory.ts";
import { OperationsFixture } from "./fixture.ts";
import { describeStates, type TableOptions } from "./states/table.ts";

/** What the agent does in every state of an account and in the trickiest cases: one directory. */
export function describeCases(
  name: string,
  start: () => Promise<LocalDirectory>,
  options: TableOptions,
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
  });
}
