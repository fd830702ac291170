import type { JsonRequest } from "../http/jsonServer.ts";
import { signDigest } from "./ecdsa.ts";
import type { KeyStore } from "./keyStore.ts";
import { assertUsable, keyBundle, keyItem } from "./keyVersion.ts";
import { assertAllowed, type VaultOperation, type VaultRights } from "./vaultAccess.ts";
import { VaultError } from "./vaultError.ts";
import { createRequest, parseBody, signRequest, updateRequest } from "./vaultRequests.ts";

interface Call {
  readonly operation: VaultOperation;
  readonly name: string;
  readonly version?: string;
}

/** `/keys/{name}/{version}/{verb}`; an empty version means the newest one. */
function callOf({ method, path }: JsonRequest): Call | undefined {
  const [root, name, second = "", verb, ...rest] = path.slice(1).split("/");
  if (root !== "keys" || !name || rest.length > 0) return undefined;
  const version = second || undefined;
  if (method === "POST" && second === "create" && verb === undefined) {
    return { operation: "create", name };
  }
  if (method === "GET" && second === "versions" && verb === undefined) {
    return { operation: "list", name };
  }
  if (method === "POST" && verb === "sign") return { operation: "sign", name, version };
  if (method === "GET" && verb === undefined) return { operation: "get", name, version };
  if (method === "PATCH" && verb === undefined) return { operation: "update", name, version };
  return undefined;
}

/** The `keys` collection of Key Vault's REST interface, for callers that are known already. */
export class VaultKeys {
  /** By key name. */
  readonly signatures = new Map<string, number>();
  private readonly url: string;
  private readonly store: KeyStore;
  private readonly may: VaultRights;

  constructor(url: string, store: KeyStore, may: VaultRights) {
    this.url = url;
    this.store = store;
    this.may = may;
  }

  /** The body of the answer 200. @throws {VaultError} */
  async handle(request: JsonRequest, caller: string): Promise<object> {
    const call = callOf(request);
    if (!call) throw new VaultError(404, "NotFound", "The local vault has no such call.");
    const { operation, name, version } = call;
    assertAllowed(this.may, caller, name, operation);
    switch (operation) {
      case "create":
        return keyBundle(
          this.url,
          await this.store.create(name, parseBody(createRequest, request.body)),
        );
      case "update": {
        const change = parseBody(updateRequest, request.body);
        return keyBundle(this.url, await this.store.update(name, version, change));
      }
      case "get":
        return keyBundle(this.url, this.store.get(name, version));
      case "list": {
        const value = this.store.versions(name).map((key) => keyItem(this.url, key));
        return { value, nextLink: null };
      }
      case "sign":
        return this.sign(call, request.body);
    }
  }

  private sign({ name, version }: Call, body: string) {
    const key = this.store.get(name, version);
    const { value } = parseBody(signRequest, body);
    assertUsable(key, this.store.now());
    const signature = signDigest(value, key.jwk);
    this.signatures.set(name, (this.signatures.get(name) ?? 0) + 1);
    return { kid: keyBundle(this.url, key).key.kid, value: signature.toString("base64url") };
  }
}
