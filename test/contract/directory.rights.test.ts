import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Client } from "ldapts";
import { addUserWith } from "../../local/accounts/addUser.ts";
import { replaceValue } from "../../local/accounts/changes.ts";
import { connect } from "../../local/accounts/connect.ts";
import { compareAndSet, resetPassword, unlock } from "../../local/accounts/passwordChanges.ts";
import {
  addPasswordSettingsWith,
  SETTINGS_CONTAINER,
} from "../../local/accounts/passwordSettings.ts";
import { readUserWith } from "../../local/accounts/readUser.ts";
import { LocalCertificates } from "../../local/certificates.ts";
import { startSamba } from "../../local/samba/startSamba.ts";
import { SERVICE_ACCOUNT, SERVICE_OU, STAFF_OU } from "../../local/samples.ts";
import { SAMPLE_POLICY } from "../../local/seed.ts";
import { describeWithSamba } from "../describeWithSamba.ts";

const folder = mkdtempSync(join(tmpdir(), "rights-"));
afterAll(() => rmSync(folder, { recursive: true }));

const page = readFileSync(join(process.cwd(), "docs/directory.md"), "utf8");
const block = (language: string): string =>
  new RegExp(`\`\`\`${language}\\n([^\`]*)\`\`\``).exec(page)?.[1] ?? "";
const guidsOf = (text: string): Set<string> =>
  new Set(text.match(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g));

test("PowerShell grants the same rights as samba-tool, and the table has them", () => {
  const guids = guidsOf(block("sh"));
  expect(guids.size).toBe(5);
  expect(guidsOf(block("powershell"))).toEqual(guids);
  const table = page.slice(page.indexOf("## Rights"), page.indexOf("### With dsacls"));
  const userClass = "bf967aba-0de6-11d0-a285-00aa003049e2";
  for (const guid of guids) if (guid !== userClass) expect(table).toContain(guid);
});

describeWithSamba("the commands of docs/directory.md", () => {
  test.each(["4.24", "4.17"] as const)(
    "on Samba %s they are all that is needed",
    async (version) => {
      const certificates = await LocalCertificates.open(folder);
      const directory = await startSamba({ version, certificates });
      const { baseDn } = directory;
      const administrator = await connect(directory, directory.administrator);
      for (const ou of [STAFF_OU, SERVICE_OU])
        await administrator.add(ou, { objectClass: "organizationalUnit" });
      const account = { ...SERVICE_ACCOUNT, ou: SERVICE_OU };
      const { dn } = await addUserWith(administrator, baseDn, account);
      const user = { name: "tess", password: "First-Harbour-17" };
      const person = await addUserWith(administrator, baseDn, user);
      const settings = await addPasswordSettingsWith(administrator, baseDn, {
        ...SAMPLE_POLICY,
        name: "Strict",
        precedence: 10,
        appliesTo: [person.dn],
      });
      await directory.withholdUnexpire();
      const service = await connect(directory, { dn, password: account.password });
      const age = async () => (await readUserWith(administrator, baseDn, "tess")).pwdLastSet;
      const everything = [
        async () => [...resetPassword("Second-Tide-28"), ...compareAndSet(await age(), -1)],
        async () => unlock(),
        async () => compareAndSet(await age(), 0),
      ];
      for (const changes of everything)
        await expect(service.modify(person.dn, await changes())).rejects.toMatchObject({
          code: 50,
        });
      expect(await minimumLength(service, settings)).toEqual([]);

      await directory.administer(block("sh"));

      for (const changes of everything) await service.modify(person.dn, await changes());
      expect(await minimumLength(service, settings)).toBe("8");
      for (const [target, changes] of [
        [person.dn, replaceValue("description", "x")],
        [settings, replaceValue("msDS-MinimumPasswordLength", "1")],
        [`${SETTINGS_CONTAINER},${baseDn}`, replaceValue("description", "x")],
        [baseDn, replaceValue("minPwdLength", "1")],
        [dn, resetPassword("Own-Account-39")],
      ] as const)
        await expect(service.modify(target, changes)).rejects.toMatchObject({ code: 50 });
      for (const client of [service, administrator]) await client.unbind();
      await directory.stop();
    },
    120_000,
  );
});

async function minimumLength(client: Client, settings: string): Promise<unknown> {
  const attributes = ["msDS-MinimumPasswordLength"];
  const { searchEntries } = await client.search(settings, { scope: "base", attributes });
  return searchEntries[0]?.["msDS-MinimumPasswordLength"];
}
