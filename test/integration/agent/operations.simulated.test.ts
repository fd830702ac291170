import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LocalCertificates } from "../../../local/certificates.ts";
import { startSimulatedDirectory } from "../../../local/directory/startSimulatedDirectory.ts";
import { describeOperations } from "./operations/suite.ts";

const folder = mkdtempSync(join(tmpdir(), "agent-certificates-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("the agent's operations", () => {
  const start = (policyHints: boolean) => async () =>
    startSimulatedDirectory({ certificates: await LocalCertificates.open(folder), policyHints });
  describeOperations("on the simulated directory", start(true), { policyHints: true });
  describeOperations("on one without policy hints", start(false), { policyHints: false });
});
