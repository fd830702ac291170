import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { agentCredential } from "../../../agent/credential.ts";
import { useNextCertificate } from "../../../agent/enrolment/rotateCertificate.ts";
import { AGENT, API, startTenant, TENANT, type Tenant } from "../../contract/identityFixture.ts";

const SCOPE = `api://${API.clientId}/.default`;
let tenant: Tenant;
let file: string;
beforeAll(async () => {
  tenant = await startTenant();
  setDefaultCACertificates([...getCACertificates("default"), tenant.certificates.ca]);
  file = join(tenant.folder, "agent.pem");
});
afterAll(() => tenant.stop());

const put = (pem: string, name = file) => writeFileSync(name, pem, { mode: 0o600 });
const settings = () => ({
  tenantId: TENANT,
  entra: { authority: tenant.identity.authority, clientId: AGENT.clientId, certificateFile: file },
  api: { url: "https://writeback.contoso.example", scope: SCOPE },
});

test("the certificate that lies in the file now is the one that tokens are asked with", async () => {
  put(tenant.agentPem);
  const credential = agentCredential(settings());
  const first = await credential.getToken(SCOPE);
  expect((await credential.getToken(SCOPE))?.token).toBe(first?.token);
  put(tenant.strangerPem);
  await expect(credential.getToken(SCOPE)).rejects.toThrow("AADSTS700027");
  put(tenant.agentPem);
  const again = await credential.getToken(SCOPE);
  expect(await tenant.identity.verify(again?.token ?? "", API.clientId)).toMatchObject({
    azp: AGENT.clientId,
  });
});

test("a waiting certificate is put in use once Entra takes it, and not before", async () => {
  put("the old one");
  const next = `${file}.next`;
  await expect(useNextCertificate(settings())).rejects.toThrow(
    "--use-certificate: the file cannot be read",
  );
  put(tenant.strangerPem, next);
  await expect(useNextCertificate(settings())).rejects.toThrow(
    "--use-certificate: Entra issues no token for the new certificate.",
  );
  expect([readFileSync(file, "utf8"), existsSync(next)]).toEqual(["the old one", true]);
  put(tenant.agentPem, next);
  await useNextCertificate(settings());
  expect([readFileSync(file, "utf8"), existsSync(next)]).toEqual([tenant.agentPem, false]);
});
