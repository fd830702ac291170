import { readFileSync } from "node:fs";

const host: unknown = JSON.parse(readFileSync("host.json", "utf8"));
const PAGE = readFileSync("docs/decisions/0030-what-host-json-says.md", "utf8");

/** Each value of an object with its path. */
const leaves = (value: unknown, path: readonly string[] = []): [string, string][] =>
  typeof value === "object" && value !== null
    ? Object.entries(value).flatMap(([key, inner]) => leaves(inner, [...path, key]))
    : [[path.join("."), String(value)]];

describe("host.json", () => {
  it("has each value that was decided, and no other", () => {
    const decided = [...PAGE.matchAll(/^\| `([^`]+)` \| (?:`([^`]+)` )?\| /gm)].map(
      ([, key = "", value = ""]) => [key, value],
    );
    expect(decided.length).toBeGreaterThan(15);
    expect(Object.fromEntries(leaves(host))).toEqual(Object.fromEntries(decided));
  });

  it("has nothing of what was left out on purpose", () => {
    const left = /^Left out on purpose:\n\n((?:\|.*\n)+)/m.exec(PAGE)?.[1] ?? "";
    const keys = [...left.matchAll(/`([\w.]+)`/g)].map(([, key = ""]) => key);
    expect(keys).toContain("extensionBundle");
    const paths = leaves(host).map(([path]) => `${path}.`);
    expect(keys.filter((key) => paths.some((path) => path.startsWith(`${key}.`)))).toEqual([]);
  });
});
