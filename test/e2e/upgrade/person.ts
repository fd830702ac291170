import { canBind } from "../../../local/accounts/canBind.ts";
import {
  SAMPLE_USERS,
  type SampleKind,
  type SampleUser,
  userPrincipalName,
} from "../../../local/samples.ts";
import type { Stack } from "../../../local/stack/startStack.ts";

const PASSWORD_METHOD = "28c10230-6103-485e-b985-444c60001490";

/** HTTP status, and the code of an error or the status of an operation. */
export type Answer = readonly [number, string | undefined];

/** A sample person, what is asked for about them, and what the directory says then. */
export class Person {
  readonly user: SampleUser;
  private readonly stack: Stack;
  /** Where the last operation whose outcome nobody knew can be asked for. */
  private location = "";

  /** @param about the first one of this kind */
  constructor(stack: Stack, about: SampleKind = "ordinary") {
    this.stack = stack;
    this.user = SAMPLE_USERS.find((each) => each.about === about) as SampleUser;
  }

  /** By an administrator: the first version takes it from no application. */
  async probe(): Promise<Answer> {
    const token = await this.stack.tokens.globalAdministrator();
    return this.post("probe", token, { connector: "corp" });
  }

  async change(currentPassword: string, newPassword: string): Promise<Answer> {
    const token = await this.stack.tokens.user(this.user);
    return this.post("me/changePassword", token, { currentPassword, newPassword });
  }

  /** By the help desk: the person must change the password at the next sign-in. */
  async reset(newPassword: string): Promise<Answer> {
    const method = `authentication/methods/${PASSWORD_METHOD}/resetPassword`;
    const path = `users/${userPrincipalName(this.user)}/${method}`;
    return this.post(path, await this.stack.tokens.helpdesk(), { newPassword });
  }

  /** "ok", or the number that Active Directory gives for the reason. */
  bind(password: string): Promise<string> {
    const dn = this.stack.seeded.get(this.user.name)?.dn ?? "";
    return canBind(this.stack.directory, dn, password);
  }

  /** How the person's own last operation ended, of which the call did not know it. */
  async lateStatus(): Promise<Answer> {
    const headers = { Authorization: `Bearer ${await this.stack.tokens.user(this.user)}` };
    const answer = await fetch(`${this.stack.api}${new URL(this.location).pathname}`, { headers });
    const { status, error } = (await answer.json()) as Record<string, { code?: string }>;
    return [answer.status, error?.code ?? String(status)];
  }

  private async post(path: string, token: string, body: unknown): Promise<Answer> {
    const headers = { Authorization: `Bearer ${token}` };
    const init = { method: "POST", headers, body: JSON.stringify(body) };
    const answer = await fetch(`${this.stack.api}/v1.0/${path}`, init);
    this.location = answer.headers.get("location") ?? this.location;
    const text = await answer.text();
    const { error } = text === "" ? {} : JSON.parse(text);
    return [answer.status, error?.innerError.code];
  }
}
