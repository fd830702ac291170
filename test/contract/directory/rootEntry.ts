import { directoryClient } from "../../../local/accounts/connect.ts";
import { resetPassword } from "../../../local/accounts/passwordChanges.ts";
import {
  POLICY_HINTS,
  POLICY_HINTS_DEPRECATED,
  PolicyHints,
} from "../../../local/accounts/policyHints.ts";
import { readRootDse } from "../../../local/accounts/readRootDse.ts";
import type { DirectoryFixture } from "./fixture.ts";
import { refusalOf } from "./refusal.ts";

const SD_FLAGS = "1.2.840.113556.1.4.801";
const MINUTE_MS = 60_000;

/** GeneralizedTime of the whole second, as `Date.parse` wants it. */
const isoTime = (text: string): string =>
  text.replace(/^(....)(..)(..)(..)(..)(..)\.\dZ$/, "$1-$2-$3T$4:$5:$6Z");

export function describeRootEntry(fixture: DirectoryFixture): void {
  describe("root entry", () => {
    test("names the domain, the vendor and the time to anyone", async () => {
      const root = await readRootDse(fixture.directory);
      expect(root.defaultNamingContext).toBe(fixture.directory.baseDn);
      expect(root.vendorName).toMatch(fixture.expectations.vendorName);
      expect(Math.abs(Date.parse(isoTime(root.currentTime)) - Date.now())).toBeLessThan(MINUTE_MS);
    });

    test("advertises the policy-hints controls only if it honours them", async () => {
      const { supportedControl } = await readRootDse(fixture.directory);
      const hints = [POLICY_HINTS, POLICY_HINTS_DEPRECATED];
      expect(supportedControl).toContain(SD_FLAGS);
      expect(hints.filter((oid) => supportedControl.includes(oid))).toEqual(
        fixture.expectations.policyHints ? hints : [],
      );
    });

    test("is all that a connection without a bind gets", async () => {
      const client = directoryClient(fixture.directory);
      const search = client.search(fixture.directory.baseDn, { scope: "base" });
      expect(await refusalOf(search)).toEqual(fixture.expectations.notBound);
      await client.unbind();
    });

    test("refuses a critical control that nobody knows, and does nothing", async () => {
      const person = await fixture.person();
      const unknown = new PolicyHints("1.2.840.113556.1.4.999999");
      const reset = fixture.service.modify(person.target, resetPassword("Second-Tide-28"), unknown);
      expect(await refusalOf(reset)).toEqual(fixture.expectations.unavailableControl);
      expect(await fixture.bind(person, person.password)).toBe("ok");
    });
  });
}
