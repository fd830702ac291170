import { randomUUID } from "node:crypto";
import type { CounterRows, Versioned } from "../../../../functions/records/counterRows.ts";
import type { Operation } from "../../../../functions/records/operation.ts";
import { Throttle } from "../../../../functions/throttle/throttle.ts";
import type { Verdict } from "../../../../protocol/outcome.ts";
import { USER } from "../writeback/call.ts";

const MINUTE = 60_000;
const START = 1_800_000_000_000;
const LIMITS = {
  resets: 5,
  policyRefusals: 20,
  wrongPasswords: 5,
  window: 60 * MINUTE,
  block: 24 * 60 * MINUTE,
};

/** One table, as many instances as are made of it, one clock. */
class Fleet {
  now = START;
  readonly rows = new Map<string, Versioned>();
  /** How often the table was asked. */
  calls = 0;
  private versions = 0;

  instance(): Throttle {
    const later = async () => {
      this.calls += 1;
      await new Promise(setImmediate);
    };
    const isCurrent = (id: string, known: Versioned | undefined) =>
      this.rows.get(id)?.etag === known?.etag;
    const rows: Pick<CounterRows, keyof CounterRows> = {
      find: async (id) => {
        await later();
        return this.rows.get(id);
      },
      put: async (id, counters, _until, known) => {
        await later();
        if (!isCurrent(id, known)) return undefined;
        this.versions += 1;
        const written = { counters, etag: String(this.versions) };
        this.rows.set(id, written);
        return written;
      },
      remove: async (id, known) => {
        await later();
        return isCurrent(id, known) && this.rows.delete(id);
      },
      clear: async (id) => {
        await later();
        this.rows.delete(id);
      },
    };
    return new Throttle(rows as CounterRows, LIMITS, () => this.now);
  }
}

const attempt = (operation: Operation["operation"], origin: Operation["origin"] = "portal") => ({
  id: randomUUID(),
  operation,
  origin,
  targetId: USER,
  createdAt: START,
});
const SUCCEEDED: Verdict = { status: "succeeded" };
const PROTECTED: Verdict = { status: "failed", code: "accountProtected" };
const wrong = (lockoutThreshold: number): Verdict => ({
  status: "failed",
  code: "currentPasswordWrong",
  directory: { server: "dc1.corp.example", lockoutThreshold, lockoutWindowSeconds: 1_800 },
});

test("of fifty at once, at two instances, five get through", async () => {
  const fleet = new Fleet();
  const instances = [fleet.instance(), fleet.instance()];
  const tried = await Promise.allSettled(
    Array.from({ length: 50 }, (_, at) => instances[at % 2]?.count(attempt("reset"))),
  );
  const refused = tried.flatMap((one) => (one.status === "rejected" ? [one.reason] : []));
  expect(refused).toHaveLength(45);
  for (const error of refused)
    expect(error).toMatchObject({ code: "resetLimitReached", headers: { "Retry-After": "86400" } });
});

test("an ordinary first attempt that succeeds costs two calls and leaves nothing", async () => {
  const fleet = new Fleet();
  const throttle = fleet.instance();
  for (const operation of ["reset", "unlock", "change"] as const) {
    fleet.calls = 0;
    const own = attempt(operation);
    await throttle.settle(own, SUCCEEDED, await throttle.count(own));
    expect(fleet.calls).toBe(2);
    expect(fleet.rows.size).toBe(0);
  }
});

test("what is taken back was never made", async () => {
  const fleet = new Fleet();
  const throttle = fleet.instance();
  for (let made = 0; made < 20; made += 1) {
    const own = attempt(made % 2 === 0 ? "reset" : "change");
    await throttle.takeBack(own, await throttle.count(own));
  }
  expect(fleet.rows.size).toBe(0);
});

test("wrong passwords stay below the threshold that the agent tells", async () => {
  const fleet = new Fleet();
  const throttle = fleet.instance();
  for (const _ of "123") {
    const own = attempt("change", "self");
    await throttle.settle(own, wrong(4), await throttle.count(own));
    fleet.now += MINUTE;
  }
  await expect(throttle.count(attempt("change", "self"))).rejects.toMatchObject({
    code: "changeLimitReached",
    headers: { "Retry-After": String(31 * 60) },
  });
  expect(await throttle.count(attempt("reset"))).toBeDefined();
});

test("an attempt whose outcome nobody knows counts; its late truth is heard at any instance", async () => {
  const fleet = new Fleet();
  const [one, two] = [fleet.instance(), fleet.instance()];
  const attempts = Array.from({ length: 5 }, () => attempt("reset"));
  for (const own of attempts) await one.count(own);
  await expect(two.count(attempt("reset"))).rejects.toMatchObject({ code: "resetLimitReached" });
  const [first, second] = attempts;
  if (!first || !second) throw new Error("there are five");
  await two.settle(first, { status: "failed", code: "directoryUnreachable" });
  const another = attempt("reset");
  expect(await two.count(another)).toBeDefined();
  await expect(one.count(attempt("reset"))).rejects.toMatchObject({ code: "resetLimitReached" });
  await two.settle(second, SUCCEEDED);
  expect(fleet.rows.size).toBe(0);
});

test("a count whose answer was lost is not counted twice", async () => {
  const fleet = new Fleet();
  const throttle = fleet.instance();
  const own = attempt("reset");
  await throttle.count(own);
  expect((await throttle.count(own))?.counters.resets).toHaveLength(1);
});

test("an outcome finds its attempt though others have written meanwhile", async () => {
  const fleet = new Fleet();
  const throttle = fleet.instance();
  const [early, late] = [attempt("reset"), attempt("reset")];
  const counted = await throttle.count(early);
  await throttle.count(late);
  await throttle.settle(early, { status: "failed", code: "passwordPolicyViolation" }, counted);
  expect(fleet.rows.get(USER)?.counters).toMatchObject({
    resets: [{ id: late.id }],
    refusals: [{ id: early.id }],
  });
});

test("administrators and automation are not counted; whom they help may try again", async () => {
  const fleet = new Fleet();
  const throttle = fleet.instance();
  for (const _ of "12345") await throttle.count(attempt("reset"));
  for (const origin of ["admin", "automation"] as const) {
    const asked = fleet.calls;
    expect(await throttle.count(attempt("reset", origin))).toBeUndefined();
    await throttle.settle(attempt("reset", origin), PROTECTED);
    await throttle.settle(attempt("requireChange", origin), SUCCEEDED);
    expect(fleet.calls).toBe(asked);
  }
  expect(fleet.rows.size).toBe(1);
  await throttle.settle(attempt("unlock", "admin"), SUCCEEDED);
  expect(fleet.rows.size).toBe(0);
  const probe = { ...attempt("probe", "operator"), targetId: "" };
  expect(await throttle.count(probe)).toBeUndefined();
});

test("a directory that forgets sooner lets people try again sooner", async () => {
  const fleet = new Fleet();
  const throttle = fleet.instance();
  const guess = async () => {
    const own = attempt("change");
    await throttle.settle(own, wrong(2), await throttle.count(own));
  };
  await guess();
  await expect(guess()).rejects.toMatchObject({ code: "changeLimitReached" });
  fleet.now += 32 * MINUTE;
  await guess();
});
