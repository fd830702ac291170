import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { canBind } from "../../local/accounts/canBind.ts";
import { readUser } from "../../local/accounts/readUser.ts";
import type { LocalCertificates } from "../../local/certificates.ts";
import type { LocalDirectory } from "../../local/localDirectory.ts";
import { SAMPLE_USERS, type SampleUser, userPrincipalName } from "../../local/samples.ts";
import { type Stack, startStack } from "../../local/stack/startStack.ts";
import { unixMs } from "../unixMs.ts";
import { describeAdministrators } from "./administrators.ts";
import { describePasswordRules } from "./passwordRules.ts";
import { describeStepUp } from "./stepUp.ts";

/** Anything in a password of this suite that must never be found outside the directory. */
const MARK = "Zq7";

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: {
    readonly id: string;
    readonly status: string;
    readonly error?: { readonly innerError: { readonly code: string }; readonly details?: unknown };
    readonly [member: string]: unknown;
  };
}

const sample = (about: SampleUser["about"], index = 0): SampleUser =>
  SAMPLE_USERS.filter((user) => user.about === about)[index] as SampleUser;

/** HTTP in, a bind with the new password out: the whole system on one directory. */
export function describeSystem(
  name: string,
  startDirectory: (certificates: LocalCertificates) => Promise<LocalDirectory>,
  describeIt: (name: string, suite: () => void) => void = describe,
): void {
  describeIt(name, () => {
    let stack: Stack;
    let sequence = 0;

    beforeAll(async () => {
      stack = await startStack({
        root: process.cwd(),
        startDirectory,
        settings: { TOTAL_WAIT_SECONDS: "10", WRITE_START_SECONDS: "6" },
      });
    }, 180_000);
    afterAll(() => stack?.stop(), 60_000);

    const fresh = (): string => {
      sequence += 1;
      return `${MARK}-Ünïque-pass ${sequence}`;
    };
    const call = async (
      method: "GET" | "POST",
      path: string,
      token: string,
      body?: unknown,
      headers: Record<string, string> = {},
    ): Promise<Answer> => {
      const answer = await fetch(path.startsWith("http") ? path : `${stack.api}${path}`, {
        method,
        headers: { Authorization: `Bearer ${token}`, ...headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await answer.text();
      return {
        status: answer.status,
        headers: answer.headers,
        body: text === "" ? {} : JSON.parse(text),
      };
    };
    const code = ({ body }: Answer): string | undefined => body.error?.innerError.code;
    const proof = () => ({ methods: ["mobilePhone"], time: new Date().toISOString() });
    const dn = (user: SampleUser): string => stack.seeded.get(user.name)?.dn ?? "";
    const bind = (user: SampleUser, password: string): Promise<string> =>
      canBind(stack.directory, dn(user), password);
    const selfService = async (operation: string, user: SampleUser, more: object = {}) =>
      call("POST", `/v1.0/selfService/${operation}`, await stack.tokens.portal(), {
        user: userPrincipalName(user),
        proof: proof(),
        ...more,
      });
    const adminReset = async (user: SampleUser, body: object) =>
      call(
        "POST",
        `/v1.0/users/${userPrincipalName(user)}/authentication/methods/28c10230-6103-485e-b985-444c60001490/resetPassword`,
        await stack.tokens.helpdesk(),
        body,
      );
    /** Brings an account to a known password, without must-change and without a lock. */
    const settle = async (user: SampleUser): Promise<string> => {
      const password = fresh();
      const answer = await selfService("resetPassword", user, { newPassword: password });
      expect([answer.status, code(answer)]).toEqual([200, undefined]);
      return password;
    };

    describePasswordRules(() => stack);

    it("changes a password: the new one binds, the old one does not", async () => {
      const user = sample("ordinary");
      const newPassword = fresh();
      const answer = await call("POST", "/v1.0/me/changePassword", await stack.tokens.user(), {
        currentPassword: user.password,
        newPassword,
      });
      expect([answer.status, code(answer)]).toEqual([204, undefined]);
      expect(await bind(user, newPassword)).toBe("ok");
      expect(await bind(user, user.password)).toBe("52e");
    });

    it("changes a password for a person through the portal", async () => {
      const user = sample("ordinary", 1);
      const currentPassword = await settle(user);
      const newPassword = fresh();
      const answer = await selfService("changePassword", user, { currentPassword, newPassword });
      expect(answer).toMatchObject({ status: 200, body: { status: "succeeded" } });
      expect(await bind(user, newPassword)).toBe("ok");
      const operation = await call(
        "GET",
        `/v1.0/selfService/operations/${answer.body.id}`,
        await stack.tokens.portal(),
      );
      expect(operation).toMatchObject({ status: 200, body: { status: "succeeded" } });
    });

    it("refuses a wrong current password", async () => {
      const user = sample("ordinary", 1);
      const password = await settle(user);
      const answer = await selfService("changePassword", user, {
        currentPassword: `not ${password}`,
        newPassword: fresh(),
      });
      expect([answer.status, code(answer)]).toEqual([400, "currentPasswordWrong"]);
      expect(await bind(user, password)).toBe("ok");
    });

    it("refuses what the directory's policy refuses, and changes nothing", async () => {
      const user = sample("ordinary", 1);
      const password = await settle(user);
      for (const newPassword of ["short1!", "alllowercaseletters", password]) {
        const answer = await selfService("resetPassword", user, { newPassword });
        expect([answer.status, code(answer)]).toEqual([400, "passwordPolicyViolation"]);
      }
      expect(await bind(user, password)).toBe("ok");
    });

    it("says which rule of the policy said no, with its number or time", async () => {
      const ordinary = sample("ordinary", 1);
      const password = await settle(ordinary);
      const reset = async (user: SampleUser, newPassword: string) => {
        const answer = await selfService("resetPassword", user, { newPassword });
        expect([answer.status, code(answer)]).toEqual([400, "passwordPolicyViolation"]);
        return answer.body.error?.details;
      };
      expect(await reset(ordinary, "Ab-1e")).toMatchObject([
        { code: "tooShort", minimum: 8, target: "newPassword" },
      ]);
      expect(await reset(ordinary, password)).toMatchObject([{ code: "inHistory", remembered: 5 }]);
      expect(await reset(sample("strictPolicy"), "Ab-1e")).toMatchObject([
        { code: "tooShort", minimum: 16 },
      ]);
      const recent = sample("recentlyChanged");
      const { pwdLastSet } = await readUser(stack.directory, recent.name);
      const set = unixMs(pwdLastSet);
      expect(await reset(recent, fresh())).toMatchObject([
        { code: "tooSoon", earliest: new Date(set + 86_400_000).toISOString() },
      ]);
      // Samba takes names in passwords.
      if (stack.directory.kind === "samba") return;
      const named = `Pass-1-${ordinary.surname}`;
      expect(await reset(ordinary, named)).toMatchObject([{ code: "containsName" }]);
    });

    it("resets as an administrator: must change, operation succeeded", async () => {
      const user = sample("ordinary", 1);
      const newPassword = fresh();
      const answer = await adminReset(user, { newPassword });
      expect([answer.status, code(answer)]).toEqual([202, undefined]);
      const operation = await call(
        "GET",
        answer.headers.get("location") ?? "",
        await stack.tokens.helpdesk(),
      );
      expect(operation.body).toMatchObject({ status: "succeeded", mustChangeApplied: true });
      expect(await bind(user, newPassword)).toBe("773");
    });

    it("lets a person who must change do so", async () => {
      const user = sample("mustChange");
      const newPassword = fresh();
      const answer = await selfService("changePassword", user, {
        currentPassword: user.password,
        newPassword,
      });
      expect([answer.status, code(answer)]).toEqual([200, undefined]);
      expect(await bind(user, newPassword)).toBe("ok");
    });

    it("refuses a change on a locked account alike, right or wrong, and it stays locked", async () => {
      const user = sample("locked");
      for (const currentPassword of [user.password, "Wrong-password-1"]) {
        const answer = await selfService("changePassword", user, {
          currentPassword,
          newPassword: fresh(),
        });
        expect([answer.status, code(answer)]).toEqual([423, "accountLocked"]);
        expect(await bind(user, user.password)).toBe("775");
      }
    });

    it("unlocks without a new password, and says whether it was locked", async () => {
      const user = sample("locked");
      const first = await selfService("unlockAccount", user);
      expect(first).toMatchObject({ status: 200, body: { wasLocked: true } });
      expect(await bind(user, user.password)).toBe("ok");
      const again = await call(
        "POST",
        `/v1.0/users/${user.id}/unlockAccount`,
        await stack.tokens.helpdesk(),
      );
      expect(again).toMatchObject({ status: 200, body: { wasLocked: false } });
    });

    it("requires a change at next sign-in", async () => {
      const user = sample("ordinary", 1);
      const password = await settle(user);
      const answer = await call(
        "POST",
        `/v1.0/users/${user.id}/requirePasswordChange`,
        await stack.tokens.helpdesk(),
      );
      expect([answer.status, code(answer)]).toEqual([200, undefined]);
      expect(await bind(user, password)).toBe("773");
    });

    it("probes the whole way and writes nothing", async () => {
      const token = await stack.tokens.globalAdministrator();
      const before = await readUser(stack.directory, "svc-canary");
      const answer = await call("POST", "/v1.0/probe", token, { connector: "corp" });
      expect(answer).toMatchObject({ status: 200, body: { status: "succeeded" } });
      const after = await readUser(stack.directory, "svc-canary");
      expect(after).toEqual(before);
    });

    it("refuses people who are only in the cloud, and strangers", async () => {
      const cloud = await selfService("resetPassword", sample("cloudOnly"), {
        newPassword: fresh(),
      });
      expect([cloud.status, code(cloud)]).toEqual([409, "userNotSynchronized"]);
      const stranger = await adminReset(
        { ...sample("ordinary"), name: "nobody" },
        {
          newPassword: fresh(),
        },
      );
      expect([stranger.status, code(stranger)]).toEqual([404, "userNotFound"]);
    });

    it.each([
      ["protected", "accountProtected"],
      ["nestedProtected", "accountProtected"],
      ["outOfScope", "accountOutOfScope"],
      ["disabled", "accountDisabled"],
    ] as const)("never touches who is %s, whoever asks: %s", async (about, expected) => {
      const user = sample(about);
      const before = await readUser(stack.directory, user.name);
      const [helpdesk, newPassword] = [await stack.tokens.helpdesk(), fresh()];
      const answers = [
        await selfService("resetPassword", user, { newPassword }),
        await selfService("changePassword", user, { currentPassword: user.password, newPassword }),
        await selfService("unlockAccount", user),
        await adminReset(user, { newPassword }),
        await call("POST", `/v1.0/users/${user.id}/unlockAccount`, helpdesk),
        await call("POST", `/v1.0/users/${user.id}/requirePasswordChange`, helpdesk),
      ];
      for (const answer of answers) expect([answer.status, code(answer)]).toEqual([403, expected]);
      expect(answers[0]?.body.error).toMatchObject({
        message: expect.stringContaining("Contact your administrator"),
      });
      expect(await readUser(stack.directory, user.name)).toEqual(before);
    });

    it("says that must change has no effect on a password that never expires", async () => {
      const user = sample("neverExpires");
      const newPassword = fresh();
      const answer = await adminReset(user, { newPassword });
      const operation = await call(
        "GET",
        answer.headers.get("location") ?? "",
        await stack.tokens.helpdesk(),
      );
      expect(operation.body).toMatchObject({ status: "succeeded", mustChangeApplied: false });
      expect(await bind(user, newPassword)).toBe("ok");
    });

    it("never claims a success or a policy verdict when the directory hangs", async () => {
      // Somebody whom no later test needs: where it ends as unknown, a second one is refused.
      const user = sample("mustChange");
      stack.directory.freeze();
      const pending = selfService("resetPassword", user, { newPassword: fresh() });
      await delay(300);
      const answer = await pending;
      stack.directory.thaw();
      expect(["directoryUnreachable", "outcomeUnknown", "requestExpired"]).toContain(code(answer));
      expect([500, 502]).toContain(answer.status);
    });

    it("says unknown when the agent is killed, and nothing is executed later", async () => {
      const user = sample("ordinary", 1);
      const password = await settle(user);
      stack.processes.agent.kill("SIGSTOP");
      const pending = selfService("resetPassword", user, { newPassword: fresh() });
      await delay(500);
      stack.processes.agent.kill("SIGKILL");
      const answer = await pending;
      expect([answer.status, code(answer)]).toEqual([500, "outcomeUnknown"]);
      const location = answer.headers.get("location") ?? "";
      const operation = await call("GET", location, await stack.tokens.portal());
      expect(operation.body.status).toBe("running");
      stack.restartAgent();
      await untilProbed();
      await untilEmpty();
      expect(await bind(user, password)).toBe("ok");
    }, 90_000);

    it("answers 503 at once when the agent has stopped, and ends within ten seconds", async () => {
      const begun = Date.now();
      expect(await stack.processes.agent.stop()).toBe(0);
      expect(Date.now() - begun).toBeLessThan(10_500);
      const answer = await selfService("resetPassword", sample("ordinary", 1), {
        newPassword: fresh(),
      });
      expect([answer.status, code(answer)]).toEqual([503, "noLiveAgent"]);
      expect(answer.headers.get("retry-after")).toMatch(/^\d+$/);
      stack.restartAgent();
      await stack.ready();
    }, 60_000);

    it("has told the operator which rule refused an account", () => {
      const text = readFileSync(join(stack.folder, "agent.log"), "utf8");
      for (const rule of ["administrators", "outOfScope", "disabled"])
        expect(text).toMatch(new RegExp(`"accountRefused",.*"target":.*"rules":"${rule}"`));
      expect(text).toMatch(/"accountWarned",.*"rules":"neverExpires"/);
    });

    describeAdministrators(() => stack, fresh);
    describeStepUp(() => stack, fresh);

    it("has left no password in any log", () => {
      const logs = readdirSync(stack.folder).filter((file) => file.endsWith(".log"));
      expect(logs.sort()).toEqual(["agent.log", "functions.log"]);
      for (const file of logs) {
        const text = readFileSync(join(stack.folder, file), "utf8");
        expect(text).toContain("outcome");
        expect(text).not.toContain(MARK);
        for (const { password } of SAMPLE_USERS) expect(text).not.toContain(password);
      }
    });

    async function untilProbed(): Promise<void> {
      const token = await stack.tokens.globalAdministrator();
      const until = Date.now() + 60_000;
      while (Date.now() < until) {
        const answer = await call("POST", "/v1.0/probe", token, { connector: "corp" });
        if (answer.status === 200) return;
        await delay(500);
      }
      throw new Error("the new agent never answered");
    }

    async function untilEmpty(): Promise<void> {
      const until = Date.now() + 30_000;
      while (stack.broker.queue("requests-corp").size > 0 && Date.now() < until) await delay(200);
      expect(stack.broker.queue("requests-corp").size).toBe(0);
    }
  });
}
