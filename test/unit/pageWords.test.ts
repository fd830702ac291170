import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { USAGE as AGENT_USAGE } from "../../agent/commandLine.ts";
import { EVENTS } from "../../agent/events.ts";
import { routes } from "../../functions/routes.ts";
import { SETTINGS } from "../../functions/settings/settings.ts";
import { USAGE as ENTRA_USAGE } from "../../infra/entra/commandLine.ts";
import { USAGE as OPERATOR_USAGE } from "../../operator/commandLine.ts";
import { ERRORS } from "../../protocol/errors.ts";

const textOf = (file: string): string => readFileSync(file, "utf8");
const FOLDERS = [
  ...["agent", "commandLine", "functions", "infra", "operator", "protocol", "scripts"],
  "workstation",
];
const sources = FOLDERS.flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.(?:ts|json|bicep)$/.test(name) && !/(?:^|\/)dist\//.test(name))
    .map((name) => textOf(join(folder, name))),
).join("\n");
const { scripts } = JSON.parse(textOf("package.json")) as { scripts: Record<string, string> };
const template = textOf("infra/main.bicep");
const parameterFile = textOf("infra/main.parameters.json");
const { queries, metrics, changes } = JSON.parse(textOf("infra/alerts.json")) as {
  queries: { name: string }[];
  metrics: { name: string; metric: string }[];
  changes: { name: string };
};

