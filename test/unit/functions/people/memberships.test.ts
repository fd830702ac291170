import { randomUUID } from "node:crypto";
import type { GraphCall } from "../../../../functions/people/graph.ts";
import { Memberships } from "../../../../functions/people/memberships.ts";

const PERSON = "5a3f1c00-0000-4000-8000-000000000011";
const [STAFF, GUESTS, OTHERS] = [randomUUID(), randomUUID(), randomUUID()] as const;

/** Answers in place of Graph, until it is told otherwise. */
let answer: (asked: readonly string[]) => Promise<unknown>;
/** The groups of each call so far. */
let calls: (readonly string[])[];
let paths: string[];
let time: number;
const inStaff = async (asked: readonly string[]) => ({
  value: asked.filter((id) => id.toLowerCase() === STAFF),
});
const graph = (async (path: string, { body }: { body: { groupIds: string[] } }) => {
  paths.push(path);
  calls.push(body.groupIds);
  const told = await answer(body.groupIds);
  return typeof told === "object"
    ? { status: 200, bodyAsText: JSON.stringify(told) }
    : { status: typeof told === "number" ? told : 200, bodyAsText: String(told) };
}) as unknown as GraphCall;
const memberships = (most?: number) => new Memberships(graph, () => time, most);
beforeEach(() => {
  [answer, calls, paths, time] = [inStaff, [], [], 1_000_000];
});

test("those of the groups that hold the person", async () => {
  const held = await memberships().isMemberOf(PERSON, [STAFF, GUESTS, STAFF]);
  expect([...held]).toEqual([STAFF]);
  expect(paths).toEqual([`/v1.0/users/${PERSON}/checkMemberGroups`]);
  expect(calls).toEqual([[STAFF, GUESTS]]);
});

test("no groups, no call", async () => {
  expect((await memberships().isMemberOf(PERSON, [])).size).toBe(0);
  expect(calls).toEqual([]);
});

test("ids are the same in capitals", async () => {
  const upper = STAFF.toUpperCase();
  answer = async () => ({ value: [upper] });
  const known = memberships();
  expect((await known.isMemberOf(PERSON, [STAFF])).has(STAFF)).toBe(true);
  expect((await known.isMemberOf(PERSON.toUpperCase(), [upper])).has(upper)).toBe(true);
  expect(calls).toHaveLength(1);
});

test("yes and no are believed for less than a minute; only what is not known is asked", async () => {
  const known = memberships();
  await known.isMemberOf(PERSON, [STAFF, GUESTS]);
  time += 59_999;
  await known.isMemberOf(PERSON, [STAFF, GUESTS, OTHERS]);
  expect(calls[1]).toEqual([OTHERS]);
  answer = async () => ({ value: [GUESTS] });
  time += 1;
  expect([...(await known.isMemberOf(PERSON, [STAFF, GUESTS, OTHERS]))]).toEqual([GUESTS]);
  expect(calls[2]).toEqual([STAFF, GUESTS]);
});

test("a minute is counted from the question, and a clock put back makes nothing older", async () => {
  answer = async (asked) => {
    time += 4_000;
    return inStaff(asked);
  };
  const known = memberships();
  await known.isMemberOf(PERSON, [STAFF]);
  time += 56_000;
  await known.isMemberOf(PERSON, [STAFF]);
  time -= 3_600_000;
  await known.isMemberOf(PERSON, [STAFF]);
  expect(calls).toHaveLength(3);
});

test("somebody else's answer is not this person's", async () => {
  const known = memberships();
  await known.isMemberOf(PERSON, [STAFF]);
  await known.isMemberOf(randomUUID(), [STAFF]);
  expect(calls).toHaveLength(2);
});

test("twenty groups go into one call", async () => {
  const groups = Array.from({ length: 41 }, () => randomUUID());
  answer = async (asked) => ({ value: asked });
  expect((await memberships().isMemberOf(PERSON, groups)).size).toBe(41);
  expect(calls.map((asked) => asked.length)).toEqual([20, 20, 1]);
});

test("who asks meanwhile shares the call", async () => {
  const known = memberships();
  const both = [known.isMemberOf(PERSON, [STAFF]), known.isMemberOf(PERSON, [STAFF, GUESTS])];
  const [first, second] = await Promise.all(both);
  expect(first).toEqual(second);
  expect(calls).toEqual([[STAFF], [GUESTS]]);
});

test.each<[string, () => Promise<unknown>]>([
  ["is out of reach", () => Promise.reject(new Error("no route"))],
  ["knows no such person", async () => 404],
  ["refuses", async () => 403],
  ["is throttled", async () => 429],
  ["answers in no known form", async () => "<html>"],
  ["answers without the member", async () => ({ groups: [STAFF] })],
  ["answers with another type", async () => ({ value: STAFF })],
])("Graph %s: nobody is in or out, and the next question asks again", async (_, fails) => {
  const known = memberships();
  answer = fails;
  await expect(known.isMemberOf(PERSON, [STAFF])).rejects.toMatchObject({
    name: "ApiError",
    code: "userFactsUnavailable",
  });
  expect(known.size).toBe(0);
  answer = inStaff;
  expect((await known.isMemberOf(PERSON, [STAFF])).has(STAFF)).toBe(true);
});

test("groups nobody asked for count for nothing", async () => {
  answer = async () => ({ value: [GUESTS] });
  expect((await memberships().isMemberOf(PERSON, [STAFF])).size).toBe(0);
});

test("the oldest answers make room", async () => {
  const known = memberships(3);
  for (let count = 0; count < 10; count += 1) await known.isMemberOf(randomUUID(), [STAFF]);
  expect(known.size).toBe(3);
  await known.isMemberOf(
    PERSON,
    Array.from({ length: 30 }, () => randomUUID()),
  );
  expect(known.size).toBe(3);
});

describe("a group that is to be held to", () => {
  const told = (status: number, body: unknown) => {
    const asked: string[] = [];
    const known = new Memberships(
      (async (path: string) => {
        asked.push(path);
        return { status, bodyAsText: typeof body === "string" ? body : JSON.stringify(body) };
      }) as unknown as GraphCall,
      () => time,
    );
    return { known, asked };
  };

  test.each<[string, number, unknown, boolean]>([
    ["is there", 200, { id: STAFF, visibility: null }, true],
    ["is a private team", 200, { id: STAFF, visibility: "Private" }, true],
    ["hides who is in it", 200, { id: STAFF, visibility: "HiddenMembership" }, false],
    ["is not there", 404, {}, false],
  ])("%s", async (_, status, body, usable) => {
    const { known, asked } = told(status, body);
    expect(await known.canTell(STAFF)).toBe(usable);
    expect(asked).toEqual([`/v1.0/groups/${STAFF}?$select=id,visibility`]);
  });

  test.each<[number, unknown]>([
    [403, {}],
    [503, {}],
    [200, "<html>"],
    [200, { visibility: "Private" }],
  ])("an answer %d %j tells nothing", async (status, body) => {
    await expect(told(status, body).known.canTell(STAFF)).rejects.toMatchObject({
      code: "userFactsUnavailable",
    });
  });
});
