import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConfigurationError } from "../../../../agent/configuration.ts";
import { KeyRing, RETIRED_SECONDS } from "../../../../agent/trust/keyRing.ts";
import { type EnrolledKey, enrolledKey } from "../../../integration/agent/trustRoot.ts";

const NOW = 1_800_000_000;
let folder: string;
let older: EnrolledKey;
let newer: EnrolledKey;
beforeAll(async () => {
  [older, newer] = await Promise.all([enrolledKey(), enrolledKey()]);
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "agent-keys-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const fileOf = (name: string): string => join(folder, `${name}.jwk.json`);
const put = (name: string, { jwk }: EnrolledKey, made = 0, mode = 0o600): void => {
  writeFileSync(fileOf(name), JSON.stringify({ ...jwk, made }), { mode });
  chmodSync(fileOf(name), mode);
};
const kids = (ring: KeyRing): string[] => ring.all.map(({ kid }) => kid);

test("every key of the folder is held, and one that is made meanwhile after the next look", async () => {
  put("a", older);
  writeFileSync(join(folder, "notes.txt"), "no key");
  const ring = await KeyRing.open(folder);
  expect(kids(ring)).toEqual([older.kid]);
  put("b", newer, NOW);
  expect(ring.has(newer.kid)).toBe(false);
  await ring.reload();
  expect(kids(ring)).toEqual([older.kid, newer.kid]);
});

test.each<[string, () => void]>([
  ["no key at all", () => {}],
  ["no folder", () => rmSync(folder, { recursive: true })],
  ["a key that others may read", () => put("a", older, 0, 0o640)],
  ["a public key", () => writeFileSync(fileOf("a"), JSON.stringify(older.open), { mode: 0o600 })],
  ["no JSON", () => writeFileSync(fileOf("a"), "-----BEGIN", { mode: 0o600 })],
])("%s: refused at the start", async (_, prepare) => {
  prepare();
  const error = await KeyRing.open(folder).catch((thrown: unknown) => thrown);
  if (!existsSync(folder)) folder = mkdtempSync(join(tmpdir(), "agent-keys-"));
  expect(error).toBeInstanceOf(ConfigurationError);
  expect((error as Error).message).toMatch(/^keyFolder: /);
  expect((error as Error).message).not.toContain(String(older.jwk.d));
});

test("what cannot be read later leaves the keys as they were", async () => {
  put("a", older);
  const ring = await KeyRing.open(folder);
  put("b", newer, NOW, 0o644);
  await ring.reload();
  expect(kids(ring)).toEqual([older.kid]);
});

test("the old key goes an hour after the list has named the new one, and its file with it", async () => {
  put("a", older, NOW - 10);
  put("b", newer, NOW);
  const ring = await KeyRing.open(folder);
  expect(await ring.retire(newer.kid, NOW)).toEqual([]);
  expect(await ring.retire(newer.kid, NOW + RETIRED_SECONDS - 1)).toEqual([]);
  expect(ring.has(older.kid)).toBe(true);
  expect(await ring.retire(newer.kid, NOW + RETIRED_SECONDS)).toEqual([older.kid]);
  expect([kids(ring), existsSync(fileOf("a"))]).toEqual([[newer.kid], false]);
});

test("a key that the list does not name yet is kept, however long that takes", async () => {
  put("a", older, NOW - 10);
  put("b", newer, NOW);
  const ring = await KeyRing.open(folder);
  await ring.retire(older.kid, NOW);
  expect(await ring.retire(older.kid, NOW + 100 * RETIRED_SECONDS)).toEqual([]);
  expect(await ring.retire("another".padEnd(43, "A"), NOW)).toEqual([]);
  expect(kids(ring)).toEqual([older.kid, newer.kid]);
});
