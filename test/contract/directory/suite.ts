import type { LocalDirectory } from "../../../local/localDirectory.ts";
import { describeBind } from "./bind.ts";
import { describeChange } from "./change.ts";
import { describeCompareAndSet } from "./compareAndSet.ts";
import { describeDenials } from "./denials.ts";
import type { DirectoryExpectations } from "./expectations.ts";
import { describeFaults } from "./faults.ts";
import { DirectoryFixture } from "./fixture.ts";
import { describePolicyHints } from "./policyHintsReset.ts";
import { describeReset } from "./reset.ts";
import { describeRights } from "./rights.ts";
import { describeRootEntry } from "./rootEntry.ts";
import { describeSearch } from "./search.ts";
import { describeUnlock } from "./unlock.ts";

/** Enough for the first start on a machine, which fetches Samba. */
const START_MS = 180_000;

/**
 * What the agent relies on in a directory, tried on one over LDAPS. The same for the simulated one
 * and for real ones: a difference is either in `expectations` or a fault of the simulation.
 */
export function describeDirectory(
  name: string,
  start: () => Promise<LocalDirectory>,
  expectations: DirectoryExpectations,
): void {
  describe(name, () => {
    const fixture = new DirectoryFixture(expectations);
    beforeAll(() => fixture.open(start), START_MS);
    afterAll(() => fixture.close());

    describeRootEntry(fixture);
    describeBind(fixture);
    describeSearch(fixture);
    describeReset(fixture);
    describePolicyHints(fixture);
    describeChange(fixture);
    describeCompareAndSet(fixture);
    describeUnlock(fixture);
    describeRights(fixture);
    describeDenials(fixture, start);
    describeFaults(start);
  });
}
