import { readdirSync, readFileSync } from "node:fs";
import { type Configuration, readConfiguration } from "../../../functions/configuration.ts";

const page = readFileSync("docs/settings.md", "utf8");
const rowsBelow = (heading: string): string[][] => {
  const section = page.split(/^## /m).find((each) => each.startsWith(`${heading}\n`)) ?? "";
  return [...section.matchAll(/^\| `([A-Z_]+)` \| (?:`(.*?)`|none)?/gm)].map(
    ([, name = "", value = ""]) => [name, value],
  );
};
const NEEDED = rowsBelow("Needed").map(([name = ""]) => name);
const OTHERS = rowsBelow("With a default") as [string, string][];

const { Values: example } = JSON.parse(readFileSync("local.settings.json.example", "utf8")) as {
  Values: Record<string, string>;
};
/** The example with what nobody may take over as it is: its root key is none. */
const complete: Record<string, string> = {
  ...example,
  ROOT_PUBLIC_KEY: JSON.stringify({
    ...{ kty: "EC", crv: "P-256" },
    ...{ x: "A".repeat(43), y: "B".repeat(43) },
  }),
};
const known = Object.keys(readConfiguration(complete)).sort();

test("the page has every setting, and no other", () => {
  expect([...NEEDED, ...OTHERS.map(([name]) => name)].sort()).toEqual(known);
});

test.each(NEEDED)("%s is needed", (name) => {
  expect(() => readConfiguration({ ...complete, [name]: undefined })).toThrow(`\n  ${name}: `);
});

test.each(OTHERS)("%s is by default '%s'", (name, value) => {
  const inForce = (given: string | undefined) =>
    readConfiguration({ ...complete, [name]: given })[name as keyof Configuration];
  expect(inForce(undefined)).toEqual(value === "" ? undefined : inForce(value));
});

test("the example has every setting, and of others only those of the host", () => {
  const { FUNCTIONS_WORKER_RUNTIME, AzureWebJobsStorage, ...own } = example;
  expect([FUNCTIONS_WORKER_RUNTIME, AzureWebJobsStorage]).toEqual([
    "node",
    "UseDevelopmentStorage=true",
  ]);
  expect(Object.keys(own).sort()).toEqual(known);
});

test.each(OTHERS.filter(([, value]) => value !== ""))(
  "%s has in the example its default",
  (name, value) => expect(example[name]).toBe(value),
);

test("the example trusts no root key", () => {
  expect(() => readConfiguration(example)).toThrow("\n  ROOT_PUBLIC_KEY");
});

test("nothing but their table decides what the functions read from the environment", () => {
  const reading = readdirSync("functions", { recursive: true, encoding: "utf8" }).filter(
    (name) =>
      name.endsWith(".ts") &&
      /process\.env|node:process/.test(readFileSync(`functions/${name}`, "utf8")),
  );
  expect(reading).toEqual(["main.ts"]);
  expect(readFileSync("functions/main.ts", "utf8").match(/process\.env/g)).toHaveLength(1);
});
