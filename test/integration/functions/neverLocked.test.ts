import { execute } from "../../../agent/operations/execute.ts";
import { addPasswordSettingsWith } from "../../../local/accounts/passwordSettings.ts";
import type { SampleUser } from "../../../local/samples.ts";
import { SAMPLE_POLICY } from "../../../local/seed.ts";
import type { Person } from "../agent/operations/fixture.ts";
import { onSimulated } from "../agent/operations/onSimulated.ts";
import { TestCloud } from "./testCloud.ts";

const GUESS = { currentPassword: "not-the-password", newPassword: "Second-Meadow-28" };

const { fixture } = onSimulated();
let cloud: TestCloud;
beforeAll(async () => {
  cloud = await TestCloud.start();
});
afterAll(() => cloud?.half.stop());
beforeEach(() => cloud.half.heartbeat());

/** Somebody with an account in the directory, on which the agent's own code acts. */
async function somebody(): Promise<{ person: Person; user: SampleUser }> {
  const person = await fixture.person();
  const user = cloud.person({
    onPremisesImmutableId: person.sourceAnchor,
    onPremisesSecurityIdentifier: person.sid,
  });
  cloud.answers(user, (request) => execute(request, fixture.job()));
  return { person, user };
}
const byPortal = async (operation: string, user: SampleUser, body: object = {}) =>
  cloud.send(`/v1.0/selfService/${operation}`, {
    token: await cloud.half.tokens.portal(),
    body: {
      user: user.id,
      proof: { methods: ["mobilePhone"], time: new Date().toISOString() },
      ...body,
    },
  });
const byPerson = async (user: SampleUser) =>
  cloud.send("/v1.0/me/changePassword", {
    token: await cloud.half.tokens.user(user),
    body: GUESS,
  });
/** Tries passwords by both roads, two at once. */
async function attack(user: SampleUser, tries = 10): Promise<void> {
  for (let tried = 0; tried < tries; tried += 2)
    await Promise.all([byPerson(user), byPortal("changePassword", user, GUESS)]);
}

test("without the service five wrong passwords lock an account", async () => {
  const { person } = await somebody();
  for (const _ of "12345") await fixture.run(person, { operation: "change", ...GUESS });
  expect(await fixture.bind(person, person.password)).toBe("775");
});

test("through the service fifty lock nobody, and the right one is still good", async () => {
  const { person, user } = await somebody();
  await attack(user, 50);
  const { badPwdCount, lockoutTime } = await fixture.state(person);
  expect([badPwdCount, lockoutTime]).toEqual([SAMPLE_POLICY.lockoutThreshold - 1, 0n]);
  expect(await fixture.bind(person, person.password)).toBe("ok");
  expect((await byPortal("changePassword", user, GUESS)).code).toBe("changeLimitReached");
});

test.each([2, 3])("nor by settings of one's own that lock at %i", async (lockoutThreshold) => {
  const { person, user } = await somebody();
  await addPasswordSettingsWith(fixture.administrator, fixture.directory.baseDn, {
    ...SAMPLE_POLICY,
    name: `Lockout ${lockoutThreshold}`,
    precedence: 10 + lockoutThreshold,
    appliesTo: [person.dn],
    lockoutThreshold,
  });
  await attack(user);
  expect((await fixture.state(person)).badPwdCount).toBe(lockoutThreshold - 1);
  expect(await fixture.bind(person, person.password)).toBe("ok");
});

test("a reset or an unlock in between makes directory and service begin anew alike", async () => {
  const { person, user } = await somebody();
  await attack(user);
  expect((await byPortal("unlockAccount", user)).status).toBe(200);
  expect((await fixture.state(person)).badPwdCount).toBe(0);
  await attack(user);
  expect((await fixture.state(person)).badPwdCount).toBe(SAMPLE_POLICY.lockoutThreshold - 1);
  expect(await fixture.bind(person, person.password)).toBe("ok");
});
