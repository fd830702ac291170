import { smokeTest } from "../../../scripts/hooks/smokeTest.ts";
import { type Cloud, startCloud } from "./cloud.ts";

let cloud: Cloud;
beforeAll(async () => {
  cloud = await startCloud({ TOTAL_WAIT_SECONDS: "10", WRITE_START_SECONDS: "8" });
}, 60_000);
afterAll(() => cloud?.stop(), 30_000);

/** Runs it with a clock that only moves where it waits. */
async function tried(token: string | undefined, answer: typeof fetch = fetch) {
  let now = 0;
  const printed: string[] = [];
  const isRight = await smokeTest({
    api: cloud.url,
    token,
    signIn: "az login --tenant contoso.example",
    fetch: answer,
    now: () => now,
    sleep: async (milliseconds) => {
      now += milliseconds;
    },
    print: (line) => void printed.push(line),
  });
  return { isRight, waited: now, printed: printed.join("\n") };
}

test("a probe answers 503 before the first enrolment, and 200 after it", async () => {
  const token = await cloud.tokens.operator();
  await cloud.publish([]);
  const before = await tried(token);
  expect(before.printed).toContain("503 noLiveAgent, before any agent");
  expect(before.isRight).toBe(true);
  await cloud.publish([cloud.agent.entry]);
  await cloud.heartbeat({ relay: "down" });
  const silent = await tried(token);
  expect(silent.printed).toContain("FAILED  a probe of each connector");
  expect(silent.printed).toMatch(/503 noLiveAgent instead of 200$/);
  expect(silent).toMatchObject({ isRight: false, waited: 600_000 });
  await cloud.heartbeat();
  const after = await tried(token);
  expect(after.printed).toContain("200, as it should");
  expect(after.isRight).toBe(true);
}, 60_000);

test("without an operator the probe is left out, and said so; who is none fails at once", async () => {
  const without = await tried(undefined);
  expect(without).toMatchObject({ isRight: true, waited: 0 });
  expect(without.printed).toContain("NOT TRIED  a probe");
  expect(without.printed).toMatch(/^ {2}az login --tenant .+\n {2}azd hooks run postdeploy$/m);
  const portal = await tried(await cloud.tokens.portal());
  expect(portal).toMatchObject({ isRight: false, waited: 0 });
  expect(portal.printed).toContain("is no operator (403");
});

test("of who answers nothing is repeated but a code", async () => {
  const body = { error: { innerError: { code: "\u001b[2J\nok      a probe" } } };
  const spoofed = await tried(undefined, async () => Response.json(body, { status: 500 }));
  expect(spoofed.printed).toBe("FAILED  GET /health answers: 500");
});

test("it waits for what time may mend, ten minutes at most", async () => {
  let left = 3;
  const late: typeof fetch = async (...call) => {
    left -= 1;
    return left >= 0 ? new Response("", { status: 503 }) : fetch(...call);
  };
  expect(await tried(undefined, late)).toMatchObject({ isRight: true, waited: 45_000 });
  const never = await tried(undefined, async () => new Response("", { status: 503 }));
  expect(never).toMatchObject({ isRight: false, waited: 600_000 });
});

test("an anonymous call that is carried out fails at once", async () => {
  const open = await tried(undefined, async () => Response.json({ status: "ok" }));
  expect(open).toMatchObject({ isRight: false, waited: 0 });
  expect(open.printed).toContain("FAILED  an anonymous call is refused");
});
