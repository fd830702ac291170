import { randomUUID } from "node:crypto";
import type { SampleUser } from "../../../local/samples.ts";
import { type Answer, eventually, idIn, pathOf, TestCloud } from "../functions/testCloud.ts";

interface Victim {
  readonly person: SampleUser;
  readonly headers: Record<string, string>;
  readonly answer: Answer;
}

let cloud: TestCloud;
/** People whose operation runs on, with the marks that it was sent with. */
let victims: Victim[];
beforeAll(async () => {
  cloud = await TestCloud.start();
  // Both at once: each of them takes the whole wait.
  victims = await Promise.all(
    [cloud.silentPerson(), cloud.silentPerson()].map(async (person) => {
      const headers = marks();
      return { person, headers, answer: await cloud.change(person, headers) };
    }),
  );
});
afterAll(() => cloud?.half.stop());
beforeEach(() => cloud.half.heartbeat());

/** Everything that marks a call as the repeat of another one. */
const marks = () => ({
  "Idempotency-Key": randomUUID(),
  "client-request-id": randomUUID(),
  "Retry-Attempt": "1",
});
const replayed = (headers: Headers) => headers.get("idempotency-replayed");

test("an Idempotency-Key of another caller is not found, and its operation neither", async () => {
  const { person: victim, headers, answer: first } = victims[0] as Victim;
  expect(first.code).toBe("outcomeUnknown");
  const other = cloud.person();
  const second = await cloud.change(other, headers);
  expect([second.status, replayed(second.headers)]).toEqual([204, null]);
  expect(cloud.executed(other)).toBe(1);

  const place = pathOf(first.headers.get("location"));
  const { tokens } = cloud.half;
  for (const [path, token] of [
    [place, await tokens.user(other)],
    [`/v1.0/selfService/operations/${idIn(place)}`, await tokens.portal()],
    [`/v1.0/users/${victim.id}/authentication/operations/${idIn(place)}`, await tokens.helpdesk()],
  ] as const)
    expect(await cloud.get(path, token)).toMatchObject({ status: 404, code: "operationNotFound" });
});

test("a call made to look like a retry of another caller's joins nothing", async () => {
  const { person: victim, headers, answer: owners } = victims[1] as Victim;
  // The portal about the same person, with the same marks: it is told of no operation of theirs.
  const portals = await cloud.portalReset(victim, headers);
  expect(portals).toMatchObject({ status: 409, code: "operationInProgress" });
  expect(replayed(portals.headers)).toBeNull();
  expect(portals.headers.get("location")).toBeNull();
  expect(portals.text).not.toContain(idIn(owners.headers.get("location")));
  // An administrator's runs on its own.
  const before = cloud.executed(victim);
  const admins = await cloud.adminReset(victim, headers);
  expect(admins.status).toBe(202);
  expect(replayed(admins.headers)).toBeNull();
  expect(idIn(admins.headers.get("location"))).not.toBe(idIn(owners.headers.get("location")));
  await eventually("it ran", () => cloud.executed(victim) === before + 1);
});

test("a body made to look like another caller's retry joins nothing", async () => {
  const headers = marks();
  const [one, two] = [cloud.person(), cloud.person()];
  expect((await cloud.portalReset(one, headers)).status).toBe(200);
  // The same portal, the same marks, another person: its key means the first one, and is refused.
  expect(await cloud.portalReset(two, headers)).toMatchObject({
    status: 422,
    code: "idempotencyKeyReused",
  });
  const { "Idempotency-Key": _, ...retry } = headers;
  const own = await cloud.portalReset(two, retry);
  expect([own.status, replayed(own.headers)]).toEqual([200, null]);
  expect([cloud.executed(one), cloud.executed(two)]).toEqual([1, 1]);
});
