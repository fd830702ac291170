import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect as connectTls, type TLSSocket } from "node:tls";
import fc from "fast-check";
import { Client, Control, EqualityFilter } from "ldapts";
import { addUser } from "../../../../local/accounts/addUser.ts";
import { addValue, deleteValue, replaceValue } from "../../../../local/accounts/changes.ts";
import { connect } from "../../../../local/accounts/connect.ts";
import { LocalCertificates } from "../../../../local/certificates.ts";
import { Gate } from "../../../../local/directory/gate.ts";
import type { SimulatedDirectory } from "../../../../local/directory/simulatedDirectory.ts";
import {
  type SimulatedDirectoryOptions,
  startSimulatedDirectory,
} from "../../../../local/directory/startSimulatedDirectory.ts";
import { quoted } from "./testDomain.ts";

const folder = mkdtempSync(join(tmpdir(), "simulated-directory-"));
const OLD = "Blue-Harbour-41";
const NEW = "Green-Lantern-52";
const users = "CN=Users,DC=corp,DC=example";
const alex = `CN=alex,${users}`;
const NOTICE_OF_DISCONNECTION = "1.3.6.1.4.1.1466.20036";

let directory: SimulatedDirectory;
let client: Client;

async function start(options: Partial<SimulatedDirectoryOptions> = {}): Promise<void> {
  const certificates = await LocalCertificates.open(folder);
  directory = await startSimulatedDirectory({ certificates, ...options });
  client = await connect(directory, directory.administrator);
  await client.modify(directory.baseDn, replaceValue("minPwdAge", "0"));
}
afterEach(async () => {
  await client.unbind();
  await directory.stop();
});
afterAll(() => rmSync(folder, { recursive: true }));

const reset = (password: string): Promise<void> =>
  client.modify(alex, replaceValue("unicodePwd", quoted(password)));
const addAlex = () => addUser(directory, { name: "alex", ou: users, password: OLD });
async function signIn(password: string): Promise<boolean> {
  const attempt = connect(directory, { dn: alex, password });
  return attempt.then(
    async (bound) => {
      await bound.unbind();
      return true;
    },
    () => false,
  );
}
async function rawSocket(): Promise<TLSSocket> {
  const { hostname, port } = new URL(directory.url);
  const { ca, servername } = directory;
  const socket = connectTls({ host: hostname, port: Number(port), ca, servername });
  await new Promise((resolve) => socket.once("secureConnect", resolve));
  return socket;
}
async function untilClosed(socket: TLSSocket): Promise<Buffer> {
  const chunks: Buffer[] = [];
  socket.on("data", (chunk: Buffer) => chunks.push(chunk)).on("error", () => {});
  await new Promise((resolve) => socket.once("close", resolve));
  return Buffer.concat(chunks);
}

describe("administration over LDAP", () => {
  beforeEach(() => start());

  test("objects are added, renamed, moved and deleted; GUID and membership stay", async () => {
    const { objectGuid } = await addAlex();
    const ou = `OU=Staff,${directory.baseDn}`;
    await client.add(ou, { objectClass: "organizationalUnit" });
    const group = `CN=Team,${ou}`;
    await client.add(group, { objectClass: "group", member: alex });
    await client.modifyDN(alex, `CN=Alexandra,${ou}`);
    await client.modifyDN(ou, `OU=People,${directory.baseDn}`);
    const found = await client.search(`<GUID=${objectGuid.toString("hex")}>`, {
      scope: "base",
      attributes: ["cn", "name", "memberOf"],
    });
    const people = `OU=People,${directory.baseDn}`;
    expect(found.searchEntries).toEqual([
      {
        dn: `CN=Alexandra,${people}`,
        cn: "Alexandra",
        name: "Alexandra",
        memberOf: `CN=Team,${people}`,
      },
    ]);
    await expect(client.search(alex, { scope: "base" })).rejects.toMatchObject({ code: 32 });
    await expect(client.del(people)).rejects.toMatchObject({ code: 66 });
    await client.del(`CN=Team,${people}`);
    await client.del(`CN=Alexandra,${people}`);
    await client.del(people);
    await expect(client.search(people, { scope: "base" })).rejects.toMatchObject({ code: 32 });
  });

  test("names are given once", async () => {
    await addAlex();
    const again = { objectClass: "user", sAMAccountName: "other" };
    await expect(client.add(alex, again)).rejects.toMatchObject({ code: 68 });
    const other = `CN=other,${users}`;
    const sameAccount = { objectClass: "user", sAMAccountName: "ALEX" };
    await expect(client.add(other, sameAccount)).rejects.toMatchObject({ code: 68 });
    const sameUpn = { ...again, userPrincipalName: "Alex@corp.example" };
    await expect(client.add(other, sameUpn)).rejects.toMatchObject({ code: 19 });
    await expect(client.search(other, { scope: "base" })).rejects.toMatchObject({ code: 32 });
  });

  test.each([
    ["without a known class", { objectClass: "nonsense" }, 65],
    ["enabled but without a password", { objectClass: "user", userAccountControl: "512" }, 53],
    ["with an unknown attribute", { objectClass: "user", noSuch: "x" }, 16],
    ["under the wrong naming attribute", { objectClass: "organizationalUnit" }, 64],
  ])("nothing is added %s", async (_what, attributes, code) => {
    const attempt = client.add(`CN=other,${users}`, attributes);
    await expect(attempt).rejects.toMatchObject({ code });
  });

  test("groups are seen through, the primary one included", async () => {
    await addAlex();
    const groups = ["inner", "outer"].map((name) => `CN=${name},${users}`);
    for (const group of groups) await client.add(group, { objectClass: "group" });
    await client.modify(groups[0] ?? "", addValue("member", alex));
    await client.modify(groups[1] ?? "", addValue("member", groups[0] ?? ""));
    const { searchEntries } = await client.search(alex, {
      scope: "base",
      attributes: ["tokenGroups"],
      explicitBufferAttributes: ["tokenGroups"],
    });
    const sids = [searchEntries[0]?.tokenGroups ?? []].flat() as Buffer[];
    const rids = sids.map((sid) => sid.readUInt32LE(sid.length - 4));
    expect(rids).toEqual(expect.arrayContaining([513, 545]));
    expect(rids).toHaveLength(4);
    const everywhere = client.search(users, { attributes: ["tokenGroups"] });
    await expect(everywhere).rejects.toMatchObject({ code: 1 });
    await client.modify(groups[0] ?? "", deleteValue("member", alex));
    const after = await client.search(alex, { scope: "base", attributes: ["tokenGroups"] });
    expect(after.searchEntries[0]?.tokenGroups).toHaveLength(2);
  });
});

