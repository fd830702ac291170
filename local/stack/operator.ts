import { TableClient } from "@azure/data-tables";
import type { TokenCredential } from "@azure/identity";
import { KeyClient } from "@azure/keyvault-keys";
import { SETTINGS_ROW, TRUST_ROW } from "../../functions/records/groundRows.ts";
import { changed, type SettingsChange } from "../../functions/records/settings.ts";
import { TABLE_NAMES } from "../../functions/records/tables.ts";
import { openVault } from "../../functions/trust/vault.ts";
import { type PublicKey, signTrustList, type TrustedAgent } from "../../protocol/trustList.ts";
import type { Identity } from "../identity/startIdentity.ts";
import type { VaultKey } from "../vault/startVault.ts";
import type { Applications } from "./tenant.ts";

export const ROOT_KEY_NAME = "root";
export const SIGNING_KEY_NAME = "signing";

export interface OperatorOptions {
  readonly identity: Identity;
  readonly applications: Applications;
  readonly vaultUrl: string;
  readonly tablesUrl: string;
  readonly root: VaultKey;
}

/** Plays the operator: signs trust lists with the root key and publishes them. */
export class Operator {
  private readonly options: OperatorOptions;
  private readonly credential: TokenCredential;
  private serial = 0;

  constructor(options: OperatorOptions) {
    this.options = options;
    const { identity, applications } = options;
    this.credential = {
      getToken: async (scopes) => ({
        token: await identity.mintToken({
          audience: String([scopes].flat()[0]).replace(/\/\.default$/, ""),
          subject: { kind: "app", application: applications.operator },
        }),
        expiresOnTimestamp: Date.now() + 3_600_000,
      }),
    };
  }

  /** Signs a list of these keys and agents, with the next serial; it is in force nowhere yet. */
  sign(signingKeys: readonly VaultKey[], agents: readonly TrustedAgent[]): Promise<string> {
    const { root, vaultUrl } = this.options;
    this.serial += 1;
    return signTrustList(
      {
        version: 1,
        serial: this.serial,
        iat: Math.floor(Date.now() / 1_000),
        signingKeys: signingKeys.map((key) => ({
          kid: key.id,
          key: key.publicJwk as PublicKey,
        })),
        agents: [...agents],
      },
      openVault(vaultUrl, ROOT_KEY_NAME, this.credential).signer(root.id),
    );
  }

  /** Signs such a list and puts it in force. */
  async publish(signingKeys: readonly VaultKey[], agents: readonly TrustedAgent[]): Promise<void> {
    const { root, vaultUrl, tablesUrl } = this.options;
    const jws = await this.sign(signingKeys, agents);
    const keys = new KeyClient(vaultUrl, this.credential, {
      disableChallengeResourceVerification: true,
    });
    await keys.updateKeyProperties(root.name, root.version, {
      tags: { serial: String(this.serial) },
    });
    const table = new TableClient(tablesUrl, TABLE_NAMES.ground, this.credential);
    await table.createTable();
    await table.upsertEntity({ ...TRUST_ROW, jws }, "Replace");
  }

  /** Puts settings of the tenant in force; what is not given has its default. */
  async decide(settings: SettingsChange): Promise<void> {
    const table = new TableClient(this.options.tablesUrl, TABLE_NAMES.ground, this.credential);
    await table.createTable();
    const json = JSON.stringify(changed({}, settings));
    await table.upsertEntity({ ...SETTINGS_ROW, json }, "Replace");
  }
}
