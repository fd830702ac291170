import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { canBind } from "../../local/accounts/canBind.ts";
import type { Description } from "../../local/stack/description.ts";
import { type Copy, end, fenced, isAlive, README, shell, start } from "./runningCopy.ts";

const directoryOf = ({ directory }: Description) => ({
  ...directory,
  ca: readFileSync(directory.caFile, "utf8"),
});

describe("what the README says", () => {
  const folder = mkdtempSync(join(tmpdir(), "readme-"));
  const copies: Copy[] = [];
  afterAll(async () => {
    for (const copy of copies) await end(copy, "SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  });

  it("two copies run side by side; the curl changes a password; both end cleanly", async () => {
    copies.push(...(await Promise.all([start(folder, "one"), start(folder, "two")])));
    const [one, two] = copies as [Copy, Copy];
    expect(one.description.api).not.toBe(two.description.api);

    const curl = fenced("curl -i");
    const answer = await shell(curl, one.description);
    expect(answer.split("\r\n")[0]).toBe(fenced("HTTP/1.1"));
    const upn = one.description.users[0]?.userPrincipalName ?? "";
    const directory = directoryOf(one.description);
    expect(await canBind(directory, upn, "Amber-Kettle-19")).toBe("ok");
    expect(await canBind(directory, upn, "Blue-Harbour-41")).toBe("52e");
    expect(await canBind(directoryOf(two.description), upn, "Blue-Harbour-41")).toBe("ok");

    const again = await shell(curl, one.description);
    expect(JSON.parse(again.split("\r\n\r\n")[1] ?? "")).toMatchObject(JSON.parse(fenced("{")));

    const short = fenced(
      '\\{\n  "error": \\{\n    "code": "invalidRequest",\n    "message": "Your',
    );
    const refused = await shell(
      curl
        .replace("Blue-Harbour-41", "Amber-Kettle-19")
        .replace('"newPassword":"Amber-Kettle-19"', '"newPassword":"Xy-1x"'),
      one.description,
    );
    expect(JSON.parse(refused.split("\r\n\r\n")[1] ?? "")).toMatchObject(JSON.parse(short));

    const pids = copies.flatMap(({ description }) => Object.values(description.processes));
    expect(await Promise.all([end(one, "SIGINT"), end(two, "SIGTERM")])).toEqual([0, 0]);
    expect(pids.filter(isAlive)).toEqual([]);
    expect(existsSync(one.description.logs)).toBe(false);
  }, 180_000);

  it("prints calls that work as they stand", () => {
    const printed = copies[0]?.output.join("") ?? "";
    expect(printed).toContain("Password Writeback is ready");
    expect(printed.match(/^curl -i /gm)).toHaveLength(4);
  });

  it("says what a wrong option is, and ends with 2", async () => {
    const failed = promisify(execFile)(process.execPath, ["local/start.ts", "--directory", "x"]);
    await expect(failed).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringMatching(
        /^--directory must be simulated or samba\.\n\nUsage: npm start /,
      ),
    });
  });

  it("names only folders that exist", () => {
    const paths = README.match(/`((?:functions|agent|protocol|docs)\/[\w/.]+)`/g) ?? [];
    expect(paths.length).toBeGreaterThan(5);
    const built = ["agent/dist/agent.cjs"];
    for (const path of paths.map((text) => text.slice(1, -1)))
      expect(built.includes(path) || existsSync(path) ? "there" : path).toBe("there");
  });

  it("lists every route", async () => {
    const { routes } = await import("../../functions/routes.ts");
    const missing = routes.filter(({ route }) => {
      const tail = route.split("/").at(-1) ?? "";
      return !README.includes(`/${route}\``) && !README.includes(`/${tail}\``);
    });
    expect(missing.map(({ name }) => name)).toEqual([]);
  });
});
