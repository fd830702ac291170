import { canBind } from "../../local/accounts/canBind.ts";
import { readUser } from "../../local/accounts/readUser.ts";
import { SAMPLE_USERS, type SampleUser, userPrincipalName } from "../../local/samples.ts";
import type { Stack } from "../../local/stack/startStack.ts";

const METHOD = "28c10230-6103-485e-b985-444c60001490";

interface Answer {
  readonly status: number;
  readonly code: string | undefined;
}

const named = (name: string): SampleUser =>
  SAMPLE_USERS.find((user) => user.name === name) as SampleUser;

/** Who may help whom, over HTTP, with the sample tenant's roles. @param fresh a new password */
export function describeAdministrators(running: () => Stack, fresh: () => string): void {
  const post = async (user: SampleUser, path: string, token: string, body?: object) => {
    const answer = await fetch(`${running().api}/v1.0/users/${userPrincipalName(user)}/${path}`, {
      method: "POST",
      headers: { Authorization: `Bearer ${token}` },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    const read = JSON.parse(text || "{}") as { error?: { innerError: { code: string } } };
    return { status: answer.status, code: read.error?.innerError.code } satisfies Answer;
  };
  const reset = (user: SampleUser, token: string, newPassword: string): Promise<Answer> =>
    post(user, `authentication/methods/${METHOD}/resetPassword`, token, {
      newPassword,
      requireChangeOnNextSignIn: false,
    });
  const dnOf = ({ name }: SampleUser): string => running().seeded.get(name)?.dn ?? "";
  const bind = (user: SampleUser, password: string): Promise<string> =>
    canBind(running().directory, dnOf(user), password);

  it("leaves the holder of a role to the highest administrators", async () => {
    const { tokens } = running();
    const user = named("ines");
    const newPassword = fresh();
    const byHelpdesk = await reset(user, await tokens.helpdesk(), newPassword);
    expect(byHelpdesk).toEqual({ status: 403, code: "insufficientRole" });
    expect(await bind(user, user.password)).toBe("ok");
    const byHighest = await reset(user, await tokens.globalAdministrator(), newPassword);
    expect(byHighest).toEqual({ status: 202, code: undefined });
    expect(await bind(user, newPassword)).toBe("ok");
  });

  it("lets automation help those of its group, and nobody else", async () => {
    const token = await running().tokens.automation();
    const locked = named("lee");
    expect(await post(locked, "unlockAccount", token)).toEqual({ status: 200, code: undefined });
    const user = named("sam");
    const newPassword = fresh();
    expect(await reset(user, token, newPassword)).toEqual({ status: 202, code: undefined });
    expect(await bind(user, newPassword)).toBe("ok");
    expect(await post(user, "requirePasswordChange", token)).toMatchObject({ status: 200 });
    expect((await readUser(running().directory, user.name)).pwdLastSet).toBe(0n);
    const outside = await reset(named("nora"), token, fresh());
    expect(outside).toEqual({ status: 403, code: "automationOutOfGroup" });
  });
}
