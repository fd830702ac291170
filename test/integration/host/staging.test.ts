import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { readConfiguration } from "../../../functions/configuration.ts";
import { routes } from "../../../functions/routes.ts";
import { timers } from "../../../functions/timers.ts";
import { LocalCertificates } from "../../../local/certificates.ts";
import { joinedQuery } from "../../../local/host/query.ts";
import { SAMPLE_USERS } from "../../../local/samples.ts";
import { type Cloud, startCloud } from "../functions/cloud.ts";
import { eventually } from "../functions/testCloud.ts";
import { type StagedAnswer, StagedApp } from "./stagedApp.ts";

const FOLDER = mkdtempSync(join(tmpdir(), "staging-"));
const STAGING = join(FOLDER, "functions");
const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];

let cloud: Cloud;
let app: StagedApp;
let settings: Record<string, string>;
beforeAll(async () => {
  const built = promisify(execFile)(process.execPath, [
    ...["scripts/build.ts", "--only", "functions", "--out", FOLDER],
  ]);
  cloud = await startCloud();
  const { caFile } = await LocalCertificates.open(join(process.cwd(), ".local/certificates"));
  settings = { ...cloud.settings, NODE_EXTRA_CA_CERTS: caFile };
  await built;
  app = await StagedApp.start(STAGING, settings);
}, 120_000);
afterAll(async () => {
  await app.stop();
  await cloud.stop();
  rmSync(FOLDER, { recursive: true });
});

interface Mapped {
  readonly name: string;
  readonly segments: readonly string[];
  readonly methods: readonly string[];
}
/** What the host maps, in the order in which it tries them. */
const mapped = (): Mapped[] =>
  app.told.registered
    .flatMap(({ name, bindings }) =>
      Object.values(bindings).flatMap(({ type, route, methods }): Mapped[] =>
        type === "httpTrigger"
          ? [{ name, segments: String(route).split("/"), methods: [methods].flat().map(String) }]
          : [],
      ),
    )
    .sort((a, b) => (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1));

const isParameter = (segment: string): boolean => segment.startsWith("{");
const overlap = (one: Mapped, other: Mapped): boolean =>
  one.segments.length === other.segments.length &&
  one.methods.some((method) => other.methods.includes(method)) &&
  one.segments.every((segment, at) => {
    const facing = other.segments[at] ?? "";
    const either = isParameter(segment) || isParameter(facing);
    return either || segment.toLowerCase() === facing.toLowerCase();
  });

/** What each timer logs when all of it went well. */
const WORK: Readonly<Record<string, readonly string[]>> = {
  purgeRecords: ["recordsPurged"],
  keepAudit: ["auditCompleted", "auditPurged"],
};

const codeOf = ({ text }: StagedAnswer): string | undefined =>
  JSON.parse(text).error?.innerError?.code;
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const json = (token: string) => ({ ...bearer(token), "content-type": "application/json" });

