import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { calculateJwkThumbprint, decodeJwt, exportJWK, generateKeyPair } from "jose";
import { Child } from "../../../local/stack/child.ts";
import { SIGNING_KEY_NAME } from "../../../local/stack/operator.ts";
import type { Stack } from "../../../local/stack/startStack.ts";
import { publicKey, type TrustList } from "../../../protocol/trustList.ts";
import { published } from "./trustTables.ts";

const ID = "agent-2";

/** An agent beside the one of a stack: of another version, with a key of its own. */
export class SecondAgent {
  readonly process: Child;
  readonly log: string;

  private constructor(process: Child, log: string) {
    this.process = process;
    this.log = log;
  }

  /** Puts it into the trust list and starts it, configured as the first one is. */
  static async start(stack: Stack, script: string): Promise<SecondAgent> {
    const first = join(stack.folder, "agent");
    const folder = join(stack.folder, ID);
    mkdirSync(join(folder, "keys"), { recursive: true, mode: 0o700 });
    for (const name of ["agent.pem", "service-account.secret"])
      copyFileSync(join(first, name), join(folder, name));
    const keys = await generateKeyPair("ECDH-ES+A256KW", { extractable: true });
    const put = (name: string, content: unknown) =>
      writeFileSync(join(folder, name), JSON.stringify(content), { mode: 0o600 });
    put("keys/encryption.jwk.json", await exportJWK(keys.privateKey));
    const configuration = JSON.parse(readFileSync(join(first, "agent.json"), "utf8"));
    put("agent.json", { ...configuration, agentId: ID });

    const encryptionKey = publicKey.parse(await exportJWK(keys.publicKey));
    const [entry] = decodeJwt<TrustList>(await published(stack)).agents;
    if (!entry) throw new Error("the trust list names no agent");
    const kid = await calculateJwkThumbprint(encryptionKey);
    const signingKey = await stack.vault.ensureKey(SIGNING_KEY_NAME);
    await stack.operator.publish([signingKey], [entry, { ...entry, id: ID, kid, encryptionKey }]);

    const log = join(stack.folder, `${ID}.log`);
    const child = new Child({
      command: [script, "run", "--config", join(folder, "agent.json")],
      environment: { NODE_EXTRA_CA_CERTS: stack.directory.caFile },
      logFile: log,
    });
    return new SecondAgent(child, log);
  }
}

/** Requests that an agent has taken, by its log. */
export const taken = (log: string): number =>
  readFileSync(log, "utf8").match(/"name":"accepted"/g)?.length ?? 0;
