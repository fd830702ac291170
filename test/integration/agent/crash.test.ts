import { AgentFixture } from "./agentFixture.ts";
import { CrashCase, CrashWorld, NEWER, WEAK, type Written } from "./crashCase.ts";
import { until } from "./scriptedCloud.ts";
import { standStill } from "./standStill.ts";

let fixture: AgentFixture;
let world: CrashWorld;

beforeAll(async () => {
  fixture = await AgentFixture.open();
  world = await CrashWorld.open(fixture);
  await world.start();
  await world.readsOfReset();
}, 60_000);
afterAll(async () => {
  await world?.close();
  await fixture?.close();
});

/** One step between receipt and reply at which the agent is killed. */
interface Cell {
  readonly step: string;
  readonly operation?: Written;
  readonly wishes?: { readonly seconds?: number; readonly newPassword?: string };
  /** Sends the request and brings the agent to the step. */
  readonly reach: (one: CrashCase) => Promise<unknown>;
  /** What happens while no agent runs. */
  readonly meanwhile?: (one: CrashCase) => Promise<unknown> | undefined;
  /** What happens when the next one runs. */
  readonly afterwards?: (one: CrashCase) => Promise<unknown>;
  /** Whether the write takes effect in the end. */
  readonly applied: boolean;
  /** What the cloud knows in the end. */
  readonly told: "succeeded" | "failed" | "unknown";
}

async function handed(one: CrashCase): Promise<void> {
  await standStill(world.agent.child);
  const { delivered } = world.queue.stats;
  await one.send();
  await until("it has been handed out", () => world.queue.stats.delivered > delivered);
}

const heldAt = (hold: (one: CrashCase) => void) => async (one: CrashCase) => {
  hold(one);
  await one.send();
  await one.gate.arrived;
};
/** The directory's last answer before the write is held. */
const allRead = async (one: CrashCase) => {
  const reads = await world.readsOfReset();
  await heldAt(() => one.holdRead(reads, true))(one);
};
const applied = heldAt((one) => one.holdModify(true));
const arrived = heldAt((one) => one.holdModify(false));

/** The intent is on disk, and the modify on its way. */
async function underWay(one: CrashCase): Promise<void> {
  await allRead(one);
  const sent = world.proxy.hold("up");
  one.gate.release();
  await until("the intent is on disk", () => one.journal("intent"));
  await sent;
}

const expiry = ({ request }: CrashCase) =>
  until("it has expired", () => Date.now() / 1_000 > request.exp);

/** The reply is stored or lost on its way, and its sender is told nothing. */
const replying = (fate: "ignore" | "unacknowledged") => async (one: CrashCase) => {
  const { faults } = fixture.cloud.broker;
  const { promise, resolve } = Promise.withResolvers<void>();
  faults.transfer = (address) => {
    if (!address.startsWith("replies")) return undefined;
    resolve();
    return fate;
  };
  await one.send();
  await promise;
  await until("the conclusion is on disk", () => one.journal("conclusion"));
};

async function completing(one: CrashCase): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  fixture.cloud.broker.faults.disposition = () => {
    resolve();
    return "ignore";
  };
  await one.send();
  await promise;
}

const begun: Omit<Cell, "step"> = { reach: applied, applied: true, told: "succeeded" };

const cells: Cell[] = [
  { step: "received, not opened", reach: handed, applied: true, told: "succeeded" },
  {
    step: "received, not opened, and expired before the next run",
    wishes: { seconds: 1 },
    reach: handed,
    meanwhile: expiry,
    applied: false,
    told: "unknown",
  },
  {
    step: "opened, before the first read",
    reach: heldAt((one) => one.holdRead(1, false)),
    applied: true,
    told: "succeeded",
  },
  {
    step: "all is read, before the intent",
    reach: allRead,
    applied: true,
    told: "succeeded",
  },
  {
    step: "intent on disk, the modify arrives when the agent is dead",
    reach: underWay,
    meanwhile: async () => world.proxy.release("up"),
    applied: true,
    told: "succeeded",
  },
  {
    step: "modify arrived, carried out while no agent runs",
    reach: arrived,
    meanwhile: async (one) => one.gate.release(),
    applied: true,
    told: "succeeded",
  },
  {
    step: "modify arrived, carried out when the next run has looked already",
    reach: arrived,
    afterwards: async (one) => {
      await until("a look", () => lookedAt > 0);
      one.gate.release();
    },
    applied: true,
    told: "succeeded",
  },
  {
    step: "modify arrived, and the next run is killed while it looks",
    reach: arrived,
    afterwards: async (one) => {
      await until("a look", () => lookedAt > 0);
      await world.kill();
      one.gate.release();
      await world.start();
    },
    applied: true,
    told: "succeeded",
  },
  { step: "applied, not answered", ...begun },
  { step: "applied, not answered", operation: "change", ...begun },
  { step: "applied, not answered", operation: "unlock", ...begun },
  { step: "applied, not answered", operation: "requireChange", ...begun },
  {
    step: "answered, the reply lost on its way",
    reach: replying("ignore"),
    applied: true,
    told: "succeeded",
  },
  {
    step: "refused, the reply lost on its way",
    wishes: { newPassword: WEAK },
    reach: replying("ignore"),
    applied: false,
    told: "failed",
  },
  {
    step: "reply stored, its sender not told",
    reach: replying("unacknowledged"),
    applied: true,
    told: "succeeded",
  },
  {
    step: "reply sent, message not completed",
    reach: completing,
    applied: true,
    told: "succeeded",
  },
  // The last one: its account is watched for some seconds more, and the others count reads.
  {
    step: "intent on disk, the modify is lost on its way",
    reach: underWay,
    meanwhile: async () => world.proxy.cut(),
    applied: false,
    told: "unknown",
  },
];

