import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { routes } from "../../functions/routes.ts";
import { canBind } from "../../local/accounts/canBind.ts";
import type { HostSettings } from "../../local/stack/hostSettings.ts";
import { StagedApp } from "../integration/host/stagedApp.ts";
import { type StagedHost, startStagedHost } from "../integration/host/stagedHost.ts";
import { type Copy, end, start } from "./runningCopy.ts";

const FOLDER = mkdtempSync(join(tmpdir(), "no-host-"));
const STAGING = join(FOLDER, "functions");
const SETTINGS = join(STAGING, "local.settings.json");
const build = () =>
  promisify(execFile)(process.execPath, [
    ...["scripts/build.ts", "--only", "functions", "--out", FOLDER],
  ]);

describe("the staging folder, against npm start -- --no-host", () => {
  let copy: Copy;
  let app: StagedApp | undefined;
  let host: StagedHost | undefined;

  beforeAll(async () => {
    await build();
    copy = await start(FOLDER, "stack", ["--no-host", "--settings", SETTINGS]);
  }, 150_000);
  afterAll(async () => {
    await host?.stop();
    await app?.stop();
    if (copy) await end(copy, "SIGKILL");
    rmSync(FOLDER, { recursive: true, force: true });
  });

  const call = (method: string, path: string, token?: string, body?: string) =>
    fetch(`${copy.description.api}${path}`, {
      method,
      headers: {
        "Content-Type": "application/json",
        ...(token !== undefined && { Authorization: `Bearer ${token}` }),
      },
      ...(body !== undefined && { body }),
    });

  it("is left to a host that finds its settings in it, also after another build", async () => {
    const { api, processes, hostSettings } = copy.description;
    expect(processes).toEqual({ agent: expect.any(Number) });
    expect(hostSettings?.file).toBe(SETTINGS);
    await expect(fetch(`${api}/health`)).rejects.toThrow();
    expect(statSync(SETTINGS).mode & 0o777).toBe(0o600);
    const before = readFileSync(SETTINGS, "utf8");
    await build();
    expect(readFileSync(SETTINGS, "utf8")).toBe(before);

    const { Values, Host }: HostSettings = JSON.parse(before);
    expect(new URL(api).port).toBe(String(Host.LocalHttpPort));
    app = await StagedApp.start(STAGING, Values);
    host = await startStagedHost(app, STAGING, Host.LocalHttpPort);
  }, 60_000);

  it("serves every route: strangers are refused, by the app and not by the host", async () => {
    const { customHeaders } = JSON.parse(readFileSync(join(STAGING, "host.json"), "utf8"))
      .extensions.http as { customHeaders: Record<string, string> };
    for (const { name, method, route, guard } of routes) {
      const answer = await call(method, `/${route.replaceAll(/\{\w+\}/g, "nobody")}`);
      const status = guard.callers === "anyone" ? 200 : 401;
      expect([name, answer.status]).toEqual([name, status]);
      expect(answer.headers.get("request-id")).toMatch(/^[\w-]+$/);
      for (const [header, value] of Object.entries(customHeaders))
        expect([header, answer.headers.get(header)]).toEqual([header, value]);
      expect(answer.headers.getSetCookie()).toEqual([]);
    }
  });

  it("lets somebody in on every route, and answers in words of its own", async () => {
    const { tokens } = copy.description;
    for (const { name, method, route, guard } of routes) {
      if (guard.callers === "anyone") continue;
      const answers = await Promise.all(
        Object.values(tokens).map(async (token) => {
          const path = `/${route.replaceAll(/\{\w+\}/g, "nobody")}`;
          const answer = await call(method, path, token, method === "GET" ? undefined : "{}");
          return { status: answer.status, text: await answer.text() };
        }),
      );
      // An agent's own, with a token of its certificate: without them it would not be live below.
      const isAgents = route.startsWith("v1.0/agents/{id}/");
      const isLetIn = answers.some(({ status }) => status !== 401 && status !== 403);
      expect([name, isLetIn]).toEqual([name, !isAgents]);
      expect([name, answers.filter(({ status }) => status === 500)]).toEqual([name, []]);
      for (const { text } of answers) expect(text === "" ? {} : JSON.parse(text)).toBeTruthy();
    }
  }, 60_000);

  it("does a reset that the directory then holds to", async () => {
    const { tokens, users, directory } = copy.description;
    const until = Date.now() + 90_000;
    while ((await available(tokens.portal)) !== true && Date.now() < until) await delay(200);
    const newPassword = "Willow-Lantern-52";
    const body = JSON.stringify({ newPassword });
    const reset = await call("POST", "/v1.0/me/resetPassword", tokens.userSteppedUp, body);
    expect([reset.status, await reset.json()]).toMatchObject([200, { status: "succeeded" }]);
    const ca = readFileSync(directory.caFile, "utf8");
    const upn = users[0]?.userPrincipalName ?? "";
    expect(await canBind({ ...directory, ca }, upn, newPassword)).toBe("ok");
  }, 120_000);

  it("keeps to the host's rules: no other method, no chunks, no more than it takes", async () => {
    const { user } = copy.description.tokens;
    for (const method of ["GET", "HEAD", "OPTIONS"])
      expect((await call(method, "/v1.0/me/changePassword", user)).status).toBe(404);
    const huge = " ".repeat(65_537);
    expect((await call("POST", "/v1.0/me/changePassword", user, huge)).status).toBe(413);
    const chunked = await inChunks("/v1.0/me/changePassword", user, '{"newPassword":"x"}');
    expect(chunked).toMatchObject([400, { error: { innerError: { code: "bodyMissing" } } }]);
  });

  it("loses its settings when the stack ends, and was greeted with how to go on", async () => {
    const printed = copy.output.join("");
    expect(printed).toContain("Everything but the functions' host is ready");
    expect(printed).toMatch(/^ {2}NODE_EXTRA_CA_CERTS=".+" func start$/m);
    expect(printed).not.toContain("functions.log");
    expect(await end(copy, "SIGINT")).toBe(0);
    expect(existsSync(SETTINGS)).toBe(false);
  }, 60_000);

  async function available(token: string): Promise<boolean | undefined> {
    const answer = await call("GET", "/v1.0/selfService/availability", token).catch(() => {});
    return answer?.ok ? ((await answer.json()) as { available: boolean }).available : undefined;
  }

  /** Without `Content-Length`, as `curl -H "Transfer-Encoding: chunked"` sends it. */
  function inChunks(path: string, token: string, body: string): Promise<[number, unknown]> {
    return new Promise((resolve, reject) => {
      const headers = { Authorization: `Bearer ${token}`, "Content-Type": "application/json" };
      const sent = request(
        `${copy.description.api}${path}`,
        { method: "POST", headers },
        (answer) => {
          let text = "";
          answer.on("data", (chunk) => {
            text += chunk;
          });
          answer.on("end", () => resolve([answer.statusCode ?? 0, JSON.parse(text)]));
        },
      );
      sent.on("error", reject);
      sent.write(body);
      sent.end();
    });
  }
});