describe("search", () => {
  beforeEach(() => start());

  test("in pages, everything once", async () => {
    const whole = await client.search(directory.baseDn, { attributes: ["1.1"] });
    const paged = await client.search(directory.baseDn, {
      attributes: ["1.1"],
      paged: { pageSize: 4 },
    });
    expect(whole.searchEntries.length).toBeGreaterThan(20);
    expect(paged.searchEntries).toEqual(whole.searchEntries);
  });

  test("the configuration is a context of its own, to which a reference points", async () => {
    const filter = new EqualityFilter({ attribute: "objectClass", value: "nTDSDSA" });
    const above = await client.search(directory.baseDn, { filter });
    expect(above.searchEntries).toEqual([]);
    expect(above.searchReferences).toEqual([
      "ldaps://corp.example/CN=Configuration,DC=corp,DC=example",
    ]);
    const within = await client.search(`CN=Configuration,${directory.baseDn}`, { filter });
    expect(within.searchEntries).toHaveLength(1);
    const domainScope = new Control("1.2.840.113556.1.4.1339", { critical: true });
    const scoped = await client.search(directory.baseDn, { filter }, [domainScope]);
    expect(scoped.searchReferences).toEqual([]);
  });

  test("replication metadata counts the passwords and names this controller", async () => {
    await addAlex();
    const entry = async () => {
      const attributes = ["replPropertyMetaData", "msDS-KeyVersionNumber"];
      const options = { scope: "base", attributes, explicitBufferAttributes: attributes } as const;
      const { searchEntries } = await client.search(alex, options);
      const metadata = searchEntries[0]?.replPropertyMetaData as Buffer;
      const version = Number(searchEntries[0]?.["msDS-KeyVersionNumber"]);
      const at = Array.from(
        { length: metadata.readUInt32LE(8) },
        (_, index) => 16 + 48 * index,
      ).find((start) => metadata.readUInt32LE(start) === 0x9005a);
      return { version, stamped: metadata.readUInt32LE((at ?? 0) + 4) };
    };
    const before = await entry();
    await reset(NEW);
    expect(await entry()).toEqual({
      version: before.version + 1,
      stamped: before.stamped + 1,
    });
    expect(before.stamped).toBe(before.version);
  });
});

describe("policy hints", () => {
  const hints = new Control("1.2.840.113556.1.4.2239", { critical: true });
  const supported = async () => {
    const { searchEntries } = await client.search("", { scope: "base" });
    return searchEntries[0]?.supportedControl;
  };

  test("left out: not advertised, and refused where critical", async () => {
    await start({ policyHints: false });
    await addAlex();
    expect(await supported()).not.toContain(hints.type);
    const changes = replaceValue("unicodePwd", quoted(NEW));
    await expect(client.modify(alex, changes, hints)).rejects.toMatchObject({ code: 12 });
    expect(await signIn(OLD)).toBe(true);
    await client.modify(alex, changes, new Control(hints.type));
    expect(await signIn(NEW)).toBe(true);
  });

  test("without a value they can't be read: refused where critical, else ignored", async () => {
    await start();
    await addAlex();
    expect(await supported()).toContain(hints.type);
    const same = replaceValue("unicodePwd", quoted(OLD));
    await expect(client.modify(alex, same, hints)).rejects.toMatchObject({ code: 12 });
    await client.modify(alex, same, new Control(hints.type));
  });
});

