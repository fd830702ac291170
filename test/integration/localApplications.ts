import { join } from "node:path";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { LocalCertificates } from "../../local/certificates.ts";
import { type Applications, applications } from "../../local/stack/tenant.ts";

/** Certificates of the stand-ins, which this process trusts from now on, and who signs in there. */
export async function localApplications(): Promise<{
  readonly certificates: LocalCertificates;
  readonly apps: Applications;
}> {
  const certificates = await LocalCertificates.open(join(process.cwd(), ".local/certificates"));
  setDefaultCACertificates([...getCACertificates("default"), certificates.ca]);
  const apps = applications(
    await certificates.leaf("agent", ["agent-1"], "rsa"),
    await certificates.leaf("operator", ["operator"], "rsa"),
  );
  return { certificates, apps };
}
