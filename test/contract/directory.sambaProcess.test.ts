import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { canBind } from "../../local/accounts/canBind.ts";
import { LocalCertificates } from "../../local/certificates.ts";
import { sambaCache } from "../../local/samba/prepareSamba.ts";
import type { Privilege } from "../../local/samba/privilege.ts";
import { startSamba } from "../../local/samba/startSamba.ts";
import { describeWithSamba } from "../describeWithSamba.ts";

const DEADLINE_MS = 10_000;
const folder = mkdtempSync(join(tmpdir(), "samba-process-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** All that this machine offers, so that a test as root covers the way of those who are not. */
function offered(): Privilege[] {
  const unshare = spawnSync("unshare", ["--user", "--map-root-user", "--net", "--mount", "true"]);
  const isRoot = process.getuid?.() === 0;
  return [
    ...(isRoot ? ["root" as const] : []),
    ...(unshare.status === 0 ? ["namespaces" as const] : []),
  ];
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + DEADLINE_MS;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`Not so after ${DEADLINE_MS} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const listens = (url: string): Promise<boolean> =>
  new Promise((resolve) => {
    const { hostname, port } = new URL(url);
    const socket = connect({ host: hostname, port: Number(port) });
    socket.once("connect", () => resolve(true));
    socket.once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });

const serverFolders = async (pid: number): Promise<string[]> => {
  const names = await readdir(join(sambaCache(), "4.24", "root", "dc"));
  return names.filter((name) => name.startsWith(`server-${pid}-`));
};

describeWithSamba("Samba process", () => {
  test.each(offered())(
    "by means of %s: answers, side by side with another, and leaves nothing",
    async (means) => {
      const certificates = await LocalCertificates.open(folder);
      const start = () => startSamba({ version: "4.24", certificates, means });
      const [one, two] = await Promise.all([start(), start()]);
      expect(one.url).not.toBe(two.url);
      const { dn, password } = one.administrator;
      expect(await canBind(one, dn, password)).toBe("ok");
      expect(await canBind(two, dn, "not-the-password")).toBe("52e");
      expect(await serverFolders(process.pid)).toHaveLength(2);
      await one.stop();
      expect(await canBind(two, dn, password)).toBe("ok");
      await two.kill();
      await two.stop();
      expect([await listens(one.url), await listens(two.url)]).toEqual([false, false]);
      expect(await serverFolders(process.pid)).toEqual([]);
    },
    60_000,
  );

  test("ends when whoever started it is killed; the next start clears up", async () => {
    const script = `
      const { LocalCertificates } = await import("./local/certificates.ts");
      const { startSamba } = await import("./local/samba/startSamba.ts");
      const certificates = await LocalCertificates.open(process.argv[1]);
      console.log((await startSamba({ version: "4.24", certificates })).url);
    `;
    const owner = spawn(process.execPath, ["--input-type=module", "-e", script, folder], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [line] = (await once(owner.stdout, "data")) as [Buffer];
    const url = line.toString("utf8").trim();
    expect(await listens(url)).toBe(true);
    owner.kill("SIGKILL");
    await until(async () => !(await listens(url)));

    const certificates = await LocalCertificates.open(folder);
    const next = await startSamba({ version: "4.24", certificates });
    expect(await serverFolders(owner.pid ?? 0)).toEqual([]);
    await next.stop();
  });
});
