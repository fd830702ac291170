import { type Identity, identityOf } from "../../../../local/directory/accounts/identity.ts";
import type { Domain } from "../../../../local/directory/domain/domain.ts";
import { newDomain } from "../../../../local/directory/domain/newDomain.ts";
import { LdapFailure } from "../../../../local/directory/failure.ts";
import { add } from "../../../../local/directory/operations/add.ts";
import { bind } from "../../../../local/directory/operations/bind.ts";
import { modify } from "../../../../local/directory/operations/modify.ts";
import type { Entry } from "../../../../local/directory/store/entry.ts";
import type { Change, ChangeKind } from "../../../../local/directory/wire/request.ts";
import type { Result } from "../../../../local/directory/wire/response.ts";

export const BASE = "DC=corp,DC=example";
export const OLD = "Blue-Harbour-41";
export const NEW = "Green-Lantern-52";

export const quoted = (password: string): Buffer => Buffer.from(`"${password}"`, "utf16le");
export const change = (kind: ChangeKind, name: string, ...values: (string | Buffer)[]): Change => ({
  kind,
  name,
  values: values.map((value) => (typeof value === "string" ? Buffer.from(value) : value)),
});
export const reset = (password: string): Change =>
  change("replace", "unicodePwd", quoted(password));
export const passwordChange = (old: string, password: string): Change[] => [
  change("delete", "unicodePwd", quoted(old)),
  change("add", "unicodePwd", quoted(password)),
];

/** The result that an operation was refused with; fails the test if it was not refused. */
export function refusal(work: () => unknown): Result {
  try {
    work();
  } catch (error) {
    if (error instanceof LdapFailure) return error.result;
    throw error;
  }
  throw new Error("not refused");
}

/** A domain whose time the test sets, with no rules but those that the test makes. */
export class TestDomain {
  now = Date.UTC(2026, 10, 1);
  readonly domain: Domain;
  readonly administrator: Identity;

  constructor(policyHints = true) {
    this.domain = newDomain({
      dnsName: "corp.example",
      host: "dc1.corp.example",
      policyHints,
      clock: () => this.now,
    });
    this.administrator = identityOf(this.domain.store, this.domain.administrator);
    this.policy({ minPwdAge: 0, maxPwdAge: 0, minPwdLength: 8, pwdHistoryLength: 3 });
  }

  policy(values: Readonly<Record<string, number>>): void {
    const changes = Object.entries(values).map(([name, value]) =>
      change("replace", name, String(value)),
    );
    this.modify(BASE, ...changes);
  }

  user(name: string, more: Readonly<Record<string, string>> = {}): Entry {
    const attributes = { sAMAccountName: name, userAccountControl: "512", ...more };
    const values = Object.entries(attributes).map(([key, value]) => ({
      name: key,
      values: [Buffer.from(value)],
    }));
    return add(this.domain, this.administrator, {
      kind: "add",
      dn: `CN=${name},CN=Users,${BASE}`,
      attributes: [
        { name: "objectClass", values: [Buffer.from("user")] },
        { name: "unicodePwd", values: [quoted(OLD)] },
        ...values,
      ],
    });
  }

  modify(dn: string, ...changes: Change[]): void {
    modify(this.domain, this.administrator, { kind: "modify", dn, changes }, false);
  }

  modifyHinted(dn: string, ...changes: Change[]): void {
    modify(this.domain, this.administrator, { kind: "modify", dn, changes }, true);
  }

  /** `ok`, or the data code of the refusal. */
  signIn(name: string, password: string): string {
    const request = {
      kind: "bind",
      version: 3,
      dn: name,
      password: Buffer.from(password),
    } as const;
    try {
      return bind(this.domain, request) ? "ok" : "anonymous";
    } catch (error) {
      if (!(error instanceof LdapFailure)) throw error;
      expect(error.result.code).toBe(49);
      return /data ([0-9a-f]+), v/.exec(error.result.diagnostic ?? "")?.[1] ?? "";
    }
  }
}
