import { canBind } from "../../local/accounts/canBind.ts";
import { lockOut } from "../../local/accounts/lockOut.ts";
import { SAMPLE_USERS, type SampleUser } from "../../local/samples.ts";
import type { Stack } from "../../local/stack/startStack.ts";

/** People on their own accounts, after a stronger sign-in. @param fresh a new password */
export function describeStepUp(running: () => Stack, fresh: () => string): void {
  const user = SAMPLE_USERS[0] as SampleUser;
  const post = async (path: string, token: string, body?: object) => {
    const answer = await fetch(`${running().api}/v1.0/me/${path}`, {
      method: "POST",
      headers: { Authorization: `Bearer ${token}` },
      ...(body && { body: JSON.stringify(body) }),
    });
    const read = (await answer.json()) as { error?: { innerError: { code: string } } };
    return { status: answer.status, code: read.error?.innerError.code };
  };
  const dn = (): string => running().seeded.get(user.name)?.dn ?? "";
  const bind = (password: string): Promise<string> => canBind(running().directory, dn(), password);

  it("lets who has stepped up reset and unlock, and nobody else", async () => {
    const { tokens, directory } = running();
    const newPassword = fresh();
    const weak = await tokens.user(user);
    const refused = { status: 401, code: "stepUpRequired" };
    expect(await post("resetPassword", weak, { newPassword })).toEqual(refused);
    expect(await bind(newPassword)).toBe("52e");

    const strong = await tokens.userSteppedUp(user);
    const done = { status: 200, code: undefined };
    expect(await post("resetPassword", strong, { newPassword })).toEqual(done);
    expect(await bind(newPassword)).toBe("ok");

    await lockOut(directory, dn());
    expect(await bind(newPassword)).toBe("775");
    expect(await post("unlockAccount", weak)).toEqual(refused);
    expect(await post("unlockAccount", strong)).toEqual(done);
    expect(await bind(newPassword)).toBe("ok");
  });
}