/** Programs that are not ours: what follows their names is theirs. */
const TOOLS = new Set([
  ...["az", "azd", "func", "gh", "curl", "openssl", "sha256sum", "systemctl", "journalctl"],
  ...["useradd", "install", "sudo"],
]);
/** Names of others: of HTTP, Entra, Azure and systemd, and of files that readers make. */
const FOREIGN = new Set([
  ...["GET", "Location", "Idempotency-Key", "HTTP/1.1 204 No Content", "HTTPS_PROXY"],
  ...["ServerBusy", "onPremisesSyncEnabled", "x", "y", "--no-build", "--javascript"],
  ...["AZURE_FUNCTION_NAME", "AZURE_FUNCTION_ID", ".azure/", "../writeback", "/usr/local/bin"],
  ...["entra.json", "operator.json", "my.parameters.json", "directory.json", "invitation.json"],
  ...["corp.secret", "corp-ca.pem", "$TOKEN"],
  ...["ReadWritePaths", "command -v", "npm install --global"],
  ...[".azure/writeback-test/operator.json", "../writeback/operator.json"],
  ...["/etc/systemd/system/password-writeback-agent.service", "/var/lib/password-writeback"],
]);
/** What of ours has a list that it stands in. */
const LISTED = new Set([
  ...Object.keys(ERRORS),
  ...Object.keys(EVENTS),
  ...Object.keys(SETTINGS),
  ...[...queries, ...metrics, changes].map(({ name }) => name),
  ...metrics.map(({ metric }) => metric),
  ...[...template.matchAll(/^(?:param|output) (\w+) /gm)].map(([, name = ""]) => name),
  ...[...parameterFile.matchAll(/\$\{(\w+)/g)].map(([, name = ""]) => name),
  ...routes.map(({ method, route }) => `${method} /${route}`),
]);
const USAGES: Readonly<Record<string, string>> = {
  "npm run operator --": OPERATOR_USAGE,
  "npm run entra --": ENTRA_USAGE,
  "password-writeback-agent": AGENT_USAGE,
};

/** What readers put something of their own in the place of. */
const PLACEHOLDERS = new Set([
  ...["FUNCTION_APP", "CLIENT_ID", "SERVICE_PRINCIPAL", "OBJECT_ID", "HELPDESK_TOKEN"],
]);

/** Whether a path of a call is that of a route, whatever stands for its parameters. */
const isRoute = (path: string): boolean =>
  routes.some(({ route }) => {
    const parts = route.split("/");
    const given = path.split("/");
    return (
      parts.length === given.length &&
      parts.every((part, at) => part === given[at] || /^(?:\{.*\}|[0-9a-f-]{36})$/.test(part))
    );
  });

const isHost = (span: string): boolean => /^[\w*.-]+\.(?:com|net)$/.test(span);

/** A command of ours: it exists, and takes each option that it is given. */
function isOwnCommand(span: string): boolean {
  const [, script = ""] = /^npm run ([\w:]+)/.exec(span) ?? [];
  if (script !== "" && !Object.hasOwn(scripts, script)) return false;
  const [tool, usage] = Object.entries(USAGES).find(([name]) => span.startsWith(`${name} `)) ?? [];
  if (tool === undefined || usage === undefined) return script !== "";
  const [command = "", ...words] = span.slice(tool.length + 1).split(" ");
  const options = words.filter((word) => word.startsWith("--"));
  return (
    new RegExp(`(?:^| )${command}\\b`, "m").test(usage) && options.every((o) => usage.includes(o))
  );
}

/** A word, a member, an option or a file's name as our sources have it. */
const isInSources = (word: string): boolean =>
  new RegExp(`(?<![\\w-])${word.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&")}(?![\\w-])`).test(sources);

/** What our programs print, whatever numbers and names stand in it. */
const isPrinted = (sentence: string): boolean => {
  const parts = sentence
    .split(/\d+|…|"[^"]*"|[A-Z]+(?:_[A-Z]+)+|: \S+$/)
    .map((part) => part.trim());
  const long = parts.filter((part) => part.length > 7);
  return long.length > 0 && long.every((part) => sources.includes(part));
};

function isKnown(span: string): boolean {
  if (LISTED.has(span) || FOREIGN.has(span) || isHost(span) || isOwnCommand(span)) return true;
  if (existsSync(span)) return true;
  const [first = ""] = span.split(" ");
  if (TOOLS.has(first)) return true;
  const value = /^([A-Z][A-Z_]+)=/.exec(span)?.[1];
  if (value !== undefined) return LISTED.has(value);
  if (/^[A-Z]+(?:_[A-Z]+)+$/.test(span) || /^(?:GET|POST|PUT|PATCH) /.test(span)) return false;
  if (/^(?:[[{]|\$\{)/.test(span)) return true;
  if (span.includes(" ")) return isPrinted(span);
  if (span.startsWith("dist/")) return true;
  return span.split(/\.(?!json$)/).every(isInSources);
}

describe.each(["docs/deploy.md", "docs/operations.md"])("%s", (page) => {
  const text = textOf(page).replace(/```.*?```/gs, "");
  const spans = [...new Set([...text.matchAll(/`([^`]+)`/g)].map(([, span = ""]) => span))];

  test("says nothing in code that is not there", () => {
    expect(spans.length).toBeGreaterThan(50);
    const flat = spans.map((span) => span.replace(/\s+/g, " "));
    expect(flat.filter((span) => !isKnown(span))).toEqual([]);
  });

  test("shows nothing in examples that is not there", () => {
    const blocks = [...textOf(page).matchAll(/```\w*\n(.*?)```/gs)].map(([, block = ""]) => block);
    expect(blocks.length).toBeGreaterThan(5);
    const all = blocks.join("\n");
    const found = (pattern: RegExp) => [...all.matchAll(pattern)].map(([, name = ""]) => name);
    const files = found(/(?<=[\s"'])((?:infra|functions|agent|scripts|docs|test)\/[\w./-]+)/g);
    expect(files.filter((file) => !existsSync(file))).toEqual([]);
    const names = found(/\b([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)\b/g);
    expect(names.filter((name) => !LISTED.has(name) && !PLACEHOLDERS.has(name))).toEqual([]);
    const members = found(/"(\w+)":/g);
    expect(members.filter((name) => !isInSources(name))).toEqual([]);
    const paths = found(/azurewebsites\.net\/([^\s'"\\]+)/g);
    expect(paths.filter((path) => !isRoute(path))).toEqual([]);
  });

  test("uses no foreign word that it need not", () => {
    const both = textOf("docs/deploy.md") + textOf("docs/operations.md");
    expect([...FOREIGN].filter((word) => !both.includes(word))).toEqual([]);
  });
});
