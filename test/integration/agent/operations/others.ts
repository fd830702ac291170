import { lockOut } from "../../../../local/accounts/lockOut.ts";
import type { OperationsFixture } from "./fixture.ts";

export function describeUnlock(fixture: OperationsFixture): void {
  test("unlocks, with the same password as before, and says that it was locked", async () => {
    const person = await fixture.person();
    await lockOut(fixture.directory, person.dn);
    const unlock = () => fixture.run(person, { operation: "unlock" });
    expect(await unlock()).toEqual({
      status: "succeeded",
      detail: { wasLocked: true },
      directory: { server: "dc1.corp.example" },
    });
    expect(await fixture.bind(person, person.password)).toBe("ok");
    expect(await unlock()).toMatchObject({ status: "succeeded", detail: { wasLocked: false } });
  });
}

export function describeRequireChange(fixture: OperationsFixture): void {
  test("asks for another password at the next sign-in, and may be repeated", async () => {
    const person = await fixture.person();
    for (let time = 0; time < 2; time += 1) {
      expect(await fixture.run(person, { operation: "requireChange" })).toMatchObject({
        status: "succeeded",
      });
      expect((await fixture.state(person)).pwdLastSet).toBe(0n);
    }
    expect(await fixture.bind(person, person.password)).toBe("773");
  });
}

export function describeProbe(fixture: OperationsFixture): void {
  test("reads the canary, names the server and tries compare-and-set", async () => {
    expect(await fixture.probe()).toEqual({
      status: "succeeded",
      directory: { server: "dc1.corp.example", compareAndSet: true },
    });
  });

  test("finds the canary by its objectGUID as well", async () => {
    const person = await fixture.person();
    const hex = person.objectGuid;
    const fields = [hex.readUInt32LE(0), hex.readUInt16LE(4), hex.readUInt16LE(6)];
    const [first, second, third] = fields.map((field, index) =>
      field.toString(16).padStart(index === 0 ? 8 : 4, "0"),
    );
    const rest = hex.toString("hex", 8);
    const canary = `${first}-${second}-${third}-${rest.slice(0, 4)}-${rest.slice(4)}`;
    const settings = { ...fixture.settings, canary };
    expect(await fixture.probe(fixture.job({ settings }))).toMatchObject({ status: "succeeded" });
  });

  test.each(["nobody@corp.example", "00000000-0000-4000-8000-000000000000"])(
    "without its canary (%s) it fails",
    async (canary) => {
      const settings = { ...fixture.settings, canary };
      expect(await fixture.probe(fixture.job({ settings }))).toMatchObject({
        status: "failed",
        code: "canaryMissing",
      });
    },
  );
}
