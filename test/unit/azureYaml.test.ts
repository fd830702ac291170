import { existsSync, readFileSync } from "node:fs";
import { parse } from "yaml";

const read = (file: string) => readFileSync(file, "utf8");
const described = parse(read("azure.yaml"));
const { scripts } = JSON.parse(read("package.json"));

test("azd finds the templates, the package and the site", () => {
  const { infra, services } = described;
  expect(existsSync(`${infra.path}/${infra.module}.bicep`)).toBe(true);
  expect(Object.keys(services)).toEqual(["api"]);
  expect(read("infra/main.bicep")).toContain("serviceName: 'api'");
  expect(services.api).toMatchObject({ project: ".", host: "function", remoteBuild: false });
  expect(services.api.dist).toBe("dist/functions");
  expect(read(".funcignore")).not.toContain("node_modules");
});

test("each hook is the same script of npm everywhere, and that one runs a file", () => {
  expect(Object.keys(described.hooks)).toEqual(["preprovision", "postprovision", "postdeploy"]);
  for (const [name, { posix, windows }] of Object.entries<Record<string, { run: string }>>(
    described.hooks,
  )) {
    expect(posix?.run).toBe(`npm run --silent hook:${name}`);
    expect(windows?.run).toBe(posix?.run);
    expect(scripts[`hook:${name}`]).toBe(`node scripts/hooks/${name}.ts`);
    expect(scripts[`prehook:${name}`]).toBe("node scripts/install.mjs");
    expect(existsSync(`scripts/hooks/${name}.ts`)).toBe(true);
  }
});