let lookedAt = 0;

async function run(cell: Cell): Promise<CrashCase> {
  const one = await CrashCase.make(world, cell.operation ?? "reset", cell.wishes);
  await cell.reach(one);
  await world.kill();
  await cell.meanwhile?.(one);
  lookedAt = 0;
  fixture.directory.faults.next("search", { kind: "silence", applied: false }, (operation) => {
    if (operation.kind === "search" && operation.dn.startsWith("<GUID=")) lookedAt += 1;
    return false;
  });
  await world.start();
  await cell.afterwards?.(one);
  return one;
}

/** Directory, everything that the cloud was told, and the logs of all runs say the same. */
async function agree(one: CrashCase, { applied, told }: Pick<Cell, "applied" | "told">) {
  const heard: string[] = [];
  await until("the cloud knows", () => {
    void one.told().then((all) => heard.splice(0, heard.length, ...all));
    return heard.includes(told);
  });
  await until("the message is settled", () => world.queue.size === 0);
  fixture.directory.faults.clear();
  expect(await one.applied()).toBe(Number(applied));
  await one.agrees(applied);
  const definite = (await one.told()).filter((status) => status !== "unknown");
  expect(new Set(definite)).toEqual(new Set(told === "unknown" ? [] : [told]));
  const logged = one.logged().filter((status) => status !== "unknown");
  expect(new Set(logged)).toEqual(new Set(definite));
}

test.each(cells.map((cell) => [cell.operation ?? "reset", cell.step, cell] as const))(
  "killed in a %s: %s",
  async (_, __, cell) => agree(await run(cell), cell),
  40_000,
);

const overtaken: readonly (readonly [string, Omit<Cell, "step" | "applied" | "told">])[] = [
  [
    "carries the write out when it is too late",
    {
      reach: arrived,
      meanwhile: async (one) => {
        await one.overtake();
        one.gate.release();
      },
    },
  ],
  [
    "is not asked any more: the request has expired",
    {
      wishes: { seconds: 1 },
      reach: handed,
      meanwhile: async (one) => {
        await one.overtake();
        await expiry(one);
      },
    },
  ],
];

test.each(overtaken)(
  "a newer password, set while the agent was dead, stays: the directory %s",
  async (step, cell) => {
    const one = await run({ step, ...cell, applied: false, told: "unknown" });
    await until("the message is settled", () => world.queue.size === 0);
    expect(await one.bind(NEWER)).toBe("ok");
    expect(await one.applied()).toBe(1);
    // Whose single step of the key version it was, nobody can see: at worst it is taken for ours.
    expect(await one.told()).not.toContain("failed");
  },
  40_000,
);

test("killed with the first request of a new journal in hand: it may have begun, so unknown", async () => {
  await world.kill();
  await world.start("other");
  // No request, so nothing for the journal; but its link to the bus is open then.
  await fixture.cloud.sendBody("{}");
  await world.agent.logs("envelopeMalformed");
  await until("the message is settled", () => world.queue.size === 0);
  const one = await CrashCase.make(world, "reset");
  await handed(one);
  await world.kill();
  await world.start("other");
  await until("the message is settled", () => world.queue.size === 0);
  expect((await fixture.cloud.answer(one.request)).status).toBe("unknown");
  expect(await one.applied()).toBe(0);
  await one.agrees(false);
}, 40_000);

// The last one: the test's own connection to the bus has to recover from it as well.
test("the bus is down once the write is done: the truth arrives on the other road", async () => {
  const { faults } = fixture.cloud.broker;
  const one = await CrashCase.make(world, "reset");
  await applied(one);
  faults.refuseConnections = true;
  faults.dropConnections();
  one.gate.release();
  const { lateOutcomes } = fixture.cloud;
  await until("it is told", () => lateOutcomes.some(({ request }) => request === one.request.jti));
  world.queue.expireLocks();
  faults.refuseConnections = false;
  await agree(one, { applied: true, told: "succeeded" });
}, 40_000);
