import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { TableClient } from "@azure/data-tables";
import { ClientCertificateCredential } from "@azure/identity";
import { startTables } from "../../local/tables/startTables.ts";
import { AGENT, startTenant, TENANT, type Tenant } from "./identityFixture.ts";

let tenant: Tenant;
beforeAll(async () => {
  tenant = await startTenant();
});
afterAll(() => tenant.stop());

const client = (url: string) => {
  const tls = { tlsOptions: { ca: tenant.certificates.ca } };
  const credential = new ClientCertificateCredential(
    TENANT,
    AGENT.clientId,
    { certificate: tenant.agentPem },
    { authorityHost: tenant.identity.authority, disableInstanceDiscovery: true, ...tls },
  );
  return new TableClient(url, "kept", credential, { ...tls, retryOptions: { maxRetries: 0 } });
};

function runs(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function ended(pid: number): Promise<boolean> {
  const deadline = Date.now() + 5000;
  while (runs(pid) && Date.now() < deadline) await new Promise((next) => setTimeout(next, 20));
  return !runs(pid);
}

test("rows outlive a restart in the folder; two run side by side", async () => {
  const folder = join(tenant.folder, "tables");
  const options = { certificates: tenant.certificates, folder };
  const first = await startTables(options);
  const other = await startTables({ certificates: tenant.certificates });
  expect(other.url).not.toBe(first.url);
  await client(first.url).createTable();
  await client(first.url).createEntity({ partitionKey: "p", rowKey: "r", text: "kept" });
  await expect(client(other.url).getEntity("p", "r")).rejects.toMatchObject({ statusCode: 404 });
  await Promise.all([first.stop(), other.stop()]);
  expect([runs(first.pid), runs(other.pid)]).toEqual([false, false]);

  const again = await startTables(options);
  expect((await client(again.url).getEntity("p", "r")).text).toBe("kept");
  await again.stop();
  await again.stop();
});

test("a port that is taken fails with Azurite's own words", async () => {
  const first = await startTables({ certificates: tenant.certificates });
  const port = Number(new URL(first.url).port);
  const second = startTables({ certificates: tenant.certificates, port });
  await expect(second).rejects.toThrow("EADDRINUSE");
  await first.stop();
});

test("it ends when its parent is killed without a word", async () => {
  const script = `
    const { LocalCertificates } = await import("./local/certificates.ts");
    const { startTables } = await import("./local/tables/startTables.ts");
    const certificates = await LocalCertificates.open(process.env.CERTIFICATES);
    console.log((await startTables({ certificates })).pid);
  `;
  const parent = spawn(process.execPath, ["--input-type=module", "--eval", script], {
    env: { ...process.env, CERTIFICATES: join(tenant.folder, "certificates") },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = (await once(createInterface({ input: parent.stdout }), "line")) as [string];
  const pid = Number(line);
  expect(runs(pid)).toBe(true);
  parent.kill("SIGKILL");
  expect(await ended(pid)).toBe(true);
});
