import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DirectoryConnection } from "../../../../agent/directory/connection.ts";
import { DomainScope } from "../../../../agent/directory/domainScope.ts";
import { openPool } from "../../../../agent/directory/openPool.ts";
import { isPdcEmulator } from "../../../../agent/directory/pdcEmulator.ts";
import type { DirectoryPool } from "../../../../agent/directory/pool.ts";
import { readSecret } from "../../../../agent/secretFiles.ts";
import { resetPassword } from "../../../../local/accounts/passwordChanges.ts";
import { SERVICE_OU } from "../../../../local/samples.ts";
import { closedPort } from "../deadEnds.ts";
import type { OperationsFixture } from "./fixture.ts";

const UNLOCK = { operation: "unlock" } as const;

/** The domain controller, the connections to it, and the account that they are bound as. */
export function describeGround(fixture: OperationsFixture): void {
  test("the only domain controller is the PDC emulator, writable and up to date", async () => {
    expect(await fixture.pool.check()).toMatchObject({
      server: "dc1.corp.example",
      domain: fixture.directory.baseDn,
      isReadOnly: false,
      isSynchronized: true,
    });
    expect(await fixture.pool.look(5_000, isPdcEmulator)).toBe(true);
  });

  test("it knows the control that keeps a search within its domain, and takes it", async () => {
    const { baseDn } = fixture.directory;
    const search = async (connection: DirectoryConnection) => {
      expect(connection.rootDse.supportedControls).toContain(DomainScope.OID);
      return connection.search(baseDn, { scope: "sub", filter: "(cn=svc-canary)" });
    };
    expect(await fixture.pool.look(5_000, search)).toHaveLength(1);
  });

  test("a domain controller that is gone costs the job nothing but the next one's answer", async () => {
    const person = await fixture.person();
    const pool = fixture.newPool(undefined, [await closedPort()]);
    expect(await fixture.run(person, UNLOCK, fixture.job({ pool }))).toMatchObject({
      status: "succeeded",
      directory: { server: "dc1.corp.example" },
    });
    pool.close();
  });

  test("the UPN must be the cloud's where it is configured to, in whatever letter case", async () => {
    const person = await fixture.person();
    const settings = { ...fixture.settings, checkUserPrincipalName: true };
    const run = (userPrincipalName: string) => {
      const target = { ...person.target, userPrincipalName };
      return fixture.run({ target }, UNLOCK, fixture.job({ settings }));
    };
    expect(await run(person.userPrincipalName.toUpperCase())).toMatchObject({
      status: "succeeded",
    });
    expect(await run("somebody@corp.example")).toMatchObject({ code: "directoryUserMismatch" });
  });

  describe("the account's password is rolled while the agent works", () => {
    const folder = mkdtempSync(join(tmpdir(), "agent-secret-"));
    const file = join(folder, "service-account.secret");
    const account = { name: "svc-rolled", password: "First-Roll-of-the-Year-1" };
    let pool: DirectoryPool;
    beforeAll(async () => {
      await fixture.person({ ...account, ou: SERVICE_OU });
      writeFileSync(file, account.password, { mode: 0o600 });
      const { url, servername, ca } = fixture.directory;
      pool = openPool(
        {
          domainControllers: [{ url, servername }],
          ca,
          bindDn: `${account.name}@corp.example`,
          connections: 2,
          timeouts: { connect: 5_000, search: 5_000, modify: 10_000 },
        },
        () => readSecret("directory.domains.0.passwordFile", file),
      );
    });
    afterAll(() => {
      pool.close();
      rmSync(folder, { recursive: true });
    });

    const bound = async ({ usable }: DirectoryConnection) => usable;
    /** Opens a second connection, while another job holds the first one. */
    const twice = () => pool.use(5_000, bound, () => pool.look(5_000, bound));

    test("a connection that is bound stays so, and the next one takes the new secret", async () => {
      expect(await pool.use(5_000, bound, bound)).toBe(true);
      const dn = `CN=${account.name},${SERVICE_OU}`;
      await fixture.administrator.modify(dn, resetPassword("Second-Roll-of-the-Year-2"));
      expect(await pool.use(5_000, bound, bound)).toBe(true);
      await expect(twice()).rejects.toMatchObject({ evidence: { resultCode: 49 } });
      writeFileSync(file, "Second-Roll-of-the-Year-2\n");
      expect(await twice()).toBe(true);
    });

    test("a file that others may read by now is not used", async () => {
      pool.close();
      chmodSync(file, 0o640);
      await expect(pool.look(5_000, bound)).rejects.toMatchObject({ code: "secretUnusable" });
      chmodSync(file, 0o600);
      expect(await pool.look(5_000, bound)).toBe(true);
    });
  });
}
