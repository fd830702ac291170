import type { JWTPayload } from "jose";
import type { Application } from "./application.ts";
import { accessTokenClaims, type Subject } from "./claims.ts";
import { findResource, type Resource } from "./resource.ts";
import type { SigningKeys } from "./signingKeys.ts";

export interface IssuerOptions {
  readonly tenantId: string;
  /** `https://127.0.0.1:PORT` */
  readonly authority: string;
  readonly keys: SigningKeys;
  readonly applications: readonly Application[];
  /** Milliseconds since 1970, as `Date.now`. */
  readonly clock: () => number;
}

/** The tenant's token issuer: makes access tokens and verifies its own. */
export class Issuer {
  readonly options: IssuerOptions;

  constructor(options: IssuerOptions) {
    this.options = options;
  }

  /**
   * `iss` of a token version. Version 1 keeps Entra's own form, because Azurite takes no other.
   */
  issuer(version: Resource["version"]): string {
    const { tenantId, authority } = this.options;
    return version === "1.0"
      ? `https://sts.windows.net/${tenantId}/`
      : `${authority}/${tenantId}/v2.0`;
  }

  /** `overrides` replace claims, to make tokens that must be refused. */
  async issue(
    resource: Resource,
    subject: Subject,
    lifetimeSeconds: number,
    overrides: JWTPayload = {},
  ): Promise<string> {
    const { tenantId, keys } = this.options;
    const claims = accessTokenClaims({
      tenantId,
      issuer: this.issuer(resource.version),
      resource,
      subject,
      now: this.now(),
      lifetimeSeconds,
    });
    return keys.sign({ ...claims, ...overrides });
  }

  /**
   * Claims of a token that this tenant issued for the audience and that is good at this moment.
   * @throws a `JOSEError` for every other token, a `RangeError` for an unknown audience.
   */
  async verify(token: string, audience: string): Promise<JWTPayload> {
    const resource = findResource(audience, this.options.applications);
    if (!resource) throw new RangeError(`The tenant has no resource ${audience}.`);
    return this.options.keys.verify(token, {
      issuer: this.issuer(resource.version),
      audience: resource.audience,
      now: this.now(),
    });
  }

  now(): Date {
    return new Date(this.options.clock());
  }
}
