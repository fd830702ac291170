import type { DirectoryConnection } from "../../../../agent/directory/connection.ts";
import { DirectoryError } from "../../../../agent/directory/directoryError.ts";
import { REST_MS } from "../../../../agent/directory/domainController.ts";
import { DirectoryPool } from "../../../../agent/directory/pool.ts";
import { FakeHost, type FakeNetwork } from "./fakeController.ts";

const read = async ({ rootDse }: DirectoryConnection): Promise<string> => rootDse.server;
const work = async (_: DirectoryConnection, found: string): Promise<string> => found;

/** A pool of three domain controllers, dc1 to dc3, of which one is the PDC emulator. */
function domainOf(pdc = "none") {
  const network: FakeNetwork = { pdc, now: 1_000_000 };
  const hosts = ["dc1", "dc2", "dc3"].map((name) => new FakeHost(name, network));
  const pool = new DirectoryPool({ size: 4, controllers: hosts.map((host) => host.controller) });
  const [dc1, dc2, dc3] = hosts as [FakeHost, FakeHost, FakeHost];
  return { network, pool, dc1, dc2, dc3, job: () => pool.use(1_000, read, work) };
}

test("without a known PDC emulator the configured order holds", async () => {
  const { pool, job, dc2 } = domainOf();
  expect(await job()).toBe("dc1");
  expect(dc2.dialled).toBe(0);
  expect(await pool.check()).toMatchObject({ server: "dc1" });
});

test("the PDC emulator goes first, also once another one has become it", async () => {
  const { network, pool, job } = domainOf("dc3");
  expect(await pool.check()).toMatchObject({ server: "dc3" });
  expect(await job()).toBe("dc3");
  network.pdc = "dc2";
  expect(await pool.check()).toMatchObject({ server: "dc2" });
  expect(await job()).toBe("dc2");
});

test("one that cannot be reached rests for 60 seconds, and the next one takes over", async () => {
  const { network, job, dc1 } = domainOf();
  dc1.state = "down";
  expect([await job(), await job(), await job()]).toEqual(["dc2", "dc2", "dc2"]);
  expect(dc1.dialled).toBe(1);
  dc1.state = "up";
  network.now += REST_MS - 1;
  expect(await job()).toBe("dc2");
  expect(dc1.dialled).toBe(1);
});

test("after its rest it is tried by checks, and by a job only when no other one is left", async () => {
  const { network, pool, job, dc1, dc2, dc3 } = domainOf();
  dc1.state = "down";
  await job();
  network.now += REST_MS;
  expect(await job()).toBe("dc2");
  expect(dc1.dialled).toBe(1);
  dc1.state = "up";
  await pool.check();
  expect(await job()).toBe("dc1");
  dc2.state = "down";
  dc3.state = "down";
  dc1.state = "down";
  for (const host of [dc1, dc2, dc3]) for (const connection of host.opened) connection.close();
  await expect(job()).rejects.toThrow("directoryUnreachable");
});

test("where all rest, one is tried once more: the one that failed longest ago", async () => {
  const { network, job, dc1, dc2, dc3 } = domainOf();
  for (const host of [dc1, dc2, dc3]) host.state = "down";
  await expect(job()).rejects.toMatchObject({ evidence: { server: "dc3" } });
  network.now += 1;
  expect([dc1.dialled, dc2.dialled, dc3.dialled]).toEqual([1, 1, 1]);
  await expect(job()).rejects.toMatchObject({ evidence: { server: "dc1" } });
  network.now += 1;
  dc2.state = "up";
  expect(await job()).toBe("dc2");
  expect(await job()).toBe("dc2");
});

test("a black hole among them is waited for by nobody while it rests, checks included", async () => {
  const { pool, job, dc1 } = domainOf("dc1");
  await pool.check();
  expect(await job()).toBe("dc1");
  dc1.state = "hanging";
  // The check gives it a moment beside the ones that answer, and does not wait for its end.
  expect(await pool.check()).toMatchObject({ server: "dc2" });
  dc1.recover();
});

test("read-only ones and those that have not caught up get no job", async () => {
  const { pool, job, dc1, dc2, dc3 } = domainOf("dc1");
  dc1.isReadOnly = true;
  dc2.isSynchronized = false;
  expect(await job()).toBe("dc3");
  expect(await pool.check()).toMatchObject({ server: "dc3" });
  const { dialled } = dc1;
  expect(await job()).toBe("dc3");
  expect(dc1.dialled).toBe(dialled);
  dc3.isReadOnly = true;
  await expect(pool.check()).rejects.toThrow("directoryNotWritable");
  await expect(job()).rejects.toThrow("directoryNotWritable");
  dc2.isSynchronized = true;
  expect(await pool.check()).toMatchObject({ server: "dc2" });
  expect(await job()).toBe("dc2");
});

