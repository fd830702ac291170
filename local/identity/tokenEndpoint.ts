import type { JsonAnswer, JsonRequest } from "../http/jsonServer.ts";
import type { Application } from "./application.ts";
import { ASSERTION_TYPE, ClientAssertions } from "./clientAssertion.ts";
import { EntraError } from "./entraError.ts";
import type { Issuer } from "./issuer.ts";
import { resourceOfScope } from "./resource.ts";

const LIFETIME_SECONDS = 3599;

/**
 * `POST /{tenant}/oauth2/v2.0/token`: client credentials proved by a certificate, the only grant
 * (RFC 6749 §4.4, RFC 7523 §2.2). A user's token is never to be had here.
 */
export class TokenEndpoint {
  private readonly issuer: Issuer;
  private readonly assertions = new ClientAssertions();

  constructor(issuer: Issuer) {
    this.issuer = issuer;
  }

  get url(): string {
    const { authority, tenantId } = this.issuer.options;
    return `${authority}/${tenantId}/oauth2/v2.0/token`;
  }

  async handle(request: JsonRequest): Promise<JsonAnswer> {
    try {
      return { status: 200, body: await this.grant(new URLSearchParams(request.body)) };
    } catch (error) {
      if (error instanceof EntraError) return error.toAnswer(this.issuer.now());
      throw error;
    }
  }

  private async grant(form: URLSearchParams) {
    if (form.get("grant_type") !== "client_credentials") {
      throw new EntraError("unsupported_grant_type", 70003, "Only client_credentials is offered.");
    }
    const application = await this.client(form);
    const scope = form.get("scope") ?? "";
    const wanted = scope.split(" ").filter((one) => !OPENID_SCOPES.has(one));
    const resource = resourceOfScope(wanted.join(" "), this.issuer.options.applications);
    if (!resource) {
      throw new EntraError("invalid_scope", 70011, "The scope is not one resource's /.default.");
    }
    const subject = { kind: "app", application } as const;
    return {
      token_type: "Bearer",
      expires_in: LIFETIME_SECONDS,
      ext_expires_in: LIFETIME_SECONDS,
      access_token: await this.issuer.issue(resource, subject, LIFETIME_SECONDS),
    };
  }

  private async client(form: URLSearchParams): Promise<Application> {
    const clientId = form.get("client_id");
    const { applications } = this.issuer.options;
    const application = applications.find((one) => one.clientId === clientId);
    if (!application) {
      throw new EntraError("unauthorized_client", 700016, "The tenant has no such client.");
    }
    const assertion = form.get("client_assertion");
    if (form.get("client_assertion_type") !== ASSERTION_TYPE || !assertion) {
      throw new EntraError("invalid_client", 7000218, "A client assertion is required.", 401);
    }
    await this.assertions.check(assertion, application, this.url, this.issuer.now());
    return application;
  }
}

/** MSAL adds these to every request. */
const OPENID_SCOPES: ReadonlySet<string> = new Set(["openid", "profile", "offline_access"]);