describe("faults", () => {
  test.each([
    { kind: "drop", applied: true },
    { kind: "drop", applied: false },
    { kind: "silence", applied: true },
    { kind: "silence", applied: false },
    { kind: "garbage", applied: true },
    { kind: "garbage", applied: false },
  ] as const)("$kind, applied: $applied", async (fault) => {
    await start();
    await addAlex();
    await client.unbind();
    const { url, ca, servername, administrator } = directory;
    client = new Client({ url, timeout: 200, tlsOptions: { ca: [ca], servername } });
    await client.bind(administrator.dn, administrator.password);
    const { modifies, modifiesApplied } = directory.counters;
    directory.faults.next("modify", fault);
    await expect(reset(NEW)).rejects.not.toHaveProperty("code", 53);
    expect(directory.counters.modifies).toBe(modifies + 1);
    expect(directory.counters.modifiesApplied).toBe(modifiesApplied + Number(fault.applied));
    expect(await signIn(NEW)).toBe(fault.applied);
    expect(await signIn(OLD)).toBe(!fault.applied);
  });

  test("late: nothing until then, then all of it", async () => {
    await start();
    await addAlex();
    directory.faults.next("modify", { kind: "late", milliseconds: 50 });
    const pending = reset(NEW);
    expect(await signIn(OLD)).toBe(true);
    await pending;
    expect(await signIn(NEW)).toBe(true);
  });

  test.each([true, false])("held at a gate, applied before: %s", async (applied) => {
    await start();
    await addAlex();
    const gate = new Gate();
    directory.faults.next(
      "modify",
      { kind: "hold", applied, gate },
      (operation) => operation.kind === "modify" && operation.dn === alex,
    );
    const pending = reset(NEW);
    await gate.arrived;
    expect(await signIn(NEW)).toBe(applied);
    gate.release();
    await pending;
    expect(await signIn(NEW)).toBe(true);
  });

  test("refused as it comes, once", async () => {
    await start();
    await addAlex();
    directory.faults.next("modify", { kind: "refuse", code: 51, diagnostic: "0000200E: busy" });
    await expect(reset(NEW)).rejects.toMatchObject({ code: 51 });
    await reset(NEW);
  });

  test("latency holds answers back, not effects", async () => {
    await start({ latency: (operation) => (operation.kind === "modify" ? 60 : 0) });
    await addAlex();
    const began = performance.now();
    const pending = reset(NEW);
    expect(await signIn(NEW)).toBe(true);
    await pending;
    expect(performance.now() - began).toBeGreaterThan(50);
  });
});

describe("the wire", () => {
  beforeEach(() => start());

  test("a failed bind leaves the connection anonymous", async () => {
    const wrong = client.bind(directory.administrator.dn, "Wrong-Password-99");
    await expect(wrong).rejects.toMatchObject({ code: 49 });
    const search = client.search(directory.baseDn);
    await expect(search).rejects.toMatchObject({ code: 1 });
  });

  test("what is no message gets a notice of disconnection, and nobody else notices", async () => {
    const socket = await rawSocket();
    const closed = untilClosed(socket);
    socket.write("GET / HTTP/1.1\r\n\r\n");
    expect((await closed).toString("latin1")).toContain(NOTICE_OF_DISCONNECTION);
    await client.search("", { scope: "base" });
  });

  test("any bytes are answered or the connection is closed; the directory lives on", async () => {
    const noise = fc.uint8Array({ minLength: 1, maxLength: 80 });
    const framed = noise.map((bytes) => Uint8Array.of(0x30, bytes.length, ...bytes));
    const request = noise.map((bytes) =>
      Uint8Array.of(0x30, bytes.length + 5, 2, 1, 1, 0x63, bytes.length, ...bytes),
    );
    await fc.assert(
      fc.asyncProperty(fc.oneof(noise, framed, request), async (bytes) => {
        const socket = await rawSocket();
        const closed = untilClosed(socket);
        socket.end(bytes);
        await closed;
      }),
      { numRuns: 60 },
    );
    const { searchEntries } = await client.search("", { scope: "base" });
    expect(searchEntries).toHaveLength(1);
  });

  test("answers are matched when many requests come in one piece", async () => {
    const searches = Array.from({ length: 50 }, (_, at) =>
      at % 2 === 0
        ? client.search(directory.baseDn, { scope: "base", attributes: ["dc"] })
        : client.search("", { scope: "base", attributes: ["dnsHostName"] }),
    );
    const dns = (await Promise.all(searches)).map(({ searchEntries }) => searchEntries[0]?.dn);
    expect(dns).toEqual(dns.map((_, at) => (at % 2 === 0 ? directory.baseDn : "")));
  });
});
