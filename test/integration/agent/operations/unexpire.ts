import type { LocalDirectory } from "../../../../local/localDirectory.ts";
import { OperationsFixture } from "./fixture.ts";

const NEXT = "Second-Meadow-28";

/** The agent's account has every right but Unexpire Password on the head of the domain. */
export function describeUnexpire(name: string, start: () => Promise<LocalDirectory>): void {
  describe(`without Unexpire Password, ${name}`, () => {
    const fixture = new OperationsFixture();
    beforeAll(async () => {
      await fixture.open(start);
      await fixture.directory.withholdUnexpire();
    }, 120_000);
    afterAll(() => fixture.close());

    const LACKING = {
      status: "failed",
      code: "agentLacksUnexpirePassword",
      directory: { missingRight: "Unexpire-Password" },
    };

    test("a reset is refused, the right is named, and nothing is written", async () => {
      const person = await fixture.person();
      const before = await fixture.state(person);
      const wish = { operation: "reset", newPassword: NEXT, mustChange: false } as const;
      expect(await fixture.run(person, wish)).toMatchObject(LACKING);
      expect(await fixture.state(person)).toEqual(before);
    });

    test("a change is refused for the agent's lack, not the person's", async () => {
      const person = await fixture.person();
      const before = await fixture.state(person);
      const currentPassword = person.password;
      const wish = { operation: "change", currentPassword, newPassword: NEXT } as const;
      expect(await fixture.run(person, wish)).toMatchObject(LACKING);
      expect(await fixture.state(person)).toEqual(before);
    });

    test("what needs it not is done: unlock, require change", async () => {
      const person = await fixture.person();
      for (const operation of ["unlock", "requireChange"] as const)
        expect(await fixture.run(person, { operation })).toMatchObject({ status: "succeeded" });
    });

    test("the probe says that it does not know about compare-and-set", async () => {
      const { directory } = await fixture.probe();
      expect(directory).not.toHaveProperty("compareAndSet");
    });
  });
}
