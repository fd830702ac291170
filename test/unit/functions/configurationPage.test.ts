import { readFileSync } from "node:fs";
import { type Configuration, readConfiguration } from "../../../functions/configuration.ts";

const page = readFileSync("docs/configuration.md", "utf8");
const rowsBelow = (heading: string): string[][] => {
  const section = page.split(/^## /m).find((each) => each.startsWith(`${heading}\n`)) ?? "";
  return [...section.matchAll(/^\| `([A-Z_]+)` \| (?:`(.*?)`|none)?/gm)].map(
    ([, name = "", value = ""]) => [name, value],
  );
};
const NEEDED = rowsBelow("Needed").map(([name = ""]) => name);
const OTHERS = rowsBelow("With a default") as [string, string][];

const ID = "7d3c2f10-0000-4000-8000-00000000aaaa";
const { Values: example } = JSON.parse(readFileSync("local.settings.json.example", "utf8")) as {
  Values: Record<string, string>;
};
const complete: Record<string, string> = {
  ...example,
  ROOT_PUBLIC_KEY: JSON.stringify({
    ...{ kty: "EC", crv: "P-256" },
    ...{ x: "A".repeat(43), y: "B".repeat(43) },
  }),
  SERVICE_BUS_ENDPOINT: "https://relay.contoso.example",
  AUTOMATION_GROUP_ID: ID,
};

test("the page has every setting, and no other", () => {
  const named = [...NEEDED, ...OTHERS.map(([name]) => name)].sort();
  expect(named).toEqual(Object.keys(readConfiguration(complete)).sort());
});

test.each(NEEDED)("%s is needed", (name) => {
  expect(() => readConfiguration({ ...complete, [name]: undefined })).toThrow(`\n  ${name}: `);
});

test.each(OTHERS)("%s is by default '%s'", (name, value) => {
  const inForce = (given: string | undefined) =>
    readConfiguration({ ...complete, [name]: given })[name as keyof Configuration];
  expect(inForce(undefined)).toEqual(value === "" ? undefined : inForce(value));
});
