import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client, Control } from "ldapts";
import { addUser } from "../../../../local/accounts/addUser.ts";
import { addValue, deleteValue, replaceValue } from "../../../../local/accounts/changes.ts";
import { connect } from "../../../../local/accounts/connect.ts";
import { addGroupWith, joinGroupWith } from "../../../../local/accounts/groups.ts";
import { resetPassword, unlock } from "../../../../local/accounts/passwordChanges.ts";
import { LocalCertificates } from "../../../../local/certificates.ts";
import type { PolicyHintsOffer } from "../../../../local/directory/domain/condition.ts";
import type { SimulatedDirectory } from "../../../../local/directory/simulatedDirectory.ts";
import { startSimulatedDirectory } from "../../../../local/directory/startSimulatedDirectory.ts";
import { until } from "../../../integration/agent/scriptedCloud.ts";

const folder = mkdtempSync(join(tmpdir(), "simulated-directory-"));
const USERS = "CN=Users,DC=corp,DC=example";
const SERVICE = { name: "svc", ou: USERS, password: "Service-Account-91" };
const NEXT = "Green-Lantern-52";

let directory: SimulatedDirectory;
let client: Client;
let alex: string;

async function start(policyHints: PolicyHintsOffer = true): Promise<void> {
  const certificates = await LocalCertificates.open(folder);
  directory = await startSimulatedDirectory({ certificates, policyHints });
  client = await connect(directory, directory.administrator);
  await client.modify(directory.baseDn, replaceValue("minPwdAge", "0"));
  ({ dn: alex } = await addUser(directory, { name: "alex", ou: USERS, password: "First-Bay-41" }));
}
afterEach(async () => {
  await client.unbind();
  await directory.stop();
});
afterAll(() => rmSync(folder, { recursive: true }));

async function rootEntry(attribute: string): Promise<unknown> {
  const { searchEntries } = await client.search("", { scope: "base", attributes: [attribute] });
  return searchEntries[0]?.[attribute];
}
const keyVersion = async (): Promise<unknown> =>
  (await client.search(alex, { scope: "base", attributes: ["msDS-KeyVersionNumber"] }))
    .searchEntries[0]?.["msDS-KeyVersionNumber"];

describe("policy hints", () => {
  const CURRENT = "1.2.840.113556.1.4.2239";
  const DEPRECATED = "1.2.840.113556.1.4.2066";
  test.each([
    [true, [CURRENT, DEPRECATED]],
    ["current", [CURRENT]],
    ["deprecated", [DEPRECATED]],
    [false, []],
  ] as const)("offered: %s", async (offer, known) => {
    await start(offer);
    const advertised = await rootEntry("supportedControl");
    for (const oid of [CURRENT, DEPRECATED]) {
      const isKnown = (known as readonly string[]).includes(oid);
      expect((advertised as string[]).includes(oid)).toBe(isKnown);
      class Hints extends Control {
        protected override writeControl(writer: Parameters<Control["write"]>[0]): void {
          writer.writeBuffer(Buffer.from("3003020101", "hex"), 0x04);
        }
      }
      const hints = new Hints(oid, { critical: true });
      const attempt = client.modify(alex, resetPassword("First-Bay-41"), hints);
      await expect(attempt).rejects.toMatchObject({ code: isKnown ? 53 : 12 });
    }
  });
});

describe("a controller's standing", () => {
  test("read-only: every write is referred elsewhere, reads go on; until it is not", async () => {
    await start();
    directory.condition.readOnly = true;
    for (const write of [
      () => client.modify(alex, resetPassword(NEXT)),
      () => client.modifyDN(alex, `CN=lex,${USERS}`),
      () => client.del(alex),
      () => client.add(`CN=new,${USERS}`, { objectClass: "user" }),
    ])
      await expect(write()).rejects.toThrow(/^0000202B: RefErr/);
    expect(await keyVersion()).toBe("1");
    expect(await rootEntry("supportedCapabilities")).toContain("1.2.840.113556.1.4.1920");
    directory.condition.readOnly = false;
    await client.modify(alex, resetPassword(NEXT));
    expect(await rootEntry("supportedCapabilities")).not.toContain("1.2.840.113556.1.4.1920");
  });

  test("a rootDSE that lies, or leaves something out", async () => {
    await start();
    directory.condition.rootDse = { isSynchronized: ["FALSE"], dnsHostName: [] };
    expect(await rootEntry("isSynchronized")).toBe("FALSE");
    expect(await rootEntry("dnsHostName")).toEqual([]);
    expect(await rootEntry("defaultNamingContext")).toBe(directory.baseDn);
  });
});

