import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { LocalCertificates } from "../../../local/certificates.ts";
import type { SimulatedDirectory } from "../../../local/directory/simulatedDirectory.ts";
import { startSimulatedDirectory } from "../../../local/directory/startSimulatedDirectory.ts";
import { SERVICE_ACCOUNT, userPrincipalName } from "../../../local/samples.ts";
import { seed } from "../../../local/seed.ts";

const folder = mkdtempSync(join(tmpdir(), "agent-certificates-"));
let directory: SimulatedDirectory;
beforeAll(async () => {
  directory = await startSimulatedDirectory({ certificates: await LocalCertificates.open(folder) });
  await seed(directory);
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
async function connect(wishes: object): Promise<string> {
  const child = spawn(process.execPath, ["--input-type=module", "--eval", SCRIPT], {
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
