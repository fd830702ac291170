import { Grants } from "../../../../local/broker/grants.ts";
import { conditionOf } from "./engineFixture.ts";
import { FakeClock } from "./fakeClock.ts";

const NAMESPACE = "sb://contoso.servicebus.windows.net";
const UNAUTHORISED = "amqp:unauthorized-access";

function grants() {
  const clock = new FakeClock();
  const expired = jest.fn();
  const asked: string[] = [];
  const mayUse = (subject: string, queue: string, right: string): boolean => {
    asked.push(queue);
    return subject === "agent" && right === "listen";
  };
  const subject = new Grants(clock, mayUse, expired);
  const token = (name = "agent", ms = 1000) => ({ subject: name, expiresAt: clock.now() + ms });
  const check = (queue: string, ...rights: ("send" | "listen")[]) =>
    conditionOf(() => subject.check(queue, ...rights));
  return { subject, clock, expired, asked, token, check };
}

test.each([
  ["its queue", `${NAMESPACE}/requests-contoso`, "requests-contoso", undefined],
  ["its queue, in other letters", `${NAMESPACE}/Requests-Contoso`, "requests-CONTOSO", undefined],
  [
    "its queue's management",
    `${NAMESPACE}/requests-contoso/$management`,
    "requests-contoso",
    undefined,
  ],
  ["the whole namespace", `${NAMESPACE}/`, "requests-contoso", undefined],
  ["another queue", `${NAMESPACE}/replies`, "requests-contoso", UNAUTHORISED],
  ["a queue whose name it begins", `${NAMESPACE}/requests`, "requests-contoso", UNAUTHORISED],
  ["no audience at all", "nonsense", "requests-contoso", UNAUTHORISED],
])("a token for %s", (_, audience, queue, condition) => {
  const { subject, token, check } = grants();
  subject.add(audience, token());
  expect(check(queue, "listen")).toBe(condition);
});

test("the right is asked for by subject, and one of several is enough", () => {
  const { subject, token, check, asked } = grants();
  expect(check("Replies", "listen")).toBe(UNAUTHORISED);
  subject.add(`${NAMESPACE}/replies`, token());
  expect(check("Replies", "send")).toBe(UNAUTHORISED);
  expect(check("Replies", "send", "listen")).toBeUndefined();
  expect(asked).toContain("Replies");
  subject.add(`${NAMESPACE}/replies`, token("stranger"));
  expect(check("replies", "listen")).toBe(UNAUTHORISED);
});

test("a token ends at its time; a newer one for the same queue takes its place", () => {
  const { subject, clock, token, expired } = grants();
  subject.add(`${NAMESPACE}/replies`, token("agent", 1000));
  subject.add(`${NAMESPACE}/other`, token("agent", 2000));
  clock.advance(500);
  subject.add(`${NAMESPACE}/replies`, token("agent", 1000));
  clock.advance(999);
  expect(subject.isLive("replies")).toBe(true);
  expect(expired).not.toHaveBeenCalled();
  clock.advance(1);
  expect(subject.isLive("replies")).toBe(false);
  expect(subject.isLive("other")).toBe(true);
  clock.advance(500);
  expect(expired).toHaveBeenCalledTimes(2);
  expect(clock.pending).toBe(0);
});

test("a token that comes when the connection is gone is not kept", () => {
  const { subject, clock, token } = grants();
  subject.stop();
  subject.add(`${NAMESPACE}/replies`, token());
  expect([subject.isLive("replies"), clock.pending]).toEqual([false, 0]);
});
