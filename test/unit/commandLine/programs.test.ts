import { readFileSync } from "node:fs";
import { readProgram } from "../../../commandLine/program.ts";
import { START } from "../../../local/startProgram.ts";
import { BENCH } from "../../bench/options.ts";
import { FULL, QUICK } from "../../bench/plan.ts";

const words = (line: string) => line.split(" ").filter(Boolean);
const start = (line: string) => readProgram(START, words(line));
const bench = (line: string) => readProgram(BENCH, words(line));

test("npm start, with nothing and with everything", () => {
  expect(start("")).toMatchObject({
    run: { directory: "simulated", port: undefined, describe: undefined },
  });
  expect(start("")).toMatchObject({ run: { hostSettingsFile: undefined } });
  expect(start("--no-host")).toMatchObject({
    run: { hostSettingsFile: "dist/functions/local.settings.json" },
  });
  const all = "--directory samba --port 7080 --describe d.json --no-host --settings s.json";
  expect(start(all)).toMatchObject({
    run: { directory: "samba", port: 7080, describe: "d.json", hostSettingsFile: "s.json" },
  });
});

test.each([
  ["--directory constructor", "--directory must be simulated or samba"],
  ["--port 0", "--port must be a port"],
  ["--port 65536", "--port must be a port"],
  ["--settings s.json", "--settings goes with --no-host only"],
])("npm start -- %s", (line, wrong) => {
  expect(start(line)).toEqual({ wrong: expect.stringContaining(`${wrong}.\n\nUsage: npm start `) });
});

test("the README has every option of npm start, and no other", () => {
  const table = [...readFileSync("README.md", "utf8").matchAll(/^\| `--([a-z-]+)/gm)];
  expect(table.map(([, name]) => name)).toEqual(Object.keys(START.options));
});

test("npm run bench: all parts, some, and no Samba in a hurry", () => {
  const all = ["package", "trust", "relay", "simulated", "samba"];
  expect(bench("")).toMatchObject({ run: { parts: new Set(all), quick: false, plan: FULL } });
  expect(bench("--quick --json b.json")).toMatchObject({
    run: { parts: new Set(all.slice(0, -1)), plan: QUICK, jsonFile: "b.json" },
  });
  expect(bench("--part samba,trust")).toMatchObject({
    run: { parts: new Set(["samba", "trust"]) },
  });
  expect(bench("--part samba,")).toEqual({ wrong: expect.stringContaining("--part must be of: ") });
});
