import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { SourceMap } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { unzipSync } from "fflate";

const run = promisify(execFile);
/** Bytes. */
const MOST_ZIPPED = 600_000;
/** Folders of their own: other tests may build at the same time. */
const FOLDER = mkdtempSync(join(tmpdir(), "build-"));
const STAGING = join(FOLDER, "one/functions");

/** What a machine may have of its own, and a build must not show. */
interface Machine {
  readonly TZ: string;
  readonly LC_ALL: string;
  /** Permissions that new files do not get. */
  readonly umask: string;
}
const ONE: Machine = { TZ: "UTC", LC_ALL: "C", umask: "022" };
const OTHER: Machine = { TZ: "Pacific/Auckland", LC_ALL: "sv_SE.UTF-8", umask: "077" };

const build = (name: string, { umask, ...environment }: Machine) => {
  const first = `data:text/javascript,process.umask(${Number.parseInt(umask, 8)})`;
  const words = ["--import", first, "scripts/build.ts", "--out", join(FOLDER, name)];
  return run(process.execPath, words, { env: { ...process.env, ...environment } });
};
const sums = (name: string): string => readFileSync(join(FOLDER, name, "SHA256SUMS"), "utf8");

describe("what npm run build makes", () => {
  beforeAll(async () => {
    await Promise.all([build("one", ONE), build("two", OTHER)]);
  }, 120_000);
  afterAll(() => rmSync(FOLDER, { recursive: true }));

  it("is not begun after a wrong command line", async () => {
    await expect(run(process.execPath, ["scripts/build.ts", "--only", "x"])).rejects.toMatchObject({
      ...{ code: 2, stdout: "" },
      stderr: expect.stringMatching(/^--only must be .*\n\nUsage: npm run build /),
    });
  });

  it("is the same wherever and whenever it is made, and has its checksums beside it", () => {
    const lines = sums("one").trim().split("\n");
    expect(lines.map((line) => line.split("  ")[1])).toEqual([
      "functions.zip",
      expect.stringMatching(/^password-writeback-agent-\d+\.\d+\.\d+\.tgz$/),
    ]);
    for (const line of lines) {
      const [sum = "", file = ""] = line.split("  ");
      const content = readFileSync(join(FOLDER, "one", file));
      expect(createHash("sha256").update(content).digest("hex")).toBe(sum);
    }
    expect(sums("two")).toBe(sums("one"));
  });

  it("zips the folder as it stands, and small", () => {
    const zipped = readFileSync(join(FOLDER, "one/functions.zip"));
    expect(zipped.byteLength).toBeLessThanOrEqual(MOST_ZIPPED);
    const files = unzipSync(zipped);
    expect(Object.keys(files)).toEqual(readdirSync(STAGING).sort());
    for (const [name, content] of Object.entries(files))
      expect(Buffer.compare(readFileSync(join(STAGING, name)), content)).toBe(0);
  });

  it("says whose code is in it, and under which licence", () => {
    const halves = { functions: "@azure/data-tables", agent: "ldapts" };
    for (const [half, own] of Object.entries(halves)) {
      const text = readFileSync(join(FOLDER, "one", half, "THIRD-PARTY-LICENSES.txt"), "utf8");
      for (const name of [own, "@azure/service-bus", "jose", "rhea", "zod"]) {
        const { version } = JSON.parse(readFileSync(`node_modules/${name}/package.json`, "utf8"));
        expect(text).toMatch(new RegExp(`^${name} ${version} \\([\\w.-]+\\)$`, "m"));
      }
      const [, ...each] = text.split(/^-{80}$/m);
      expect(each.length).toBeGreaterThan(30);
      const textless = each.filter((one) => !/(copyright|public domain|permission)/i.test(one));
      expect(textless.map((one) => one.trim().split("\n")[0])).toEqual([]);
      expect(text).not.toMatch(/^(esbuild|jest|fflate) /m);
      expect(text).not.toContain("@password-writeback/");
      expect(readFileSync(join(FOLDER, "one", half, "LICENSE"), "utf8")).toContain("MIT");
    }
  });

  it("maps its code to our sources, and to nothing else", () => {
    const map = new SourceMap(JSON.parse(readFileSync(join(STAGING, "main.cjs.map"), "utf8")));
    const others = map.payload.sources.filter((path) => !/^(functions|protocol)\//.test(path));
    expect(others).toEqual([]);
    const lines = readFileSync(join(STAGING, "main.cjs"), "utf8").split("\n");
    const sourceOf = (text: string) => {
      const line = lines.findIndex((each) => each.includes(text));
      const entry = map.findEntry(line, lines[line]?.indexOf(text) ?? 0);
      return "originalSource" in entry ? entry.originalSource : undefined;
    };
    expect(sourceOf('"startIncomplete"')).toBe("functions/main.ts");
    expect(sourceOf("Setup options can't be changed")).toBeUndefined();
  });

  it("is a folder that is deployed as it stands", () => {
    expect(readdirSync(STAGING).sort()).toEqual([
      "LICENSE",
      "THIRD-PARTY-LICENSES.txt",
      "boot.cjs",
      "host.json",
      "main.cjs",
      "main.cjs.map",
      "package.json",
    ]);
    const { name, version } = JSON.parse(readFileSync("package.json", "utf8"));
    // No dependencies: nothing is to be installed in the cloud.
    expect(JSON.parse(readFileSync(`${STAGING}/package.json`, "utf8"))).toEqual({
      ...{ name, version },
      type: "commonjs",
      main: "boot.cjs",
    });
  });
});
