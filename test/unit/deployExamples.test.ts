import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { settingsChange } from "../../functions/records/tenantSettings.ts";
import { readProfile as readEntraProfile } from "../../infra/entra/profile.ts";
import { readProfile as readOperatorProfile } from "../../operator/profile.ts";

const page = readFileSync("docs/deploy.md", "utf8");
const blocks = (language: string): string[] =>
  [...page.matchAll(new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, "gs"))].map(
    ([, text = ""]) => text,
  );

const folder = mkdtempSync(join(tmpdir(), "examples-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Has an example read as the file that it is. */
function asFile<T>(text: string | undefined, read: (path: string) => Promise<T>): Promise<T> {
  const path = join(folder, "example.json");
  writeFileSync(path, text ?? "");
  return read(path);
}

test("the profiles that are shown are profiles", async () => {
  const [entra, operator, ...more] = blocks("json");
  expect(more).toEqual([]);
  const { groups, azureCli } = await asFile(entra, readEntraProfile);
  expect([groups, azureCli]).toEqual([
    { operators: "make", helpdesk: "make", people: "make" },
    true,
  ]);
  const { site, relay } = await asFile(operator, readOperatorProfile);
  expect(site).toContain("/providers/Microsoft.Web/sites/");
  expect(relay.namespace).toMatch(/\.servicebus\.windows\.net$/);
});

test("the settings that turn writeback on are settings", () => {
  const [, body = ""] = /onPremisesIntegration \\\n.*?-d '(.*?)'$/ms.exec(page) ?? [];
  expect(settingsChange.parse(JSON.parse(body))).toMatchObject({
    features: { passwordWritebackEnabled: true },
    selfService: { scope: "selected" },
  });
});

test("the package is published as it stands, from the folder that the build makes", () => {
  const [commands = ""] = blocks("sh").filter((text) => text.includes("func azure"));
  const { services } = parse(readFileSync("azure.yaml", "utf8"));
  expect(commands.trim().split("\n").slice(-3)).toEqual([
    "npm run build",
    `cd ${services.api.dist}`,
    "func azure functionapp publish FUNCTION_APP --no-build --javascript",
  ]);
  expect(commands).toContain("--template-file infra/main.bicep");
});

test("the hooks that are run by hand are hooks", () => {
  const { hooks } = parse(readFileSync("azure.yaml", "utf8"));
  const named = [...page.matchAll(/azd hooks run ([\w-]+)/g)].map(([, name = ""]) => name);
  expect(named).not.toEqual([]);
  expect(named.filter((name) => !Object.hasOwn(hooks, name))).toEqual([]);
});
