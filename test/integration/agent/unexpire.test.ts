import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LocalCertificates } from "../../../local/certificates.ts";
import { startSimulatedDirectory } from "../../../local/directory/startSimulatedDirectory.ts";
import { startSamba } from "../../../local/samba/startSamba.ts";
import { describeWithSamba } from "../../describeWithSamba.ts";
import { describeUnexpire } from "./operations/unexpire.ts";

const folder = mkdtempSync(join(tmpdir(), "agent-certificates-"));
afterAll(() => rmSync(folder, { recursive: true }));
const certificates = () => LocalCertificates.open(folder);

describeUnexpire("on the simulated directory", async () =>
  startSimulatedDirectory({ certificates: await certificates() }),
);

describeWithSamba("the agent's operations", () => {
  describeUnexpire("on Samba 4.24", async () =>
    startSamba({ version: "4.24", certificates: await certificates() }),
  );
});
