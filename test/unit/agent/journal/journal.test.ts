import { randomUUID } from "node:crypto";
import {
  copyFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  truncate,
  utimes,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Intent } from "../../../../agent/journal/entry.ts";
import { Journal } from "../../../../agent/journal/journal.ts";
import type { Verdict } from "../../../../protocol/outcome.ts";

let root: string;
let now: number;
const journals: Journal[] = [];
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "agent-journal-"));
});
beforeEach(() => {
  now = Math.floor(Date.now() / 1_000);
});
afterEach(() => Promise.all(journals.splice(0).map((journal) => journal.close())));
afterAll(() => rm(root, { recursive: true }));

const SUCCESS: Verdict = { status: "succeeded", directory: { server: "dc1.corp.example" } };
const INTENT: Intent = {
  operation: "reset",
  server: "dc1.corp.example",
  account: "<GUID=33221100-5544-7766-8899-aabbccddeeff>",
  mustChange: false,
  keyVersion: "4",
  pwdLastSet: "133000000000000000",
  locked: false,
  at: 1,
};

const newFolder = () => join(root, randomUUID());
async function open(folder: string): Promise<Journal> {
  const journal = await Journal.open(folder, { now: () => now, wall: () => now * 1_000 });
  journals.push(journal);
  return journal;
}
const files = async (folder: string) =>
  (await readdir(folder)).map((name) => join(folder, name)).sort();
const onlyFile = async (folder: string): Promise<string> => (await files(folder))[0] ?? "";

test("what was begun and how it ended is known after a restart", async () => {
  const folder = newFolder();
  const [begun, ended, owed, told] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
  const journal = await open(folder);
  const expires = now + 10;
  journal.accepted(begun, expires);
  await journal.intend(begun, expires, INTENT);
  for (const id of [ended, owed, told]) {
    await journal.intend(id, expires, INTENT);
    await journal.conclude(id, expires, SUCCESS);
  }
  await Promise.all([owed, told].map((id) => journal.owe(id, expires)));
  await journal.told(told, expires);
  const next = await open(folder);
  expect([...next.open]).toEqual([[begun, INTENT]]);
  expect([...next.owed]).toEqual([[owed, SUCCESS]]);
  expect(next.find(ended)).toEqual({ expires, intent: INTENT, verdict: SUCCESS });
  expect(next.find(randomUUID())).toBeUndefined();
});

test("it vouches from its first request on, over restarts, and not for old ones", async () => {
  const folder = newFolder();
  const journal = await open(folder);
  expect(journal.covers({ iat: now - 1, exp: now + 10 })).toBe(false);
  expect(journal.covers({ iat: now, exp: now + 10 })).toBe(true);
  await journal.conclude(randomUUID(), now, SUCCESS);
  const began = now;
  now += 1_000;
  const next = await open(folder);
  expect(next.covers({ iat: began + 1, exp: now + 10 })).toBe(true);
  expect(next.covers({ iat: began - 1, exp: now + 10 })).toBe(false);
  expect(next.covers({ iat: began + 1, exp: now - 301 })).toBe(false);
});

test("with a line lost in the middle it vouches for nothing before, and knows the rest", async () => {
  const folder = newFolder();
  const journal = await open(folder);
  const [first, second] = [randomUUID(), randomUUID()];
  journal.accepted(first, now + 10);
  await journal.intend(first, now + 10, INTENT);
  await journal.intend(second, now + 10, INTENT);
  const file = await onlyFile(folder);
  const lines = (await readFile(file, "utf8")).split("\n");
  const at = lines.findIndex((line) => line.includes(first) && line.includes("intent"));
  lines[at] = (lines[at] ?? "").slice(0, 40);
  await writeFile(file, lines.join("\n"));
  now += 5;
  const next = await open(folder);
  expect([...next.open.keys()]).toEqual([second]);
  expect(next.covers({ iat: now - 1, exp: now + 10 })).toBe(false);
});

/** What the disk holds after each step: a crash may cut off only what came after the last flush. */
async function story(folder: string) {
  const journal = await open(folder);
  const ids = [randomUUID(), randomUUID()];
  const exp = now + 10;
  const sizes: number[] = [];
  const flushed = async () => sizes.push((await readFile(await onlyFile(folder))).length);
  journal.accepted(ids[0] ?? "", exp);
  await journal.intend(ids[0] ?? "", exp, INTENT);
  await flushed();
  await journal.conclude(ids[0] ?? "", exp, SUCCESS);
  await flushed();
  journal.accepted(ids[1] ?? "", exp);
  await journal.intend(ids[1] ?? "", exp, INTENT);
  await flushed();
  await journal.close();
  return { ids, exp, sizes };
}

