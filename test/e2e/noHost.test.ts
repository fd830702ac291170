import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { canBind } from "../../local/accounts/canBind.ts";
import { Child } from "../../local/stack/child.ts";
import type { HostSettings } from "../../local/stack/hostSettings.ts";
import { type Copy, end, start } from "./runningCopy.ts";

describe("npm start -- --no-host", () => {
  const folder = mkdtempSync(join(tmpdir(), "no-host-"));
  const file = join(folder, "local.settings.json");
  let copy: Copy | undefined;
  let host: Child | undefined;

  afterAll(async () => {
    await host?.stop();
    if (copy) await end(copy, "SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  });

  it("leaves the API to a host that finds in the file all it needs for a reset", async () => {
    copy = await start(folder, "stack", ["--no-host", "--settings", file]);
    const { api, tokens, users, directory, processes, hostSettings } = copy.description;
    expect(processes).toEqual({ agent: expect.any(Number) });
    expect(hostSettings?.file).toBe(file);
    await expect(fetch(`${api}/health`)).rejects.toThrow();
    expect(statSync(file).mode & 0o777).toBe(0o600);

    const { Values, Host }: HostSettings = JSON.parse(readFileSync(file, "utf8"));
    expect(new URL(api).port).toBe(String(Host.LocalHttpPort));
    host = new Child({
      command: ["local/host/main.ts", "--port", String(Host.LocalHttpPort)],
      environment: Values,
      logFile: join(folder, "host.log"),
    });
    const [first] = users;
    const newPassword = "Willow-Lantern-52";
    const reset = () =>
      fetch(`${api}/v1.0/me/resetPassword`, {
        method: "POST",
        headers: { Authorization: `Bearer ${tokens.userSteppedUp}` },
        body: JSON.stringify({ newPassword }),
      }).then(
        ({ status }) => status,
        () => 0,
      );
    const until = Date.now() + 90_000;
    while ((await availability(api, tokens.portal)) !== true && Date.now() < until)
      await delay(200);
    expect(await reset()).toBe(200);
    const ca = readFileSync(directory.caFile, "utf8");
    const upn = first?.userPrincipalName ?? "";
    expect(await canBind({ ...directory, ca }, upn, newPassword)).toBe("ok");
  }, 150_000);

  it("says in its greeting how to go on, and takes its settings away at the end", async () => {
    const printed = copy?.output.join("") ?? "";
    expect(printed).toContain("Everything but the functions' host is ready");
    expect(printed).toMatch(/^ {2}NODE_EXTRA_CA_CERTS=\S+ func start$/m);
    expect(printed).not.toContain("functions.log");
    expect(copy && (await end(copy, "SIGINT"))).toBe(0);
    expect(existsSync(file)).toBe(false);
  }, 60_000);
});

async function availability(api: string, token: string): Promise<boolean | undefined> {
  const headers = { Authorization: `Bearer ${token}` };
  const answer = await fetch(`${api}/v1.0/selfService/availability`, { headers }).catch(() => {});
  return answer?.ok ? ((await answer.json()) as { available: boolean }).available : undefined;
}
