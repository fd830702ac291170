import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { PublicKey } from "../../protocol/trustList.ts";
import type { Leaf } from "../certificates.ts";
import { ROOT_KEY_NAME, SIGNING_KEY_NAME } from "./operator.ts";
import { API_CLIENT_ID, NAMESPACE, TENANT_ID } from "./tenant.ts";

export interface OperatorProfileOptions {
  /** Folder of the stack. */
  readonly folder: string;
  readonly apiUrl: string;
  readonly busUrl: string;
  readonly vaultUrl: string;
  readonly authority: string;
  readonly clientId: string;
  readonly certificate: Leaf;
  readonly rootKey: PublicKey;
  readonly caFile: string;
}

/** Writes `operator.json`: what the operator's command needs to know of this installation. */
export async function writeOperatorProfile(options: OperatorProfileOptions): Promise<void> {
  const { folder, certificate } = options;
  const put = (name: string, text: string) => writeFile(join(folder, name), text, { mode: 0o600 });
  await put("operator.pem", `${certificate.key}\n${certificate.certificate}\n`);
  const profile = {
    version: 1,
    tenantId: TENANT_ID,
    authority: options.authority,
    api: options.apiUrl,
    apiClientId: API_CLIENT_ID,
    vault: options.vaultUrl,
    rootKeyName: ROOT_KEY_NAME,
    signingKeyName: SIGNING_KEY_NAME,
    relay: { namespace: NAMESPACE, endpoint: options.busUrl },
    rootKey: options.rootKey,
    caFile: options.caFile,
    certificate: { clientId: options.clientId, file: "operator.pem" },
  };
  await put("operator.json", `${JSON.stringify(profile, null, 2)}\n`);
}
