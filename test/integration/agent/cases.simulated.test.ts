import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LocalCertificates } from "../../../local/certificates.ts";
import { startSimulatedDirectory } from "../../../local/directory/startSimulatedDirectory.ts";
import { describeCases } from "./operations/cases.ts";

const folder = mkdtempSync(join(tmpdir(), "agent-certificates-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe.each([true, false])("policy hints: %s", (policyHints) => {
  const start = async () =>
    startSimulatedDirectory({ certificates: await LocalCertificates.open(folder), policyHints });
  describeCases("on the simulated directory", start, {
    policyHints,
    shortLivedPasswords: true,
    lengthCountsForAll: false,
    switchable: true,
  });
});
