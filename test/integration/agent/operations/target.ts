import type { DelegatedRight } from "../../../../local/localDirectory.ts";
import { SERVICE_OU } from "../../../../local/samples.ts";
import type { Abilities, OperationsFixture } from "./fixture.ts";

const UNLOCK = { operation: "unlock" } as const;

export function describeFinding(fixture: OperationsFixture): void {
  test("nobody has the anchor", async () => {
    const person = await fixture.person();
    const sourceAnchor = Buffer.alloc(16, 0xff).toString("base64");
    const target = { ...person.target, sourceAnchor };
    expect(await fixture.run({ target }, UNLOCK)).toEqual({
      status: "failed",
      code: "directoryUserNotFound",
      directory: { server: "dc1.corp.example" },
    });
  });

  test("two have it: neither is touched", async () => {
    const first = await fixture.person();
    const second = await fixture.person({ sourceAnchor: first.sourceAnchor });
    const before = [await fixture.state(first), await fixture.state(second)];
    const change = {
      operation: "change",
      currentPassword: first.password,
      newPassword: "Second-Meadow-28",
    } as const;
    expect(await fixture.run(first, change)).toMatchObject({ code: "directoryUserAmbiguous" });
    expect([await fixture.state(first), await fixture.state(second)]).toEqual(before);
  });

  test("who has it is somebody else, by the SID that the cloud knows", async () => {
    const [person, other] = [await fixture.person(), await fixture.person()];
    const target = { ...person.target, sid: other.sid };
    expect(await fixture.run({ target }, UNLOCK)).toMatchObject({ code: "directoryUserMismatch" });
  });

  test("without a SID the anchor alone decides", async () => {
    const { target } = await fixture.person();
    const { sid: _, ...withoutSid } = target;
    expect(await fixture.run({ target: withoutSid }, UNLOCK)).toMatchObject({
      status: "succeeded",
    });
  });

  test("the anchor may be the objectGUID itself", async () => {
    const person = await fixture.person();
    const target = { ...person.target, sourceAnchor: person.objectGuid.toString("base64") };
    const settings = { ...fixture.settings, sourceAnchorAttribute: "objectGUID" as const };
    expect(await fixture.run({ target }, UNLOCK, fixture.job({ settings }))).toMatchObject({
      status: "succeeded",
    });
  });

  test("a request that expires while the account is read writes nothing", async () => {
    const person = await fixture.person();
    const before = await fixture.state(person);
    let looks = 0;
    const remaining = () => {
      looks += 1;
      return looks === 1 ? 1_000 : 0;
    };
    const change = {
      operation: "change",
      currentPassword: person.password,
      newPassword: "Second-Meadow-28",
    } as const;
    expect(await fixture.run(person, change, fixture.job({ remaining }))).toMatchObject({
      status: "failed",
      code: "requestExpired",
    });
    expect(await fixture.state(person)).toEqual(before);
  });
}

/** Rights that the agent's account has, what it is told to do, and the right that is named. */
const RIGHTS: readonly [DelegatedRight[], string, string, string][] = [
  [["resetPassword", "lockoutTime"], "reset", "pwdLastSet", "agentLacksWritePwdLastSet"],
  [["resetPassword", "pwdLastSet"], "reset", "lockoutTime", "agentLacksWriteLockoutTime"],
  [["lockoutTime", "pwdLastSet"], "reset", "Reset Password", "agentLacksResetPassword"],
  [["resetPassword", "pwdLastSet"], "unlock", "lockoutTime", "agentLacksWriteLockoutTime"],
  [["resetPassword", "lockoutTime"], "requireChange", "pwdLastSet", "agentLacksWritePwdLastSet"],
];

export function describeRights(fixture: OperationsFixture, { policyHints }: Abilities): void {
  const account = { name: "svc-narrow", password: "Narrow-Service-51!" };
  beforeAll(async () => {
    await fixture.person({ ...account, ou: SERVICE_OU });
  });

  test.each(RIGHTS)(
    "with %j alone, %s lacks %s: %s",
    async (rights, operation, missingRight, code) => {
      const ou = await organisationalUnit(fixture, rights.join(" and "));
      await fixture.directory.delegate(account.name, ou, rights);
      const person = await fixture.person({ ou });
      const before = await fixture.state(person);
      const pool = fixture.newPool(account);
      const canary = (await fixture.person({ ou })).userPrincipalName;
      const settings = { ...fixture.settings, canary, allowWeakerEnforcement: !policyHints };
      const verdict = await fixture.run(
        person,
        operation === "reset"
          ? { operation, newPassword: "Second-Meadow-28", mustChange: false }
          : { operation: operation as "unlock" | "requireChange" },
        fixture.job({ pool, settings }),
      );
      pool.close();
      expect(verdict).toMatchObject({
        status: "failed",
        code,
        directory: { resultCode: 50, missingRight },
      });
      expect(await fixture.state(person)).toEqual(before);
    },
  );

  test("a change needs no right at all", async () => {
    const ou = await organisationalUnit(fixture, "no rights");
    const person = await fixture.person({ ou });
    const pool = fixture.newPool(account);
    const verdict = await fixture.run(
      person,
      {
        operation: "change",
        currentPassword: person.password,
        newPassword: "Second-Meadow-28",
      },
      fixture.job({ pool }),
    );
    pool.close();
    expect(verdict).toMatchObject({ status: "succeeded" });
    expect(await fixture.bind(person, "Second-Meadow-28")).toBe("ok");
  });
}

async function organisationalUnit(fixture: OperationsFixture, name: string): Promise<string> {
  const dn = `OU=${name},${fixture.directory.baseDn}`;
  await fixture.administrator
    .add(dn, { objectClass: ["top", "organizationalUnit"] })
    .catch((error: { code?: number }) => {
      const alreadyThere = 68;
      if (error.code !== alreadyThere) throw error;
    });
  return dn;
}
