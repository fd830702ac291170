import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LocalCertificates } from "../../../local/certificates.ts";
import { startSamba } from "../../../local/samba/startSamba.ts";
import { describeWithSamba } from "../../describeWithSamba.ts";
import { describeCases } from "./operations/cases.ts";

const folder = mkdtempSync(join(tmpdir(), "agent-certificates-"));
afterAll(() => rmSync(folder, { recursive: true }));

describeWithSamba("each state, tricky cases, races", () => {
  const start = async () =>
    startSamba({ version: "4.24", certificates: await LocalCertificates.open(folder) });
  describeCases("on Samba 4.24", start, {
    policyHints: true,
    shortLivedPasswords: true,
    lengthCountsForAll: true,
    switchable: false,
  });
});
