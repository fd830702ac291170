import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeFolder } from "../../../../local/samba/makeFolder.ts";

describe("a folder that is there whole or not at all", () => {
  let parent = "";
  let folder = "";
  beforeEach(async () => {
    parent = await mkdtemp(join(tmpdir(), "make-folder-"));
    folder = join(parent, "wanted");
  });
  afterEach(() => rm(parent, { recursive: true }));

  const fill = (text: string) => (draft: string) => writeFile(join(draft, "file"), text);

  test("is made once, also when wanted twice at the same time", async () => {
    let made = 0;
    const count = async (draft: string): Promise<void> => {
      made += 1;
      await fill("first")(draft);
    };
    await Promise.all([makeFolder(folder, count), makeFolder(folder, count)]);
    await makeFolder(folder, count);
    expect(made).toBe(1);
    expect(await readdir(parent)).toEqual(["wanted"]);
  });

  test("is not there if it could not be filled, and is tried again", async () => {
    const fail = async (draft: string): Promise<void> => {
      await fill("half")(draft);
      throw new Error("no mirror");
    };
    await expect(makeFolder(folder, fail)).rejects.toThrow("no mirror");
    expect(await readdir(parent)).toEqual([]);
    await makeFolder(folder, fill("whole"));
    expect(await readFile(join(folder, "file"), "utf8")).toBe("whole");
  });

  test("stays that of another process which was faster", async () => {
    await makeFolder(folder, async (draft) => {
      await mkdir(folder);
      await writeFile(join(folder, "file"), "theirs");
      await fill("ours")(draft);
    });
    expect(await readFile(join(folder, "file"), "utf8")).toBe("theirs");
    expect(await readdir(parent)).toEqual(["wanted"]);
  });

  test("what a dead process left half done is removed, what a living one does is not", async () => {
    const dead = `${folder}.draft-999999999-aa`;
    const living = `${folder}.draft-${process.pid}-aa`;
    await Promise.all([mkdir(dead), mkdir(living)]);
    await makeFolder(folder, fill("whole"));
    expect((await readdir(parent)).sort()).toEqual(["wanted", `wanted.draft-${process.pid}-aa`]);
  });
});
