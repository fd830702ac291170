import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";

const ROOT = process.cwd();
const FOLDERS = [
  ...["protocol", "functions", "commandLine", "agent", "operator", "infra", "workstation"],
  ...["local", "scripts", "test"],
];
const MAX_LINES = 400;
const MAX_PACKAGES = 12;

const files = FOLDERS.filter((folder) => existsSync(join(ROOT, folder))).flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => /\.m?ts$/.test(name) && !/(^|\/)(dist|node_modules)\//.test(name))
    .map((name) => join(folder, name)),
);

/** Folder that an import of a file leads to, or the name of a package. */
const importsOf = (file: string): string[] =>
  [...readFileSync(join(ROOT, file), "utf8").matchAll(/(?:from |import |import\()"([^"]+)"/g)].map(
    ([, specifier = ""]) => {
      if (specifier.startsWith("@password-writeback/protocol/")) return "protocol";
      if (!specifier.startsWith(".")) return specifier;
      return relative(ROOT, resolve(ROOT, dirname(file), specifier)).split("/")[0] ?? "";
    },
  );

const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  protocol: ["protocol"],
  functions: ["functions", "protocol"],
  commandLine: ["commandLine"],
  agent: ["agent", "commandLine", "protocol"],
  workstation: ["workstation", "commandLine", "protocol"],
  operator: ["operator", "workstation", "commandLine", "protocol"],
  infra: ["infra", "workstation", "commandLine", "protocol"],
  local: ["local", "functions", "operator", "commandLine", "protocol", "infra"],
};

describe("the tree", () => {
  it.each(Object.keys(MAY_IMPORT))("%s imports only what it may", (folder) => {
    const wrong = files
      .filter((file) => file.startsWith(`${folder}/`))
      .flatMap((file) =>
        importsOf(file)
          .filter((target) => FOLDERS.includes(target) && !MAY_IMPORT[folder]?.includes(target))
          .map((target) => `${file} → ${target}`),
      );
    expect(wrong).toEqual([]);
  });

  it(`has no file over ${MAX_LINES} lines`, () => {
    const long = files.filter(
      (file) => readFileSync(join(ROOT, file), "utf8").split("\n").length > MAX_LINES,
    );
    expect(long).toEqual([]);
  });

  it("numbers its decisions without a gap, in the name and in the heading", () => {
    const pages = readdirSync(join(ROOT, "docs/decisions")).sort();
    pages.forEach((page, at) => {
      const heading = readFileSync(join(ROOT, "docs/decisions", page), "utf8").split("\n")[0];
      expect([page.slice(0, 5), heading]).toEqual([
        `${String(at + 1).padStart(4, "0")}-`,
        expect.stringMatching(new RegExp(`^# ${at + 1}\\. \\S`)),
      ]);
    });
  });

  it("has a decision for each package that production code depends on, and not many", () => {
    // The agent's are within its bundle, so who installs it needs none of them.
    const places = [
      ["package.json", "dependencies"],
      ["agent/package.json", "devDependencies"],
      ["protocol/package.json", "dependencies"],
    ] as const;
    const dependencies = places.flatMap(([file, member]) =>
      Object.keys(JSON.parse(readFileSync(join(ROOT, file), "utf8"))[member]),
    );
    const packages = [...new Set(dependencies)];
    expect(packages.length).toBeLessThanOrEqual(MAX_PACKAGES);
    const decisions = readFileSync(join(ROOT, "docs/decisions/0002-dependencies.md"), "utf8");
    expect(packages.filter((name) => !decisions.includes(`| \`${name}\` |`))).toEqual([]);
  });

  it("uses in production only what it declares", () => {
    const production = files.filter((file) =>
      /^(functions|agent|operator|protocol|commandLine|infra|workstation)\//.test(file),
    );
    const used = new Set(production.flatMap(importsOf).filter((name) => !FOLDERS.includes(name)));
    const declared = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")).dependencies;
    const agent = JSON.parse(
      readFileSync(join(ROOT, "agent/package.json"), "utf8"),
    ).devDependencies;
    const undeclared = [...used].filter(
      (name) => !name.startsWith("node:") && !(name in declared) && !(name in agent),
    );
    expect(undeclared).toEqual([]);
  });
});
