import { TableClient } from "@azure/data-tables";
import type { TokenCredential } from "@azure/identity";
import { SETTINGS_ROW, TRUST_ROW } from "../../functions/records/groundRows.ts";
import { TABLES } from "../../functions/records/tableDescriptions.ts";
import { changed, type SettingsChange } from "../../functions/records/tenantSettings.ts";
import { serialOf, TrustAuthority } from "../../operator/trustAuthority.ts";
import type { TrustListPlace } from "../../operator/trustListPlace.ts";
import { type OperatorVault, openOperatorVault } from "../../operator/vault.ts";
import { KEY_NAMES } from "../../protocol/keyNames.ts";
import { type PublicKey, signTrustList, type TrustedAgent } from "../../protocol/trustList.ts";
import type { Identity } from "../identity/startIdentity.ts";
import type { VaultKey } from "../vault/startVault.ts";
import type { Applications } from "./tenant.ts";

export const ROOT_KEY_NAME = KEY_NAMES.root;
export const SIGNING_KEY_NAME = KEY_NAMES.signing;

export interface OperatorOptions {
  readonly identity: Identity;
  readonly applications: Applications;
  readonly vaultUrl: string;
  readonly tablesUrl: string;
}

/**
 * Plays the operator with the operators' own code. Before the functions run there is no API to
 * publish through, so the list goes to its row directly.
 */
export class Operator {
  private readonly options: OperatorOptions;
  private readonly credential: TokenCredential;
  private readonly vault: OperatorVault;
  private readonly authority: TrustAuthority;
  private serial = 0;

  constructor(options: OperatorOptions) {
    this.options = options;
    const { identity, applications, vaultUrl } = options;
    this.credential = {
      getToken: async (scopes) => ({
        token: await identity.mintToken({
          audience: String([scopes].flat()[0]).replace(/\/\.default$/, ""),
          subject: { kind: "app", application: applications.operator },
        }),
        expiresOnTimestamp: Date.now() + 3_600_000,
      }),
    };
    this.vault = openOperatorVault({ vault: vaultUrl }, this.credential);
    this.authority = new TrustAuthority({
      vault: this.vault,
      place: this.row(),
      profile: { rootKeyName: ROOT_KEY_NAME },
      keep: async () => {},
      kept: async () => undefined,
    });
  }

  /**
   * Signs a list of these keys and agents, with the next serial; it is in force nowhere yet. What
   * is wrong with it is not looked at: tests publish wrong ones.
   */
  async sign(signingKeys: readonly VaultKey[], agents: readonly TrustedAgent[]): Promise<string> {
    const root = await this.authority.root();
    this.serial = Math.max(this.serial, serialOf(root)) + 1;
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
      this.vault.signer(root),
    );
  }

  /** Signs such a list and puts it in force. */
  async publish(signingKeys: readonly VaultKey[], agents: readonly TrustedAgent[]): Promise<void> {
    await this.authority.publish(await this.sign(signingKeys, agents));
  }

  private row(): TrustListPlace {
    const { partitionKey, rowKey } = TRUST_ROW;
    const table = new TableClient(this.options.tablesUrl, TABLES.ground.name, this.credential);
    return {
      read: async () => (await table.getEntity<{ jws: string }>(partitionKey, rowKey)).jws,
      publish: async (jws) => {
        await table.createTable();
        await table.upsertEntity({ ...TRUST_ROW, jws }, "Replace");
      },
    };
  }

  /** Puts settings of the tenant in force; what is not given has its default. */
  async decide(settings: SettingsChange): Promise<void> {
    const table = new TableClient(this.options.tablesUrl, TABLES.ground.name, this.credential);
    await table.createTable();
    const json = JSON.stringify(changed({}, settings));
    await table.upsertEntity({ ...SETTINGS_ROW, json }, "Replace");
  }
}
