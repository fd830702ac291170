import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { isFields, readBicepFiles, type Value } from "./bicepFile.ts";

/** Every property that a value has, to the innermost; `[]` stands for each element of a list. */
const pathsOf = (value: Value, at = ""): string[] => {
  if (Array.isArray(value) && value.length > 0)
    return value.flatMap((each) => pathsOf(each, `${at}[]`));
  if (!isFields(value) || Object.keys(value).length === 0) return [at];
  const inside = at === "" ? "" : `${at}.`;
  return Object.entries(value).flatMap(([name, each]) => pathsOf(each, `${inside}${name}`));
};

test("every property that is set was looked up in the published type, and no other is set", async () => {
  const set = new Map<string, Set<string>>();
  for (const { resources } of await readBicepFiles())
    for (const { type, body, existing } of resources) {
      const paths = set.get(type) ?? new Set();
      if (!existing) for (const path of pathsOf(body)) paths.add(path);
      set.set(type, paths);
    }
  const written = [...set].map(([type, paths]) => [type, [...paths].sort()]);
  const lookedUp: Record<string, string> = parse(
    readFileSync("test/unit/infra/properties.yaml", "utf8"),
  );
  expect(Object.fromEntries(written)).toEqual(
    Object.fromEntries(
      Object.entries(lookedUp).map(([type, paths]) => [type, paths.trim().split(/\s+/).sort()]),
    ),
  );
});
