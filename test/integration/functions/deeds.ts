import type { SampleUser } from "../../../local/samples.ts";
import type { Answer, TestCloud } from "./testCloud.ts";

const proof = () => ({ methods: ["mobilePhone"], time: new Date().toISOString() });

/** Everything that can be asked for somebody, by whom. */
export class Deeds {
  private readonly cloud: TestCloud;
  private readonly all: Readonly<Record<Deed, (user: SampleUser) => Promise<Answer>>>;

  constructor(cloud: TestCloud) {
    this.cloud = cloud;
    const { tokens } = cloud.half;
    this.all = {
      "own change": (user) => cloud.change(user),
      "own reset": async (user) =>
        cloud.send("/v1.0/me/resetPassword", {
          token: await tokens.userSteppedUp(user),
          body: { newPassword: "N3w-Pass-1" },
        }),
      "own unlock": async (user) =>
        cloud.send("/v1.0/me/unlockAccount", { token: await tokens.userSteppedUp(user) }),
      "own rules": async (user) => cloud.get("/v1.0/me/passwordRules", await tokens.user(user)),
      "portal's reset": (user) => cloud.portalReset(user),
      "portal's unlock": (user) => this.portalUnlock(user.id),
      "portal's rules": async (user) =>
        cloud.send("/v1.0/selfService/passwordRules", {
          token: await tokens.portal(),
          body: { user: user.id },
        }),
      "administrator's reset": (user) => cloud.adminReset(user),
      "administrator's unlock": (user) => this.byHelpdesk("unlockAccount", user),
      "administrator's rules": (user) => this.byHelpdesk("passwordRules", user, "GET"),
      "administrator's must change": (user) => this.byHelpdesk("requirePasswordChange", user),
    };
  }

  /** @param user object id or UPN */
  async portalUnlock(user: string): Promise<Answer> {
    const token = await this.cloud.half.tokens.portal();
    const body = { user, proof: proof() };
    return this.cloud.send("/v1.0/selfService/unlockAccount", { token, body });
  }

  /**
   * What happens to somebody whom nobody else knows, deed by deed: the code, or `done`. What is
   * refused never reaches the agent.
   */
  async tried(newPerson: () => SampleUser): Promise<Record<string, string>> {
    const told: Record<string, string> = {};
    for (const [deed, doIt] of Object.entries(this.all)) {
      const person = newPerson();
      this.cloud.answers(person, ({ operation }) =>
        operation === "passwordRules"
          ? { status: "succeeded", detail: { rules: {} } }
          : { status: "succeeded" },
      );
      const { status, code } = await doIt(person);
      told[deed] = code ?? (status < 300 ? "done" : String(status));
      if (code) expect([deed, this.cloud.executed(person)]).toEqual([deed, 0]);
    }
    return told;
  }

  private async byHelpdesk(path: string, user: SampleUser, method = "POST"): Promise<Answer> {
    const token = await this.cloud.half.tokens.helpdesk();
    return this.cloud.send(`/v1.0/users/${user.id}/${path}`, { token, method });
  }
}

const NAMES = [
  "own change",
  "own reset",
  "own unlock",
  "own rules",
  "portal's reset",
  "portal's unlock",
  "portal's rules",
  "administrator's reset",
  "administrator's unlock",
  "administrator's rules",
  "administrator's must change",
] as const;
export type Deed = (typeof NAMES)[number];

export const ALL_DEEDS: readonly Deed[] = NAMES;
export const SELF_SERVICE: readonly Deed[] = NAMES.filter((deed) => !/^administrator/.test(deed));

/** What is to be told where these deeds are refused and all others done. */
export const refused = (deeds: readonly Deed[], code: string): Record<string, string> =>
  Object.fromEntries(NAMES.map((deed) => [deed, deeds.includes(deed) ? code : "done"]));
