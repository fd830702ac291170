import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { LocalCertificates } from "../../../local/certificates.ts";
import type { SimulatedDirectory } from "../../../local/directory/simulatedDirectory.ts";
import { startSimulatedDirectory } from "../../../local/directory/startSimulatedDirectory.ts";
import { SERVICE_ACCOUNT, userPrincipalName } from "../../../local/samples.ts";
import { seed } from "../../../local/seed.ts";
import { until } from "./scriptedCloud.ts";

const folder = mkdtempSync(join(tmpdir(), "agent-certificates-"));
let certificates: LocalCertificates;
let directory: SimulatedDirectory;
beforeAll(async () => {
  certificates = await LocalCertificates.open(folder);
  directory = await startSimulatedDirectory({ certificates });
  await seed(directory);
});
const started: ChildProcess[] = [];
afterEach(() => {
  for (const child of started.splice(0)) child.kill();
});
afterAll(async () => {
  await directory.stop();
  rmSync(folder, { recursive: true });
});

const SCRIPT = `
  import { text } from "node:stream/consumers";
  import { DirectoryConnection } from "./agent/directory/connection.ts";
  const { password, ...settings } = JSON.parse(await text(process.stdin));
  await DirectoryConnection.open(settings, password).then(
    (connection) => { process.stdout.write("open"); connection.close(); },
    (error) => process.stdout.write(error.code),
  );
`;

/** Connects in a process of its own, where Node.js is told to check no certificates. */
async function connect(wishes: object, ...flags: string[]): Promise<string> {
  const child = spawn(process.execPath, [...flags, "--input-type=module", "--eval", SCRIPT], {
    env: { ...process.env, NODE_TLS_REJECT_UNAUTHORIZED: "0" },
    stdio: ["pipe", "pipe", "ignore"],
  });
  const { url, servername, ca } = directory;
  const bindDn = userPrincipalName(SERVICE_ACCOUNT);
  const { password } = SERVICE_ACCOUNT;
  const timeouts = { connect: 5_000, search: 5_000, modify: 5_000 };
  child.stdin.end(JSON.stringify({ url, servername, ca, bindDn, password, timeouts, ...wishes }));
  return text(child.stdout);
}

/** Lets a process speak TLS 1.0 and 1.1, which Node.js does not do by itself. */
const OLD_TLS = ["--tls-min-v1.0", "--tls-cipher-list=DEFAULT@SECLEVEL=0"];

/** A server of its own process that speaks TLS 1.1 and no newer one, and tells who got through. */
const OLD_SERVER = `
  import { text } from "node:stream/consumers";
  import { connect, createServer } from "node:tls";
  const leaf = JSON.parse(await text(process.stdin));
  const options = { ...leaf, maxVersion: "TLSv1.1" };
  const server = createServer(options, (socket) => process.stdout.write(socket.getProtocol()));
  server.on("connection", (socket) => socket.on("error", () => {}));
  server.listen(0, "127.0.0.1", () => process.stdout.write(server.address().port + " "));
`;

test("nothing older than TLS 1.2 is spoken, whatever Node.js is told", async () => {
  const { certificate: cert, key } = await certificates.leaf("old", [directory.servername]);
  const args = [...OLD_TLS, "--input-type=module", "--eval", OLD_SERVER];
  const server = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "ignore"] });
  started.push(server);
  server.stdin.end(JSON.stringify({ cert, key }));
  let told = "";
  server.stdout.on("data", (chunk) => {
    told += chunk;
  });
  await until("it listens", () => told.includes(" "));
  const port = Number.parseInt(told, 10);
  expect(await connect({ url: `ldaps://127.0.0.1:${port}` }, ...OLD_TLS)).toBe(
    "directoryUnreachable",
  );
  expect(told).toBe(`${port} `);
  // It does speak with whoever asks for that.
  const plain = `
    const { connect } = await import("node:tls");
    connect({ port: ${port}, host: "127.0.0.1" }).on("error", () => {});
  `;
  const other = spawn(process.execPath, [...OLD_TLS, "--eval", plain], { stdio: "ignore" });
  started.push(other);
  await until("TLS 1.1", () => told === `${port} TLSv1.1`);
}, 30_000);

test.each([
  ["the right one", {}, "open"],
  ["one by an authority that is not trusted", { ca: undefined }, "directoryUnreachable"],
  ["one for another name", { servername: "dc2.corp.example" }, "directoryUnreachable"],
])(
  "the directory's certificate is checked whatever the environment says: %s",
  async (...each) => {
    const [, wishes, expected] = each;
    expect(await connect(wishes)).toBe(expected);
  },
  20_000,
);
