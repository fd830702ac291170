import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { replaceFile } from "../../../workstation/files.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "files-"));
});
afterEach(() => rm(folder, { recursive: true }));

test("a file is replaced whole, for its owner alone, and never through a link", async () => {
  const target = join(folder, "target");
  const link = join(folder, "link");
  await writeFile(target, "of somebody else", { mode: 0o644 });
  await symlink(target, link);
  await replaceFile(link, "new");
  expect([await readFile(target, "utf8"), await readFile(link, "utf8")]).toEqual([
    "of somebody else",
    "new",
  ]);
  expect((await stat(link)).mode & 0o777).toBe(0o600);
});

test("what cannot be replaced stays, with nothing beside it", async () => {
  const taken = join(folder, "taken");
  await mkdir(taken);
  await expect(replaceFile(taken, "new")).rejects.toThrow("The file cannot be written");
  expect(await readdir(folder)).toEqual(["taken"]);
});
