import { readFileSync } from "node:fs";
import { settingTexts } from "../../functions/settings/setting.ts";
import { SETTINGS } from "../../functions/settings/settings.ts";
import { resourceManagerOf } from "../../operator/resourceManager.ts";
import { isAzureVault } from "../../operator/vault.ts";

const textOf = (file: string): string => readFileSync(file, "utf8");
const page = textOf("docs/operations.md");
const [, section = ""] = /## What the firewall must allow\n(.*?)\n## /s.exec(page) ?? [];

/** Host names in each row, by the place that the connections come from. */
function allowed(): Record<string, string[][]> {
  const rows: Record<string, string[][]> = {};
  let from = "";
  for (const [, place = "", to = ""] of section.matchAll(/^\| (.*?) ?\| (.*?) \| .* \|$/gm)) {
    from = place || from;
    if (from === "From") continue;
    const hosts = [...to.matchAll(/`([\w*.-]+\.[a-z]+)`/g)].map(([, host = ""]) => host);
    rows[from] = [...(rows[from] ?? []), hosts];
  }
  return rows;
}

const hostOf = (url: string): string => new URL(url).hostname;
/** Host name that the settings have as an example or by default, with the page's word in it. */
const example = (name: keyof typeof SETTINGS, word = ""): string => {
  const { example: text = "" } = settingTexts.get(SETTINGS[name]) ?? {};
  return text.replace(/^https:\/\//, "").replace("contoso", word);
};
/** The default of a member whose value is an address, in the source that has it. */
const byDefault = (file: string, member: string): string =>
  hostOf(
    new RegExp(`\\b${member}: \\w+(?:\\(.*?\\))?\\.default\\("(.*?)"\\)`).exec(textOf(file))?.[1] ??
      "https://none",
  );

const SIGN_IN = "login.microsoftonline.com";
const RELAY = example("SERVICE_BUS_NAMESPACE", "NAMESPACE");
const VAULT = example("KEY_VAULT_URL", "VAULT");
const GRAPH = "graph.microsoft.com";
const MANAGEMENT = hostOf(resourceManagerOf(`https://${SIGN_IN}`));
const API = "APP.azurewebsites.net";

test("from where to where is what the halves and the commands open connections to", () => {
  expect(allowed()).toEqual({
    "agent's host": [[SIGN_IN], [RELAY], [API], [], []],
    "operator's workstation": [[SIGN_IN, VAULT, MANAGEMENT]],
    "workstation that deploys": [[MANAGEMENT, GRAPH, "APP.scm.azurewebsites.net"]],
    functions: [
      [SIGN_IN, GRAPH],
      [RELAY, VAULT],
      [example("TABLES_URL", "RECORDS"), "HOST.blob.core.windows.net"],
      ["*.in.applicationinsights.azure.com", "*.livediagnostics.monitor.azure.com"],
    ],
  });
});

test("the names are those that the code dials unless it is told another", () => {
  expect([example("AUTHORITY"), example("GRAPH_URL")]).toEqual([SIGN_IN, GRAPH]);
  expect(byDefault("agent/configuration.ts", "authority")).toBe(SIGN_IN);
  expect(byDefault("workstation/profile.ts", "authority")).toBe(SIGN_IN);
  expect(byDefault("infra/entra/profile.ts", "graph")).toBe(GRAPH);
  expect(isAzureVault(`https://${VAULT}`)).toBe(true);
});

test("another port than 443 is named where it is used: LDAPS and DNS, inside the network", () => {
  const ports = [...section.matchAll(/\*\*port (\d+)\*\*/g)].map(([, port]) => port);
  expect(ports).toEqual(["636", "53"]);
  expect(section).toContain("Outgoing only, TCP 443 unless another port stands there.");
});

test("idle connections may be cut after more than the pause between two pings", () => {
  const [, milliseconds = ""] =
    /PING_MS = ([\d_]+);/.exec(textOf("agent/relay/pingingWebSocket.ts")) ?? [];
  const seconds = Number(milliseconds.replaceAll("_", "")) / 1_000;
  expect(section.replace(/\s+/g, " ")).toContain(`it must allow more than ${seconds} seconds`);
});
