import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeFolder } from "../../../scripts/build/writeFolder.ts";

const files = (...names: readonly string[]) =>
  new Map(names.map((name) => [name, Buffer.from(`new ${name}`)]));

describe("the folder that a build writes to", () => {
  const root = mkdtempSync(join(tmpdir(), "write-folder-"));
  afterAll(() => rmSync(root, { recursive: true }));

  it("is made where there is none", () => {
    const folder = join(root, "a/b");
    writeFolder(folder, files("host.json", "dist/agent.cjs"));
    expect(readdirSync(folder).sort()).toEqual(["dist", "host.json"]);
    expect(readFileSync(join(folder, "dist/agent.cjs"), "utf8")).toBe("new dist/agent.cjs");
  });

  it("loses what an earlier build made, and keeps the settings of a host that runs there", () => {
    const folder = join(root, "again");
    writeFolder(folder, files("host.json", "dist/agent.cjs", "dist/old.cjs"));
    writeFileSync(join(folder, "local.settings.json"), "mine");
    writeFolder(folder, files("host.json", "dist/agent.cjs"));
    expect(readdirSync(folder).sort()).toEqual(["dist", "host.json", "local.settings.json"]);
    expect(readdirSync(join(folder, "dist"))).toEqual(["agent.cjs"]);
    expect(readFileSync(join(folder, "local.settings.json"), "utf8")).toBe("mine");
  });

  it("is not touched where something else lies there, such as somebody's sources", () => {
    const folder = join(root, "sources");
    mkdirSync(folder);
    writeFileSync(join(folder, "main.ts"), "mine");
    writeFileSync(join(folder, "host.json"), "mine");
    expect(() => writeFolder(folder, files("host.json"))).toThrow(/main\.ts: move it/);
    expect(readFileSync(join(folder, "host.json"), "utf8")).toBe("mine");
  });
});
