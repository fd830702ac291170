import type { DirectoryConnection } from "../../../../agent/directory/connection.ts";
import { DirectoryError } from "../../../../agent/directory/directoryError.ts";
import { DirectoryPool } from "../../../../agent/directory/pool.ts";
import { FakeHost } from "./fakeController.ts";

function poolOf(size: number, idleMs = 60_000) {
  const host = new FakeHost("dc1", { pdc: "dc1", now: 0 }, idleMs);
  const { opened, network } = host;
  return { pool: new DirectoryPool({ size, controllers: [host.controller] }), opened, network };
}

const read = async (): Promise<string> => "found";
const until = async (condition: () => boolean): Promise<void> => {
  const end = Date.now() + 2_000;
  while (!condition() && Date.now() < end) await new Promise((resolve) => setImmediate(resolve));
  expect(condition()).toBe(true);
};

test("a connection is used again, by one job at a time", async () => {
  const { pool, opened } = poolOf(2);
  let atWork = 0;
  let most = 0;
  const job = () =>
    pool.use(1_000, read, async (_, found) => {
      atWork += 1;
      most = Math.max(most, atWork);
      await new Promise((resolve) => setImmediate(resolve));
      atWork -= 1;
      return found;
    });
  expect(await Promise.all([job(), job(), job(), job(), job()])).toEqual(Array(5).fill("found"));
  expect(most).toBe(2);
  expect(opened).toHaveLength(2);
  pool.close();
  expect(opened.every(({ closed }) => closed)).toBe(true);
});

test("who waits longer than the job has gets a definite failure, and blocks nobody", async () => {
  const { pool } = poolOf(1);
  let release: (() => void) | undefined;
  const held = pool.use(1_000, read, () => new Promise<void>((resolve) => (release = resolve)));
  await expect(pool.use(5, read, read)).rejects.toMatchObject({ code: "directoryUnreachable" });
  const next = pool.use(1_000, read, async () => "next");
  await until(() => release !== undefined);
  release?.();
  await held;
  expect(await next).toBe("next");
  pool.close();
});

test("a reused connection whose read finds it dead is replaced by a fresh one, once", async () => {
  const { pool, opened } = poolOf(2);
  await pool.use(1_000, read, read);
  let reads = 0;
  const result = await pool.use(
    1_000,
    async (connection) => {
      reads += 1;
      if (reads === 1) {
        connection.close();
        throw new DirectoryError("directoryUnreachable");
      }
      return "alive";
    },
    async (_, found) => found,
  );
  expect([result, reads, opened.length]).toEqual(["alive", 2, 2]);
  pool.close();
});

test("a fresh connection that fails is not tried again; its failure stands", async () => {
  const { pool, opened } = poolOf(1);
  const failing = async (connection: DirectoryConnection): Promise<never> => {
    connection.close();
    throw new DirectoryError("directoryUnreachable");
  };
  await expect(pool.use(1_000, failing, read)).rejects.toThrow("directoryUnreachable");
  expect(opened).toHaveLength(1);
  expect(await pool.use(1_000, read, async () => "again")).toBe("again");
  pool.close();
});

test("a definite answer of a living connection stands: nothing is read twice", async () => {
  const { pool, opened } = poolOf(1);
  await pool.use(1_000, read, read);
  let reads = 0;
  const notFound = async (): Promise<never> => {
    reads += 1;
    throw new DirectoryError("directoryUserNotFound");
  };
  await expect(pool.use(1_000, notFound, read)).rejects.toThrow("directoryUserNotFound");
  expect([reads, opened.length]).toEqual([1, 1]);
  pool.close();
});

test("a connection that died at work is not kept", async () => {
  const { pool, opened } = poolOf(1);
  await pool.use(1_000, read, async (connection) => connection.close());
  await pool.use(1_000, read, read);
  expect(opened).toHaveLength(2);
  pool.close();
});

test("what lies idle too long is closed", async () => {
  const { pool, opened } = poolOf(1, 1);
  await pool.use(1_000, read, read);
  await until(() => opened[0]?.closed === true);
  await pool.use(1_000, read, read);
  expect(opened).toHaveLength(2);
  pool.close();
});

test("one that is busy all the time is not used for more than ten minutes", async () => {
  const { pool, opened, network } = poolOf(1);
  for (const minutes of [0, 3, 6, 9]) {
    network.now = minutes * 60_000;
    await pool.use(1_000, read, read);
  }
  expect(opened).toHaveLength(1);
  network.now = 10 * 60_000;
  await pool.use(1_000, read, read);
  expect(opened.map(({ closed }) => closed)).toEqual([true, false]);
  pool.close();
});

test("lookups and checks never wait for jobs, however long those hang", async () => {
  const { pool, opened } = poolOf(2);
  let atWork = 0;
  const hanging = () =>
    pool.use(60_000, read, () => {
      atWork += 1;
      return new Promise<never>(() => {});
    });
  void hanging();
  void hanging();
  await until(() => atWork === 2);
  await expect(pool.use(1, read, read)).rejects.toThrow("directoryUnreachable");
  expect(await pool.check()).toMatchObject({ server: "dc1" });
  expect(await pool.look(1, read)).toBe("found");
  expect(await pool.onServer("dc1", 1, read)).toBe("found");
  // Two at work, one that is kept for checks, one for lookups.
  expect(opened).toHaveLength(4);
  pool.close();
});

test("lookups never wait for who looks what became of a write", async () => {
  const { pool } = poolOf(2);
  let looking = 0;
  const hanging = () =>
    pool.onServer("dc1", 60_000, () => {
      looking += 1;
      return new Promise<never>(() => {});
    });
  void hanging();
  void hanging();
  await until(() => looking === 2);
  await expect(pool.onServer("dc1", 1, read)).rejects.toThrow("directoryUnreachable");
  expect(await pool.look(1, read)).toBe("found");
  pool.close();
});