describe("faults", () => {
  test.each([true, false])("a notice of disconnection, applied: %s", async (applied) => {
    await start();
    directory.faults.next("modify", { kind: "disconnect", applied, code: 52 });
    await expect(client.modify(alex, resetPassword(NEXT))).rejects.toThrow();
    client = await connect(directory, directory.administrator);
    expect(await keyVersion()).toBe(applied ? "2" : "1");
  });

  test.each([
    [10, "0000202B: RefErr: DSID-0, data 0", ["ldaps://dc2.corp.example/"]],
    [51, "0000200E: SvcErr: DSID-0, problem 5001 (BUSY), data 0", undefined],
    [52, "0000200F: SvcErr: DSID-0, problem 5002 (UNAVAILABLE), data 0", undefined],
  ] as const)("refused with %i, once, and nothing done", async (code, diagnostic, referrals) => {
    await start();
    directory.faults.next("modify", {
      kind: "refuse",
      code,
      diagnostic,
      ...(referrals && { referrals }),
    });
    const attempt = client.modify(alex, resetPassword(NEXT));
    await expect(attempt).rejects.toThrow(diagnostic.slice(0, 16));
    expect(await keyVersion()).toBe("1");
    await client.modify(alex, resetPassword(NEXT));
  });

  test("a search past its size limit: what there was until then, and 4", async () => {
    await start();
    directory.faults.next("search", { kind: "refuse", code: 4 });
    const { searchEntries } = await client.search(USERS, { scope: "one", sizeLimit: 1 });
    expect(searchEntries).toEqual([]);
    const limited = await client.search(USERS, { scope: "one", sizeLimit: 2 });
    expect(limited.searchEntries).toHaveLength(2);
  });

  test("slow: committed long after the client has given up and gone", async () => {
    await start();
    const { url, ca, servername, administrator } = directory;
    const hasty = new Client({ url, timeout: 50, tlsOptions: { ca: [ca], servername } });
    await hasty.bind(administrator.dn, administrator.password);
    const before = directory.counters.modifiesApplied;
    directory.faults.next("modify", { kind: "late", milliseconds: 300 });
    await expect(hasty.modify(alex, resetPassword(NEXT))).rejects.toThrow("timed out");
    await until("committed", () => directory.counters.modifiesApplied > before);
    expect(await keyVersion()).toBe("2");
  });
});

describe("AdminSDHolder", () => {
  async function service(ou: string): Promise<Client> {
    const { dn } = await addUser(directory, SERVICE);
    await directory.delegate(SERVICE.name, ou);
    return connect(directory, { dn, password: SERVICE.password });
  }

  test("its pass cuts members off, however deep, and demotion gives nothing back", async () => {
    await start();
    const bound = await service(USERS);
    const inner = await addGroupWith(client, "inner", USERS, [alex]);
    await joinGroupWith(client, `CN=Domain Admins,${USERS}`, inner);
    await bound.modify(alex, unlock());
    directory.protectMembers();
    const denied = { code: 50 };
    await expect(bound.modify(alex, unlock())).rejects.toMatchObject(denied);
    await expect(bound.modify(alex, resetPassword(NEXT))).rejects.toMatchObject(denied);
    await client.modify(inner, deleteValue("member", alex));
    directory.protectMembers();
    await expect(bound.modify(alex, unlock())).rejects.toMatchObject(denied);
    const { searchEntries } = await client.search(alex, {
      scope: "base",
      attributes: ["adminCount"],
    });
    expect(searchEntries[0]).toMatchObject({ adminCount: "1" });
    await bound.unbind();
  });

  test("nobody else is touched by it, and its own rights are those of the protected", async () => {
    await start();
    const bound = await service(`CN=AdminSDHolder,CN=System,${directory.baseDn}`);
    await expect(bound.modify(alex, unlock())).rejects.toMatchObject({ code: 50 });
    directory.protectMembers();
    expect(
      (await client.search(alex, { scope: "base", attributes: ["adminCount"] })).searchEntries,
    ).toEqual([{ dn: alex, adminCount: [] }]);
    await client.modify(
      `CN=Server Operators,CN=Builtin,${directory.baseDn}`,
      addValue("member", alex),
    );
    directory.protectMembers();
    await bound.modify(alex, unlock());
    await bound.unbind();
  });
});