test("one that fails while it is read is left, with its job, before anything is written", async () => {
  const { pool } = domainOf();
  const asked: string[] = [];
  const found = await pool.use(
    1_000,
    async (connection) => {
      asked.push(connection.rootDse.server);
      if (asked.length > 1) return asked.length;
      connection.close();
      throw new DirectoryError("directoryUnreachable", { server: "dc1" });
    },
    async ({ rootDse }, count) => `${rootDse.server} ${count}`,
  );
  expect([found, asked]).toEqual(["dc2 2", ["dc1", "dc2"]]);
});

test("what one job finds out about a dead server spares the others the same wait", async () => {
  const { pool, job, dc1 } = domainOf();
  const both = Promise.withResolvers<void>();
  const hold = pool.use(1_000, read, () => both.promise);
  await pool.use(1_000, read, async () => both.resolve());
  await hold;
  const [first] = dc1.opened;
  expect([dc1.opened.length, dc1.dialled]).toEqual([2, 2]);
  dc1.state = "down";
  const slow = pool.use(
    1_000,
    async (connection) => {
      if (connection.rootDse.server !== "dc1") return "dc2";
      // Another job has no connection left, and dials in vain.
      for (const each of dc1.opened) each.close();
      expect(await job()).toBe("dc2");
      throw new DirectoryError("directoryUnreachable", { server: "dc1" });
    },
    work,
  );
  expect(await slow).toBe("dc2");
  expect([first?.closed, dc1.dialled]).toEqual([true, 3]);
});

test("a job that has begun to write never moves", async () => {
  const { pool, dc2 } = domainOf();
  const lost = pool.use(1_000, read, async (connection) => {
    connection.close();
    throw new DirectoryError("directoryUnreachable", { server: "dc1" });
  });
  await expect(lost).rejects.toMatchObject({ evidence: { server: "dc1" } });
  expect(dc2.dialled).toBe(0);
});

test.each([
  ["directoryUserNotFound", {}],
  ["directoryUnreachable", { resultCode: 32 }],
  ["directoryReferral", { resultCode: 10 }],
] as const)("a definite answer (%s %j) is nobody's fault: it stands", async (code, evidence) => {
  const { pool, dc1, dc2 } = domainOf();
  const answer = pool.use(
    1_000,
    async () => {
      throw new DirectoryError(code, evidence);
    },
    work,
  );
  await expect(answer).rejects.toMatchObject({ code });
  expect([dc1.controller.standing, dc2.dialled]).toEqual(["good", 0]);
});

test("a refused secret is refused everywhere: nobody else is asked, and nobody rests", async () => {
  const { job, dc1, dc2 } = domainOf();
  dc1.bindRefusal = 49;
  await expect(job()).rejects.toMatchObject({ evidence: { resultCode: 49 } });
  expect([dc1.controller.standing, dc2.dialled]).toEqual(["good", 0]);
});

test.each([8, 51, 52])("a bind refused with %i is left for the next one", async (code) => {
  const { job, dc1 } = domainOf();
  dc1.bindRefusal = code;
  expect(await job()).toBe("dc2");
  expect(dc1.controller.standing).toBe("resting");
});

test("no further one is tried when the job's time is over", async () => {
  const { pool, dc1, dc2 } = domainOf();
  dc1.state = "down";
  await expect(pool.use(0, read, work)).rejects.toMatchObject({ evidence: { server: "dc1" } });
  expect(dc2.dialled).toBe(0);
});

describe("on the domain controller that was written to", () => {
  test("and on no other, whether it rests or is read-only by now", async () => {
    const { pool, job, dc1, dc2 } = domainOf();
    dc1.state = "down";
    expect(await job()).toBe("dc2");
    dc1.state = "up";
    dc1.isReadOnly = true;
    expect(await pool.onServer("dc1", 1_000, read)).toBe("dc1");
    expect(await pool.onServer("dc2", 1_000, read)).toBe("dc2");
    expect(dc2.dialled).toBe(1);
  });

  test("which is found among those that were not met yet", async () => {
    const { pool } = domainOf();
    expect(await pool.onServer("dc3", 1_000, read)).toBe("dc3");
  });

  test("none of that name: undefined; perhaps one out of reach: unreachable", async () => {
    const { pool, dc2 } = domainOf();
    dc2.state = "down";
    await expect(pool.onServer("dc9", 1_000, read)).rejects.toThrow("directoryUnreachable");
    dc2.state = "up";
    expect(await pool.onServer("dc9", 1_000, read)).toBeUndefined();
  });
});
