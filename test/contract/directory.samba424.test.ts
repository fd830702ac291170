import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LocalCertificates } from "../../local/certificates.ts";
import { startSamba } from "../../local/samba/startSamba.ts";
import { describeWithSamba } from "../describeWithSamba.ts";
import { SAMBA_424 } from "./directory/expectations.ts";
import { describeDirectory } from "./directory/suite.ts";

const folder = mkdtempSync(join(tmpdir(), "directory-certificates-"));
afterAll(() => rmSync(folder, { recursive: true }));

describeWithSamba("directory contract", () => {
  describeDirectory(
    "Samba 4.24",
    async () => {
      const certificates = await LocalCertificates.open(folder);
      return startSamba({ version: "4.24", certificates });
    },
    SAMBA_424,
  );
});