test("a crash at any byte: no exception, and nothing that was sent is taken for never begun", async () => {
  const folder = newFolder();
  const { ids, exp, sizes } = await story(folder);
  const [sentFirst = 0, concluded = 0, sentSecond = 0] = sizes;
  const file = await onlyFile(folder);
  const length = (await readFile(file)).length;
  expect(length).toBe(sentSecond);
  const cut = newFolder();
  await mkdir(cut);
  const copy = join(cut, "1000000000000.jsonl");
  for (let size = 0; size <= length; size += 1) {
    await copyFile(file, copy);
    await truncate(copy, size);
    const next = await Journal.open(cut, { now: () => now, wall: () => now * 1_000 });
    const mayBegin = ids.map((id) => !next.find(id) && next.covers({ iat: now, exp }));
    if (size >= sentFirst) expect(mayBegin[0]).toBe(false);
    if (size >= sentSecond) expect(mayBegin[1]).toBe(false);
    if (size >= concluded) expect(next.find(ids[0] ?? "")?.verdict).toEqual(SUCCESS);
    // A line without its line end is whole.
    else if (size >= sentFirst && size < concluded - 1)
      expect(next.open.has(ids[0] ?? "")).toBe(true);
    // And it can be written on.
    if (size % 50 === 0) {
      const id = randomUUID();
      await next.intend(id, exp, INTENT);
      await next.close();
      const again = await Journal.open(cut, { now: () => now, wall: () => now * 1_000 });
      expect(again.open.has(id)).toBe(true);
      for (const written of await files(cut)) if (written !== copy) await rm(written);
    }
  }
});

test.each([
  ["binary", Buffer.from([0xff, 0xfe, 0x00, 0x0a, 0x80])],
  ["other JSON", Buffer.from('{"kind":"intent"}\n[]\n"x"\n')],
  ["empty", Buffer.alloc(0)],
])("a file that is %s is read without an exception", async (_, content) => {
  const folder = newFolder();
  await mkdir(folder);
  await writeFile(join(folder, "1000000000000.jsonl"), content);
  const journal = await open(folder);
  expect(journal.covers({ iat: now - 1, exp: now + 10 })).toBe(false);
  await journal.intend(randomUUID(), now + 10, INTENT);
});

test("files are kept for 24 hours after the last expiry, and found by id until then", async () => {
  const folder = newFolder();
  const journal = await open(folder);
  const id = randomUUID();
  await journal.conclude(id, now + 10, SUCCESS);
  await journal.close();
  const file = await onlyFile(folder);
  await utimes(file, now, now);
  now += 24 * 3_600;
  const next = await open(folder);
  const found = await next.concluded(new Set([id, randomUUID()]));
  expect([...found]).toMatchObject([[id, { expires: now - 24 * 3_600 + 10, verdict: SUCCESS }]]);
  now += 700;
  const last = await open(folder);
  expect(await last.concluded(new Set([id]))).toEqual(new Map());
  expect(await files(folder)).toEqual([]);
});

test("memory stays flat: only what the bus can still deliver, and what is open", async () => {
  const folder = newFolder();
  const journal = await open(folder);
  const open0 = randomUUID();
  await journal.intend(open0, now + 10, INTENT);
  for (let second = 0; second < 5_000; second += 1) {
    now += 1;
    const writing = journal.conclude(randomUUID(), now + 10, SUCCESS);
    if (second % 100 === 0) await writing;
  }
  expect(journal.size).toBeLessThan(400);
  expect(journal.open.has(open0)).toBe(true);
  await journal.close();
  const next = await open(folder);
  expect(next.size).toBeLessThan(800);
  expect(next.open.has(open0)).toBe(true);
});

test("many at once share a flush, and all are on disk when they are told so", async () => {
  const folder = newFolder();
  const journal = await open(folder);
  const ids = Array.from({ length: 500 }, () => randomUUID());
  await Promise.all(ids.map((id) => journal.intend(id, now + 10, INTENT)));
  const text = (
    await Promise.all((await files(folder)).map((file) => readFile(file, "utf8")))
  ).join("");
  expect(ids.every((id) => text.includes(id))).toBe(true);
});

test("a disk that fails says so, and the next write goes to a new file", async () => {
  const folder = newFolder();
  const journal = await open(folder);
  await rm(folder, { recursive: true });
  await expect(journal.intend(randomUUID(), now + 10, INTENT)).rejects.toThrow();
  await mkdir(folder);
  const id = randomUUID();
  await journal.intend(id, now + 10, INTENT);
  expect((await open(folder)).open.has(id)).toBe(true);
});

test("after a write that failed it vouches for nothing before, in this run and the next", async () => {
  const folder = newFolder();
  const journal = await open(folder);
  journal.accepted(randomUUID(), now + 10);
  await journal.intend(randomUUID(), now + 10, INTENT);
  const earlier = { iat: now, exp: now + 20 };
  expect(journal.covers(earlier)).toBe(true);
  await journal.close();
  const [before] = await files(folder);
  await rename(folder, `${folder}-full`);
  now += 5;
  await expect(journal.conclude(randomUUID(), now + 10, SUCCESS)).rejects.toThrow();
  await rename(`${folder}-full`, folder);
  await journal.conclude(randomUUID(), now + 10, SUCCESS);
  expect(await files(folder)).toEqual([before, expect.any(String)]);
  const next = await open(folder);
  for (const each of [journal, next]) {
    expect(each.covers(earlier)).toBe(false);
    expect(each.covers({ iat: now, exp: now + 20 })).toBe(true);
  }
});
