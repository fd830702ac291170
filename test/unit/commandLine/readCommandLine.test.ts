import { readCommandLine } from "../../../commandLine/readCommandLine.ts";
import type { Options, Tool } from "../../../commandLine/tool.ts";
import { usageOf } from "../../../commandLine/usage.ts";

const OPTIONS = {
  file: { value: "FILE", meaning: "where it is" },
  count: { value: "NUMBER", meaning: "how many", must: [/^\d+$/, "a whole number"] },
  fast: { meaning: "in a hurry" },
} as const satisfies Options;

const TOOL: Tool<typeof OPTIONS, string> = {
  name: "npm run bakery --",
  options: OPTIONS,
  commands: {
    bake: {
      does: "bread",
      operand: "FLOUR",
      needs: ["file"],
      may: ["count", "fast"],
      wrong: ({ count, fast }) => (fast && count !== "" ? "--fast bakes one only" : undefined),
      run: ({ file, count, fast }, flour) => `${flour} ${file} ${count} ${fast}`,
    },
    rest: { does: "nothing", needs: [], may: [], run: () => "rest" },
  },
  notes: "Exit codes: 0 done.",
};
const BAKE = "Usage: npm run bakery -- bake FLOUR --file FILE [--count NUMBER] [--fast]\n";
const REST = "Usage: npm run bakery -- rest\n";
const read = (...argv: readonly string[]) => readCommandLine(TOOL, argv);

test("what was given is run; what was not is an empty text, or false", () => {
  const values = { file: "f", count: "", fast: true };
  expect(read("bake", "rye", "--file", "f", "--fast")).toEqual({ run: "rye f  true", values });
  expect(read("--file=-f", "bake", "--count", "3", "--", "-rye")).toMatchObject({
    run: "-rye -f 3 false",
  });
  expect(read("rest")).toMatchObject({ run: "rest", values: { file: "", fast: false } });
});

test.each([
  ["bake rye", "--file is missing", BAKE],
  ["bake", "FLOUR, --file are missing", BAKE],
  ["bake --file f", "FLOUR is missing", BAKE],
  ["bake rye --file", "--file lacks its value", BAKE],
  ["bake rye --file=", "--file lacks its value", BAKE],
  ["bake rye --file --fast", "--file lacks its value", BAKE],
  ["bake rye --file f --file g", "--file is given twice", BAKE],
  ["bake rye --file f --fast=1", "--fast takes no value", BAKE],
  ["bake rye --file f --count few", "--count must be a whole number", BAKE],
  ["bake rye --file f --count 2 --fast", "--fast bakes one only", BAKE],
  ["bake rye wheat --file f", "bake takes one FLOUR", BAKE],
  ["bake rye --file f --slow", "unknown option --slow", BAKE],
  ["bake rye --file f -x", "unknown option -x", BAKE],
  ["bake rye --file f --no-fast", "unknown option --no-fast", BAKE],
  ["rest --fast", "rest takes no --fast", REST],
  ["rest now", "rest takes options only", REST],
  ["", "the command is missing", usageOf(TOOL)],
  ["--fast", "the command is missing", usageOf(TOOL)],
  ["fly", 'unknown command "fly"', usageOf(TOOL)],
  ["toString", "unknown command", usageOf(TOOL)],
  ["constructor", 'unknown command "constructor"', usageOf(TOOL)],
  ["bake rye --file f --constructor", "unknown option --constructor", BAKE],
])("%s: %s", (line, wrong, usage) => {
  expect(read(...line.split(" ").filter(Boolean))).toEqual({ wrong: `${wrong}.\n\n${usage}` });
});

test.each([
  "--token S3cret bake",
  "--token=S3cret bake rye --file f",
  "--S3cret bake",
  "--token:S3cret",
  "bake rye S3cret --file f",
  "bake rye --file f --fast=S3cret",
  "bake rye --file f --count S3cret",
  "bake rye --file f --file S3cret",
  "rest S3cret",
  "S3cret",
])("%s: what may be a secret is not repeated", (line) => {
  const asked = read(...line.split(" "));
  expect(asked).toMatchObject({ wrong: expect.stringContaining("Usage: ") });
  expect(JSON.stringify(asked)).not.toContain("S3cret");
});

test.each([["--help"], ["-h"], ["--help", "--unknown"], ["fly", "--help"]])("%s %s", (...argv) => {
  expect(read(...argv)).toEqual({ help: usageOf(TOOL) });
});

test("the help of a command has its options, what they mean, and no others", () => {
  const { help } = read("bake", "--help") as { help: string };
  expect(help.startsWith(`${BAKE}\n  bread\n\n`)).toBe(true);
  expect(help).toContain("\n  --file FILE     where it is\n  --count NUMBER  how many\n");
  expect(read("rest", "-h")).toEqual({ help: `${REST}\n  nothing\n` });
});

test("the usage has every command and every option", () => {
  const usage = usageOf(TOOL);
  for (const part of [BAKE.slice(25, -1), "\n  rest\n", "in a hurry", TOOL.notes])
    expect(usage).toContain(part);
});
