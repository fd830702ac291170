import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { canBind } from "../../../local/accounts/canBind.ts";
import { connect } from "../../../local/accounts/connect.ts";
import { lockOut } from "../../../local/accounts/lockOut.ts";
import { LocalCertificates } from "../../../local/certificates.ts";
import { SAMPLE_USERS } from "../../../local/samples.ts";
import type { DirectoryFixture } from "./fixture.ts";

const WRONG = "Wrong-Password-99";
/** Of the samples that cannot simply sign in. */
const BIND_CODES = new Map([
  ["locked", "775"],
  ["mustChange", "773"],
  ["disabled", "533"],
]);

export function describeBind(fixture: DirectoryFixture): void {
  describe("bind", () => {
    const samples = SAMPLE_USERS.flatMap(({ about, name, password }) =>
      about === "cloudOnly" ? [] : [{ about, name, password, code: BIND_CODES.get(about) ?? "ok" }],
    );
    test.each(samples)("sample $about ($name): $code", async ({ name, password, code }) => {
      const dn = fixture.users.get(name)?.dn ?? "";
      expect(await canBind(fixture.directory, dn, password)).toBe(code);
    });

    test.each([
      { how: "disabled", wishes: { disabled: true } },
      { how: "must change", wishes: { mustChange: true } },
      { how: "ordinary", wishes: {} },
    ])("$how, with a wrong password: 52e", async ({ wishes }) => {
      const person = await fixture.person(wishes);
      expect(await fixture.bind(person, WRONG)).toBe("52e");
      expect((await fixture.state(person)).badPwdCount).toBe(1);
    });

    test("takes a distinguished name, a UPN in any case, and DOMAIN\\name", async () => {
      const person = await fixture.person();
      const [domain = ""] = fixture.directory.baseDn.replace("DC=", "").split(",");
      const names = [
        person.dn,
        person.userPrincipalName,
        person.userPrincipalName.toUpperCase(),
        `${domain.toUpperCase()}\\${person.name}`,
      ];
      for (const name of names) {
        expect(await canBind(fixture.directory, name, person.password)).toBe("ok");
      }
    });

    test("of nobody is refused like a wrong password, or says so", async () => {
      const nobody = `CN=nobody,${fixture.directory.baseDn}`;
      expect(await canBind(fixture.directory, nobody, WRONG)).toBe(
        fixture.expectations.unknownUser,
      );
    });

    test("a good one forgets the wrong ones before it", async () => {
      const person = await fixture.person();
      await fixture.bind(person, WRONG);
      expect(await fixture.bind(person, person.password)).toBe("ok");
      expect((await fixture.state(person)).badPwdCount).toBe(0);
    });

    test("locked: 775 with any password", async () => {
      const person = await fixture.person();
      await lockOut(fixture.directory, person.dn);
      expect(await fixture.bind(person, WRONG)).toBe("775");
      expect(await fixture.bind(person, person.password)).toBe("775");
    });
  });

  describe("certificate", () => {
    test("is refused under another name", async () => {
      const elsewhere = { ...fixture.directory, servername: "dc9.corp.example" };
      const attempt = connect(elsewhere, fixture.directory.administrator);
      await expect(attempt).rejects.toMatchObject({ code: "ERR_TLS_CERT_ALTNAME_INVALID" });
    });

    test("is refused where its authority is not trusted", async () => {
      const folder = await mkdtemp(join(tmpdir(), "other-authority-"));
      const { ca } = await LocalCertificates.open(folder);
      const attempt = connect({ ...fixture.directory, ca }, fixture.directory.administrator);
      await expect(attempt).rejects.toMatchObject({ code: "UNABLE_TO_VERIFY_LEAF_SIGNATURE" });
      await rm(folder, { recursive: true });
    });
  });
}
