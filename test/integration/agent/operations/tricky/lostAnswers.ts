import { addPasswordSettingsWith } from "../../../../../local/accounts/passwordSettings.ts";
import { SAMPLE_POLICY } from "../../../../../local/seed.ts";
import type { Request } from "../../../../../protocol/request.ts";
import { DirectoryProxy } from "../../directoryProxy.ts";
import type { Abilities, OperationsFixture, Person } from "../fixture.ts";
import { Agents, type TestAgent } from "./agents.ts";

const NEXT = "Second-Meadow-28";

/** Cases 1 to 5: answers that were lost, agents that died, two agents, jobs that waited. */
export function describeLostAnswers(fixture: OperationsFixture, { policyHints }: Abilities): void {
  let agents: Agents;
  let proxy: DirectoryProxy;
  const settings = { allowWeakerEnforcement: !policyHints };

  beforeEach(async () => {
    agents = await Agents.open(fixture);
    proxy = await DirectoryProxy.start(fixture.directory);
  });
  afterEach(async () => {
    await proxy.stop();
    await agents.close();
  });

  const resetOf = ({ target }: Person, newPassword = NEXT): Request =>
    agents.request({ operation: "reset", target, newPassword, mustChange: false });
  const changeOf = ({ target, password }: Person, newPassword = NEXT): Request =>
    agents.request({ operation: "change", target, currentPassword: password, newPassword });

  /** Loses the answer to the first write, which has then taken effect. */
  function losing(): () => void {
    let isArmed = true;
    return () => {
      if (!isArmed) return;
      isArmed = false;
      void proxy.hold("down").then(() => proxy.cut());
    };
  }
  const statuses = async (agent: TestAgent, request: Request): Promise<string[]> =>
    (await agent.told(request)).map(({ status }) => status);

  test("1 the answer is lost, the write is not: one success, one effect", async () => {
    const person = await fixture.person();
    const agent = await agents.agent({
      directory: proxy.seen(fixture.directory),
      settings,
      beforeWrite: losing(),
    });
    const { keyVersion } = await fixture.state(person);
    const reset = resetOf(person);
    await agent.take(reset);
    expect(new Set(await statuses(agent, reset))).toEqual(new Set(["succeeded"]));
    expect((await fixture.state(person)).keyVersion).toBe(keyVersion + 1);
    expect(await fixture.bind(person, NEXT)).toBe("ok");
  });

  test("2 the same in a change, where one wrong password locks: not locked", async () => {
    const person = await fixture.person();
    await addPasswordSettingsWith(fixture.administrator, fixture.directory.baseDn, {
      ...SAMPLE_POLICY,
      name: `Locks ${person.name} at once`,
      precedence: 30,
      appliesTo: [person.dn],
      lockoutThreshold: 1,
    });
    const agent = await agents.agent({
      directory: proxy.seen(fixture.directory),
      beforeWrite: losing(),
    });
    const change = changeOf(person);
    await agent.take(change);
    await agent.take(change, 1);
    expect(new Set(await statuses(agent, change))).toEqual(new Set(["succeeded"]));
    expect(await fixture.state(person)).toMatchObject({ badPwdCount: 0, computed: 0 });
    expect(await fixture.bind(person, NEXT)).toBe("ok");
  });

  test("3 the agent dies before the answer: the next run looks, and executes nothing", async () => {
    const person = await fixture.person();
    const { promise: arrived, resolve: arrives } = Promise.withResolvers<void>();
    const dying = await agents.agent({
      directory: proxy.seen(fixture.directory),
      settings,
      beforeWrite: () => {
        void proxy.hold("down").then(arrives);
      },
    });
    const { keyVersion } = await fixture.state(person);
    const reset = resetOf(person);
    const died = dying.take(reset);
    await arrived;

    const next = await agents.agent({ journal: dying.journal, settings });
    await next.take(reset, 1);
    expect(new Set(await statuses(next, reset))).toEqual(new Set(["succeeded"]));
    expect(next.events).toContain("requestRepeated");
    expect((await fixture.state(person)).keyVersion).toBe(keyVersion + 1);
    const disk = await agents.onDisk();
    for (const encoding of ["utf8", "utf16le"] as const)
      expect(disk.includes(Buffer.from(NEXT, encoding))).toBe(false);
    expect(disk.includes(Buffer.from(NEXT).toString("base64"))).toBe(false);
    proxy.cut();
    await died;
    expect((await fixture.state(person)).keyVersion).toBe(keyVersion + 1);
  });

  test("4 two agents get one job: one writes, the other cannot tell", async () => {
    const person = await fixture.person();
    const { keyVersion } = await fixture.state(person);
    const [first, second] = [await agents.agent({ settings }), await agents.agent({ settings })];
    const reset = resetOf(person);
    await Promise.all([first.take(reset), second.take(reset, 1)]);
    expect(await statuses(first, reset)).toEqual(["succeeded"]);
    expect(await statuses(second, reset)).toEqual(["unknown"]);
    expect(second.events).toContain("requestRepeated");
    expect((await fixture.state(person)).keyVersion).toBe(keyVersion + 1);
  });

  test("5 a reset that waited past its time is refused: the newer password stays", async () => {
    const person = await fixture.person();
    const agent = await agents.agent({ settings });
    const now = Date.now() / 1_000;
    const late = agents.request({ ...resetOf(person), iat: now - 60, exp: now - 1 });
    const newer = "Newer-Password-40";
    await fixture.run(person, {
      operation: "change",
      currentPassword: person.password,
      newPassword: newer,
    });
    const before = await fixture.state(person);
    await agent.take(late);
    const codes = (await agent.told(late)).map(({ code }) => code);
    expect(new Set(codes)).toEqual(new Set(["requestExpired"]));
    expect(await fixture.state(person)).toEqual(before);
    expect(await fixture.bind(person, newer)).toBe("ok");
  });

  test("5 a reset that waited, but not past its time, does not take a newer password back", async () => {
    const person = await fixture.person();
    const agent = await agents.agent({ settings });
    const now = Date.now() / 1_000;
    const newer = "Newer-Password-41";
    await fixture.run(person, {
      operation: "change",
      currentPassword: person.password,
      newPassword: newer,
    });
    const before = await fixture.state(person);
    const { target } = person;
    const waited = { target, iat: now - 60, exp: now + 60 };
    for (const request of [
      agents.request({ operation: "reset", newPassword: NEXT, mustChange: false, ...waited }),
      agents.request({ operation: "requireChange", ...waited }),
    ]) {
      await agent.take(request);
      expect(await agent.told(request)).toMatchObject([{ status: "failed", code: "superseded" }]);
    }
    expect(await fixture.state(person)).toEqual(before);
    expect(await fixture.bind(person, newer)).toBe("ok");
  });

  test("a journal that cannot be written: nothing is sent", async () => {
    const person = await fixture.person();
    const before = await fixture.state(person);
    const agent = await agents.agent({
      settings,
      beforeWrite: () => Promise.reject(new Error("disk full")),
    });
    for (const request of [resetOf(person), changeOf(person)]) {
      await agent.take(request);
      expect(await agent.told(request)).toMatchObject([
        { status: "failed", code: "journalUnavailable" },
      ]);
    }
    expect(await fixture.state(person)).toEqual(before);
  });

  describe("two agents with two jobs for one person, both past their reads", () => {
    /** Lets nobody write before both are about to. */
    function together(): () => Promise<void> {
      let waiting = 2;
      const { promise, resolve } = Promise.withResolvers<void>();
      return () => {
        waiting -= 1;
        if (waiting === 0) resolve();
        return promise;
      };
    }
    const kinds = {
      "two resets": [resetOf, resetOf],
      "two changes": [changeOf, changeOf],
      "a reset and a change": [resetOf, changeOf],
    } as const;

    test.each(Object.entries(kinds))(
      "%s: one takes effect, the other is told so",
      async (_, [one, other]) => {
        const person = await fixture.person();
        const before = await fixture.state(person);
        const beforeWrite = together();
        const both = [
          { request: one(person, "Winner-Meadow-28"), password: "Winner-Meadow-28" },
          { request: other(person, "Better-Harbour-39"), password: "Better-Harbour-39" },
        ];
        const outcomes = await Promise.all(
          both.map(async ({ request, password }) => {
            const agent = await agents.agent({ settings, beforeWrite });
            await agent.take(request);
            return { password, told: await agent.told(request) };
          }),
        );
        const won = outcomes.filter(({ told }) => told[0]?.status === "succeeded");
        const lost = outcomes.filter(({ told }) => told[0]?.status !== "succeeded");
        expect(won).toHaveLength(1);
        expect(lost.flatMap(({ told }) => told)).toMatchObject([
          { status: "failed", code: "superseded", directory: { win32: "00002085" } },
        ]);
        const after = await fixture.state(person);
        expect(after.keyVersion).toBe(before.keyVersion + 1);
        expect(after.badPwdCount).toBe(0);
        expect(await fixture.bind(person, won[0]?.password ?? "")).toBe("ok");
      },
    );
  });
}
