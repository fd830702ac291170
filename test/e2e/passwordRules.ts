import { readUser } from "../../local/accounts/readUser.ts";
import { SAMPLE_USERS, type SampleUser, userPrincipalName } from "../../local/samples.ts";
import { SAMPLE_POLICY } from "../../local/seed.ts";
import type { Stack } from "../../local/stack/startStack.ts";
import { unixMs } from "../unixMs.ts";

const DAY_MS = 86_400_000;

interface Answer {
  readonly status: number;
  readonly code: string | undefined;
  readonly body: Readonly<Record<string, unknown>>;
}

const sample = (about: SampleUser["about"]): SampleUser =>
  SAMPLE_USERS.find((user) => user.about === about) as SampleUser;

/** Rules before typing, over HTTP; before anything was written to the samples. */
export function describePasswordRules(running: () => Stack): void {
  const call = async (path: string, token: string, body?: unknown): Promise<Answer> => {
    const answer = await fetch(`${running().api}${path}`, {
      method: body === undefined ? "GET" : "POST",
      headers: { Authorization: `Bearer ${token}` },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const read = (await answer.json()) as Answer["body"] & {
      readonly error?: { readonly innerError: { readonly code: string } };
    };
    return { status: answer.status, code: read.error?.innerError.code, body: read };
  };
  const routes: readonly [name: string, ask: (user: SampleUser) => Promise<Answer>][] = [
    [
      "the person",
      async (user) => call("/v1.0/me/passwordRules", await running().tokens.user(user)),
    ],
    [
      "the portal",
      async (user) =>
        call("/v1.0/selfService/passwordRules", await running().tokens.portal(), {
          user: userPrincipalName(user),
        }),
    ],
    [
      "an administrator",
      async (user) =>
        call(
          `/v1.0/users/${userPrincipalName(user)}/passwordRules`,
          await running().tokens.helpdesk(),
        ),
    ],
  ];

  describe.each(routes)("the rules for the next password, asked by %s", (_, ask) => {
    it("are the domain's, or stricter ones of one's own", async () => {
      const common = {
        complexity: {
          minimumClasses: 3,
          classes: ["uppercase", "lowercase", "digit", "symbol"],
          namesRefused: running().directory.kind === "simulated",
        },
        historyLength: SAMPLE_POLICY.historyLength,
        minimumAgeSeconds: 0,
        changeAllowedFrom: expect.stringMatching(/^\d{4}-.*Z$/),
        resetAllowed: true,
        enforcedOnReset: true,
        locked: false,
        passwordFilter: null,
      };
      const ordinary = await ask(sample("ordinary"));
      expect([ordinary.status, ordinary.body]).toEqual([200, { ...common, minimumLength: 8 }]);
      const strict = await ask(sample("strictPolicy"));
      expect([strict.status, strict.body]).toEqual([200, { ...common, minimumLength: 16 }]);
      expect(Date.parse(String(strict.body.changeAllowedFrom))).toBeLessThan(Date.now() + DAY_MS);
    });

    it("say when the next change is allowed", async () => {
      const user = sample("recentlyChanged");
      const before = await readUser(running().directory, user.name);
      const set = unixMs(before.pwdLastSet);
      expect((await ask(user)).body).toMatchObject({
        minimumAgeSeconds: 86_400,
        changeAllowedFrom: new Date(set + DAY_MS).toISOString(),
      });
      expect(await readUser(running().directory, user.name)).toEqual(before);
    });

    it("say that an account is locked, and leave it so", async () => {
      const user = sample("locked");
      const before = await readUser(running().directory, user.name);
      expect(await ask(user)).toMatchObject({ status: 200, body: { locked: true } });
      expect(await readUser(running().directory, user.name)).toEqual(before);
    });

    it.each([
      ["protected", 403, "accountProtected"],
      ["nestedProtected", 403, "accountProtected"],
      ["outOfScope", 403, "accountOutOfScope"],
      ["disabled", 403, "accountDisabled"],
      ["cloudOnly", 409, "userNotSynchronized"],
    ] as const)("of somebody who is %s are refused: %i %s", async (about, status, code) => {
      expect(await ask(sample(about))).toMatchObject({ status, code });
    });
  });
}
