import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LocalCertificates } from "../../local/certificates.ts";
import { startSimulatedDirectory } from "../../local/directory/startSimulatedDirectory.ts";
import type { LocalDirectory } from "../../local/localDirectory.ts";
import { WINDOWS } from "./directory/expectations.ts";
import { describeDirectory } from "./directory/suite.ts";

const folder = mkdtempSync(join(tmpdir(), "directory-certificates-"));
afterAll(() => rmSync(folder, { recursive: true }));

const start = async (policyHints: boolean): Promise<LocalDirectory> =>
  startSimulatedDirectory({ certificates: await LocalCertificates.open(folder), policyHints });

describe("directory contract", () => {
  describeDirectory("simulated", () => start(true), WINDOWS);
  describeDirectory("simulated, without policy hints", () => start(false), {
    ...WINDOWS,
    policyHints: false,
  });
});
