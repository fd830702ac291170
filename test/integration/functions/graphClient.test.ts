import type { IncomingHttpHeaders, RequestListener } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import {
  AuthenticationHandler,
  Client,
  type Context,
  GraphError,
  HTTPMessageHandler,
  RetryHandler,
  RetryHandlerOptions,
  TelemetryHandler,
} from "@microsoft/microsoft-graph-client";
import { LocalCertificates } from "../../../local/certificates.ts";
import { hostListener } from "../../../local/host/server.ts";
import { PASSWORD_METHOD, TestCloud } from "./testCloud.ts";

let cloud: TestCloud;
let host: Awaited<ReturnType<typeof listen>>;
/** Codes of the calls that were refused. */
const refused: unknown[] = [];
beforeAll(async () => {
  cloud = await TestCloud.start();
  const log = {
    info: () => {},
    error: (_: string, { code }: { code?: unknown }) => refused.push(code),
  };
  host = await listen(hostListener(cloud.half.running.parts, log, {}));
});
afterAll(async () => {
  await host.stop();
  await cloud.half.stop();
});

/** Over HTTPS: Microsoft's client gives its token to no other custom host. */
async function listen(listener: RequestListener) {
  const certificates = await LocalCertificates.open(join(process.cwd(), ".local/certificates"));
  const { certificate, key } = await certificates.leaf("graph-client", ["127.0.0.1"]);
  const server = createServer({ cert: certificate, key }, listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const stop = () => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    return closed;
  };
  return { url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`, stop };
}

/** What happens while the client waits to send again. */
let meanwhile: () => Promise<unknown> = async () => {};
afterEach(() => {
  meanwhile = async () => {};
});

/** As the client's own, but `Retry-After` is not waited for: the tests have no half minutes. */
class ImpatientHandler extends HTTPMessageHandler {
  override async execute(context: Context): Promise<void> {
    await super.execute(context);
    const { response } = context;
    if (!response?.headers.has("retry-after")) return;
    await meanwhile();
    const headers = new Headers(response.headers);
    headers.set("retry-after", "0");
    context.response = new Response(await response.text(), { status: response.status, headers });
  }
}

/** Microsoft's client with the middleware that it has by default, on our host. */
function graphClient(baseUrl: string, token: () => Promise<string>): Client {
  const authentication = new AuthenticationHandler({ getAccessToken: token });
  const retry = new RetryHandler(new RetryHandlerOptions());
  const telemetry = new TelemetryHandler();
  authentication.setNext(retry);
  retry.setNext(telemetry);
  telemetry.setNext(new ImpatientHandler());
  return Client.initWithMiddleware({
    baseUrl: `${baseUrl}/`,
    customHosts: new Set([new URL(baseUrl).hostname]),
    middleware: authentication,
  });
}
const own = () => graphClient(host.url, () => cloud.half.tokens.user(person));
let person = undefined as unknown as ReturnType<TestCloud["person"]>;
beforeEach(async () => {
  await cloud.half.heartbeat();
  person = cloud.person();
});
const change = (client: Client) =>
  client.api("/me/changePassword").post({ currentPassword: "Old-1", newPassword: "New-1" });

test("which headers the client keeps on its retries (docs/decisions)", async () => {
  const seen: IncomingHttpHeaders[] = [];
  const server = await listen((request, response) => {
    seen.push(request.headers);
    request.resume();
    if (seen.length <= 3) response.writeHead(503, { "Retry-After": "0" }).end();
    else response.writeHead(204).end();
  });
  try {
    const client = graphClient(server.url, async () => "token");
    await client.api("/me/changePassword").header("X-Own", "kept").post({ newPassword: "x" });
  } finally {
    await server.stop();
  }
  expect(seen.map((headers) => headers["retry-attempt"])).toEqual([undefined, "1", "2", "3"]);
  expect(new Set(seen.map((headers) => headers["client-request-id"])).size).toBe(1);
  expect(seen[0]?.["client-request-id"]).toMatch(/^[\da-f-]{36}$/);
  for (const headers of seen)
    expect(headers).toMatchObject({ "x-own": "kept", authorization: "Bearer token" });
  for (const headers of seen) expect(headers).not.toHaveProperty("idempotency-key");
});

test("it changes a password", async () => {
  await change(own());
  expect(cloud.executed(person)).toBe(1);
});

test("an unknown outcome is executed once, and its user is told", async () => {
  cloud.answers(person, () => undefined);
  const error = await change(own()).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(GraphError);
  expect(error).toMatchObject({ statusCode: 500, code: "generalException" });
  expect(cloud.executed(person)).toBe(1);
});

test("an administrator's unknown outcome is executed once, and is no error", async () => {
  cloud.answers(person, () => undefined);
  const admin = graphClient(host.url, () => cloud.half.tokens.helpdesk());
  const path = `/users/${person.id}/authentication/methods/${PASSWORD_METHOD}/resetPassword`;
  const answer: Response = await admin
    .api(path)
    .responseType("raw" as never)
    .post({ newPassword: "New-1" });
  expect(answer.status).toBe(202);
  expect(answer.headers.get("location")).toContain(
    `/users/${person.id}/authentication/operations/`,
  );
  expect(cloud.executed(person)).toBe(1);
});

test("a 503 is sent again by itself, and executed once when it can be", async () => {
  await cloud.half.heartbeat({ state: "stopping" });
  meanwhile = () => cloud.half.heartbeat();
  await change(own());
  expect(refused).toContain("noLiveAgent");
  expect(cloud.executed(person)).toBe(1);
});

test("a retry by another piece of the same client, with its marks, joins", async () => {
  const body = { currentPassword: "Old-1", newPassword: "New-1" };
  const attempt = (headers: Record<string, string>) =>
    own()
      .api("/me/changePassword")
      .headers({ "client-request-id": "attempt-0001", ...headers })
      .post(body);
  await attempt({});
  await attempt({ "Retry-Attempt": "1" });
  expect(cloud.executed(person)).toBe(1);
  await attempt({});
  expect(cloud.executed(person)).toBe(2);
});