describe("what the host is told", () => {
  test("one function per route, each anonymous to the host, and one per timer", () => {
    const triggers = (kind: string) =>
      app.told.registered.flatMap(({ name, bindings }) =>
        Object.values(bindings).flatMap((binding): Record<string, unknown>[] =>
          binding.type === kind ? [{ ...binding, name }] : [],
        ),
      );
    expect(app.told.registered).toHaveLength(routes.length + timers.length);
    expect(triggers("timerTrigger")).toMatchObject(
      timers.map(({ name, minute }) => ({ name, schedule: `0 ${minute} * * * *` })),
    );
    expect(triggers("httpTrigger")).toMatchObject(
      routes.map(({ name, route, method }) => {
        return { name, route, methods: [method], authLevel: "anonymous" };
      }),
    );
  });

  test("hooks for start and end, and that stack traces are mapped", () => {
    expect([...app.told.hooks].sort()).toEqual(["appStart", "appTerminate"]);
    expect(app.told.mapped).toBe(true);
  });

  test("no server of its own for streams, in the app or in its sources", () => {
    expect(app.told.capabilities).not.toHaveProperty("HttpUri");
    const sources = readdirSync("functions", { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts"))
      .map((name) => readFileSync(join("functions", name), "utf8"));
    expect(sources.length).toBeGreaterThan(50);
    expect(sources.filter((text) => text.includes("enableHttpStream"))).toEqual([]);
  });

  test("nothing but calls and timers: a warm-up would never come on this plan", () => {
    const kinds = app.told.registered.flatMap(({ bindings }) =>
      Object.values(bindings).map(({ type }) => type),
    );
    expect(new Set(kinds)).toEqual(new Set(["httpTrigger", "http", "timerTrigger"]));
    expect(mapped().filter(({ segments }) => segments.includes("warmup"))).toEqual([]);
  });

  test("no two routes of which the host would have to choose one by the order of names", () => {
    const all = mapped();
    const pairs = all.flatMap((one, at) =>
      all.slice(at + 1).flatMap((other) => (overlap(one, other) ? [[one.name, other.name]] : [])),
    );
    expect(pairs).toEqual([]);
    const own = { name: "z", segments: ["v1.0", "{any}", "changePassword"], methods: ["POST"] };
    expect(all.filter((one) => overlap(one, own)).map(({ name }) => name)).toEqual([
      "changeOwnPassword",
      "selfServiceChangePassword",
    ]);
  });

  test("its host.json: addresses as in the table, no second throttle, nothing to download", () => {
    const host = JSON.parse(readFileSync(join(STAGING, "host.json"), "utf8"));
    expect(host.version).toBe("2.0");
    // Extensions would be for other triggers than calls and timers.
    expect(host).not.toHaveProperty("extensionBundle");
    expect(host.extensions.http).toMatchObject({
      routePrefix: "",
      dynamicThrottlesEnabled: false,
      hsts: { isEnabled: true },
      customHeaders: { "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff" },
    });
    const [hours = 0, minutes = 0, seconds = 0] = host.functionTimeout.split(":").map(Number);
    const { TOTAL_WAIT_SECONDS: wait } = readConfiguration(settings);
    expect(hours * 3_600 + minutes * 60 + seconds).toBeGreaterThan(2 * wait);
  });

  test("no method that the table does not name: the host answers 404 to it", () => {
    for (const { route } of routes) {
      const told = mapped().filter(({ segments }) => segments.join("/") === route);
      const wanted = routes.filter((other) => other.route === route).map(({ method }) => method);
      const answered = METHODS.filter((method) => told.some((one) => one.methods.includes(method)));
      expect(answered.sort()).toEqual([...wanted].sort());
    }
  });
});

describe("every function, called as the worker calls it", () => {
  test.each(routes.map(({ name, method, guard }) => [name, method, guard.callers] as const))(
    "%s answers a stranger",
    async (name, method, callers) => {
      const answer = await app.call(name, { method, params: { id: "nobody" } });
      expect(answer.headers["request-id"]).toMatch(/^[\w-]+$/);
      if (callers === "anyone") {
        expect([answer.status, JSON.parse(answer.text)]).toEqual([200, { status: "ok" }]);
        return;
      }
      expect([answer.status, codeOf(answer)]).toEqual([401, "unauthenticated"]);
      expect(answer.headers["www-authenticate"]).toContain("Bearer");
    },
  );

  test.each(timers.map(({ name }) => [name]))("%s runs and does its work", async (name) => {
    const { logged } = await app.tick(name);
    expect(logged.map((line) => JSON.parse(line).event)).toEqual(WORK[name]);
  });

  test("a probe goes through the bus to an agent and back", async () => {
    const body = JSON.stringify({ connector: "corp" });
    const headers = json(await cloud.tokens.operator());
    // The app answers while it is still opening its lines to the bus.
    await eventually(
      "the probe is answered",
      async () => (await app.call("probe", { method: "POST", headers, body })).status === 200,
      60_000,
    );
    expect(cloud.agent.requests.map(({ operation }) => operation)).toContain("probe");
  }, 90_000);
});

describe("what the host does to calls", () => {
  const user = SAMPLE_USERS[0];
  const changeWith = async (call: { body?: string; breaksWith?: string; chunked?: true }) => {
    if (user === undefined) throw new Error("there are no sample users");
    const { chunked, ...rest } = call;
    return app.call("changeOwnPassword", {
      method: "POST",
      headers: {
        ...json(await cloud.tokens.user(user)),
        ...(chunked && { "transfer-encoding": "chunked" }),
      },
      ...rest,
    });
  };

  test("a body that came in chunks is handed over empty, and is refused as missing", async () => {
    const answer = await changeWith({ chunked: true });
    expect([answer.status, codeOf(answer)]).toEqual([400, "bodyMissing"]);
  });

  test("a parameter given twice is refused, though the host makes one value of both", async () => {
    const call = async (query: string) => {
      const search = new URLSearchParams(query);
      return app.call("directoryAudits", {
        method: "GET",
        path: `v1.0/auditLogs/directoryAudits?${search}`,
        query: joinedQuery(search),
        headers: bearer(await cloud.tokens.operator()),
      });
    };
    const refused = await call("$top=5&$top=500");
    expect([refused.status, codeOf(refused)]).toEqual([400, "invalidRequest"]);
    expect((await call("$top=5")).status).toBe(200);
  });

  test("an error that nobody foresaw is our 500, and its text stays inside", async () => {
    const secret = "P4ssword-in-a-message";
    const answer = await changeWith({ body: "{}", breaksWith: secret });
    expect([answer.status, codeOf(answer)]).toEqual([500, "internalError"]);
    expect(JSON.stringify(answer)).not.toContain(secret);
    expect(answer.logged.join()).toContain('"cause":"TypeError"');
  });
});

describe("an app with wrong settings", () => {
  /** Everything that it wrote before it gave up. */
  const startWith = (wrong: Record<string, string>): Promise<string> =>
    StagedApp.start(STAGING, { ...settings, ...wrong }).then(
      () => "it started",
      (error: Error) => error.message,
    );
  const record = (text: string) =>
    JSON.parse(/{"event":"settingsRefused".*}$/m.exec(text)?.[0] ?? "{}");

  test("does not start, and logs their names without their values", async () => {
    const text = await startWith({ TENANT_ID: "not-a-guid-4711", TABLES_URL: "ftp://x" });
    expect(record(text)).toEqual({
      event: "settingsRefused",
      cause: "SettingsError",
      reason: expect.stringMatching(/TENANT_ID.*TABLES_URL/s),
    });
    expect(text).not.toContain("not-a-guid-4711");
    expect(text).toContain("registered before it failed: 0");
  });

  test("the same where they only do not fit each other, or the routes", async () => {
    const [waits, routes] = await Promise.all([
      startWith({ TOTAL_WAIT_SECONDS: "5", WRITE_START_SECONDS: "5" }),
      startWith({ STEP_UP_ROUTES: '{"nowhere":"c1"}' }),
    ]);
    expect(record(waits).reason).toMatch(/WRITE_START_SECONDS: /);
    expect(record(routes).reason).toMatch(/STEP_UP_ROUTES: /);
  });
});

test("the app ends when it is told to", async () => {
  const another = await StagedApp.start(STAGING, settings);
  expect(await another.stop()).toBe(0);
});
