import { BASE_DN, DC_HOST, DOMAIN } from "../samples.ts";

/** The domain that is provisioned. Its password is no secret: it guards samples on loopback. */
export const SAMBA_DOMAIN = {
  realm: DOMAIN.toUpperCase(),
  workgroup: (DOMAIN.split(".")[0] ?? "").toUpperCase(),
  host: DC_HOST.split(".")[0] ?? "",
  administrator: { dn: `CN=Administrator,CN=Users,${BASE_DN}`, password: "Adm1n-Passw0rd!" },
} as const;
