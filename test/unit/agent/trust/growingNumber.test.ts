import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GrowingNumber } from "../../../../agent/trust/growingNumber.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "agent-"));
});
afterEach(() => rm(folder, { recursive: true }));

test("starts at 0, grows, never shrinks, and outlives a restart", async () => {
  const file = join(folder, "data", "serial");
  const number = await GrowingNumber.open(file);
  expect(number.value).toBe(0);
  await Promise.all([number.raise(7), number.raise(3), number.raise(9), number.raise(8)]);
  expect(number.value).toBe(9);
  expect((await GrowingNumber.open(file)).value).toBe(9);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
});

test.each(["", "seven", "-1", "1\n2", "1e9"])("a file with %j is refused", async (content) => {
  const file = join(folder, "serial");
  await writeFile(file, content);
  await expect(GrowingNumber.open(file)).rejects.toThrow("holds no number");
  expect(await readFile(file, "utf8")).toBe(content);
});

test("what could not be written does not count", async () => {
  const file = join(folder, "data", "serial");
  const number = await GrowingNumber.open(file);
  await rm(join(folder, "data"), { recursive: true });
  await expect(number.raise(5)).rejects.toThrow();
  expect(number.value).toBe(0);
});
