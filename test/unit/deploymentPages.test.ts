import { existsSync, readdirSync, readFileSync } from "node:fs";
import { USAGE as AGENT_USAGE } from "../../agent/commandLine.ts";
import { routes } from "../../functions/routes.ts";
import { USAGE as ENTRA_USAGE } from "../../infra/entra/commandLine.ts";
import { USAGE as OPERATOR_USAGE } from "../../operator/commandLine.ts";
import { ERRORS } from "../../protocol/errors.ts";

const textOf = (file: string): string => readFileSync(file, "utf8");
const { scripts, version } = JSON.parse(textOf("package.json")) as {
  scripts: Record<string, string>;
  version: string;
};
const template = textOf("infra/main.bicep");
const parameters = textOf("infra/main.parameters.json");
const templates = [
  template,
  ...readdirSync("infra/app").map((name) => textOf(`infra/app/${name}`)),
].join("\n");

describe.each(["docs/deploy.md", "docs/operations.md"])("%s", (page) => {
  const text = textOf(page);
  const all = (pattern: RegExp): string[] =>
    [...text.matchAll(pattern)].map(([, found = ""]) => found);

  test("names npm scripts that exist", () => {
    const named = all(/\bnpm (?:run )?((?<=run )[\w:-]+|start|test)\b/g);
    expect(named).not.toEqual([]);
    expect(named.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
  });

  test("names commands and options that exist", () => {
    for (const [tool, usage] of [
      ["npm run operator --", OPERATOR_USAGE],
      ["npm run entra --", ENTRA_USAGE],
      ["password-writeback-agent", AGENT_USAGE],
    ] as const) {
      const unwrapped = text.replaceAll("\\\n", " ");
      const calls = [
        ...unwrapped.matchAll(
          new RegExp(`^(?:ExecStart=\\S*|sudo -u [\\w-]+ )?${tool} (.*)$`, "gm"),
        ),
      ];
      for (const [call, words = ""] of calls) {
        const [command = ""] = words.split(" ");
        expect([call, new RegExp(`(?:^| )${command}\\b`, "m").test(usage)]).toEqual([call, true]);
        for (const [option] of words.matchAll(/--[\w-]+/g))
          expect([call, option, usage.includes(option)]).toEqual([call, option, true]);
      }
    }
  });

  test("names files that exist", () => {
    const named = all(/`((?:infra|functions|agent|scripts|test|docs|\.github)\/[\w./-]*)`/g);
    expect(named).not.toEqual([]);
    expect(named.filter((path) => !existsSync(path))).toEqual([]);
    for (const packed of all(/password-writeback-agent-(\d+\.\d+\.\d+)\.tgz/g))
      expect(packed).toBe(version);
  });

  test("sets values of azd that the parameters ask for", () => {
    const named = all(/azd env set (\w+)/g);
    expect(named.filter((name) => !parameters.includes(`\${${name}`))).toEqual([]);
  });

  test("names routes and codes that exist", () => {
    const known = routes.map(({ method, route }) => `${method} /${route}`);
    const named = all(/`((?:GET|POST|PATCH|PUT) \/[^`\s]+)`/g);
    expect(named).not.toEqual([]);
    expect(named.filter((route) => !known.includes(route))).toEqual([]);
    const codes = all(/(?:503|403|401) `(\w+)`/g);
    expect(codes).not.toEqual([]);
    expect(codes.filter((code) => !Object.hasOwn(ERRORS, code))).toEqual([]);
  });
});

test("the parameters that docs/deploy.md names are those of the template", () => {
  const page = textOf("docs/deploy.md");
  for (const name of ["connectors", "allowedClients", "rootPublicKeyX", "rootPublicKeyY"]) {
    expect(page.includes(`\`${name}\``)).toBe(true);
    expect(template).toMatch(new RegExp(`^param ${name} `, "m"));
  }
});

test("the limits that docs/operations.md reckons with are those of the template", () => {
  const page = textOf("docs/operations.md");
  const [, instances = ""] = /^param maximumInstances int = (\d+)/m.exec(template) ?? [];
  const [, memory = ""] = /^param instanceMemory int = (\d+)/m.exec(template) ?? [];
  expect(page.includes(`${instances} instances`)).toBe(true);
  expect(Number(memory).toLocaleString("en-US")).toBe("2,048");
  expect(page.includes("2,048 MB")).toBe(true);
  expect(templates).toContain("enablePurgeProtection: true");
  expect(templates).toContain("softDeleteRetentionInDays: 90");
});

test("the unit of docs/deploy.md leaves the agent its folder, and the time that it takes to stop", () => {
  const [, unit = ""] = /```ini\n(.*?)```/s.exec(textOf("docs/deploy.md")) ?? [];
  const value = (name: string) => new RegExp(`^${name}=(.*)$`, "m").exec(unit)?.[1] ?? "";
  const folder = value("ReadWritePaths");
  expect(value("ExecStart")).toMatch(
    new RegExp(`^/\\S+/password-writeback-agent run --config ${folder}/`),
  );
  expect(textOf("docs/deploy.md")).toContain(
    `--owner ${value("User")} --group ${value("User")} --mode 700 ${folder}\n`,
  );
  const [, last = ""] = /LAST_MS = ([\d_]+);/.exec(textOf("agent/commands/run.ts")) ?? [];
  expect(Number(last.replaceAll("_", ""))).toBeGreaterThan(0);
  expect(Number(value("TimeoutStopSec")) * 1_000).toBeGreaterThan(Number(last.replaceAll("_", "")));
});
