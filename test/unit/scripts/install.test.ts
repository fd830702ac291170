import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const { scripts } = JSON.parse(readFileSync("package.json", "utf8")) as {
  scripts: Record<string, string>;
};

test.each(["start", "agent", "local:register", "operator", "entra", "build"])(
  "npm run %s works in a fresh clone, for it installs what is missing",
  (name) => {
    expect(scripts[name]).toMatch(/^node \S+\.ts$/);
    expect(scripts[`pre${name}`]).toBe("node scripts/install.mjs");
  },
);

describe("installing", () => {
  let clone: string;
  const at = (name: string): string => join(clone, name);
  beforeEach(() => {
    clone = mkdtempSync(join(tmpdir(), "clone-"));
    mkdirSync(at("node_modules"));
    writeFileSync(at("package-lock.json"), "{}");
  });
  afterEach(() => rmSync(clone, { recursive: true }));

  /** @param npm what is run in npm's place */
  function install(npm: string) {
    writeFileSync(at("npm.cjs"), npm);
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [resolve("scripts/install.mjs")],
      { cwd: clone, encoding: "utf8", env: { ...process.env, npm_execpath: at("npm.cjs") } },
    );
    return { status, stdout, stderr };
  }
  const NPM = `
    console.log("added 500 packages");
    const { appendFileSync } = require("node:fs");
    appendFileSync("calls", process.argv[2] + "\\n");`;

  it("happens once for a lockfile, and leaves the standard output to the command", () => {
    const first = install(NPM);
    expect(first).toMatchObject({ status: 0, stdout: "" });
    expect(first.stderr).toMatch(/^Installing dependencies .*\n$/);
    expect(install(NPM)).toEqual({ status: 0, stdout: "", stderr: "" });
    expect(readFileSync(at("calls"), "utf8")).toBe("install\n");
    writeFileSync(at("package-lock.json"), `{ "new": true }`);
    expect(install(NPM).status).toBe(0);
    expect(readFileSync(at("calls"), "utf8")).toBe("install\ninstall\n");
  });

  it("that fails stops the command, says why, and is tried again", () => {
    const failed = install(`console.error("no network"); process.exitCode = 7;`);
    expect(failed).toMatchObject({ status: 7, stdout: "" });
    expect(failed.stderr).toContain("no network");
    expect(existsSync(at("node_modules/.installed"))).toBe(false);
    expect(install(NPM).status).toBe(0);
  });

  it("leaves the lockfile as it was", () => {
    install(`require("node:fs").writeFileSync("package-lock.json", "other")`);
    expect(readFileSync(at("package-lock.json"), "utf8")).toBe("{}");
  });
});
