import { SCOPES } from "../../functions/access/permissions.ts";
import type { Identity, MintOptions } from "../identity/startIdentity.ts";
import { SAMPLE_USERS, type SampleUser, userPrincipalName } from "../samples.ts";
import { ADMINISTRATORS, API_CLIENT_ID, type Applications, STEP_UP_CONTEXT } from "./tenant.ts";

/** Seconds: longer than Entra's, so that a day's trying needs no new one. */
const LIFETIME_SECONDS = 8 * 3_600;

type Overrides = MintOptions["overrides"];

/** Access tokens of everybody who calls the API. `overrides` make ones that must be refused. */
export class Tokens {
  private readonly identity: Identity;
  private readonly applications: Applications;

  constructor(identity: Identity, applications: Applications) {
    this.identity = identity;
    this.applications = applications;
  }

  user(user: SampleUser = SAMPLE_USERS[0] as SampleUser, overrides?: Overrides): Promise<string> {
    return this.person(
      { objectId: user.id, userPrincipalName: userPrincipalName(user), scopes: [SCOPES.self] },
      overrides,
    );
  }

  /** The same person after a stronger sign-in. */
  userSteppedUp(
    user: SampleUser = SAMPLE_USERS[0] as SampleUser,
    overrides?: Overrides,
  ): Promise<string> {
    return this.user(user, { acrs: [STEP_UP_CONTEXT], ...overrides });
  }

  helpdesk(overrides?: Overrides): Promise<string> {
    return this.person(ADMINISTRATORS.helpdesk, overrides);
  }

  globalAdministrator(overrides?: Overrides): Promise<string> {
    return this.person(ADMINISTRATORS.globalAdministrator, overrides);
  }

  portal(overrides?: Overrides): Promise<string> {
    return this.mint({ kind: "app", application: this.applications.portal }, overrides);
  }

  /** The operators' application, which signs in with a certificate. */
  operator(overrides?: Overrides): Promise<string> {
    return this.mint({ kind: "app", application: this.applications.operator }, overrides);
  }

  automation(overrides?: Overrides): Promise<string> {
    return this.mint({ kind: "app", application: this.applications.automation }, overrides);
  }

  agent(overrides?: Overrides): Promise<string> {
    return this.mint({ kind: "app", application: this.applications.agent }, overrides);
  }

  private person(
    person: {
      readonly objectId: string;
      readonly userPrincipalName: string;
      readonly scopes: readonly string[];
      readonly roles?: readonly string[];
    },
    overrides?: Overrides,
  ): Promise<string> {
    const subject = {
      kind: "user",
      client: this.applications.tool,
      capabilities: ["cp1"],
    } as const;
    return this.mint({ ...subject, ...person }, overrides);
  }

  private mint(subject: MintOptions["subject"], overrides?: Overrides): Promise<string> {
    return this.identity.mintToken({
      audience: API_CLIENT_ID,
      subject,
      lifetimeSeconds: LIFETIME_SECONDS,
      overrides,
    });
  }
}
