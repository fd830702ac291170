import { type Program, readProgram } from "../../../commandLine/program.ts";
import type { Options } from "../../../commandLine/tool.ts";

const OPTIONS = {
  file: { value: "FILE", meaning: "where it is" },
  fast: { meaning: "in a hurry" },
} as const satisfies Options;

const BAKE: Program<typeof OPTIONS, string> = {
  name: "npm run bake --",
  options: OPTIONS,
  does: "bread",
  operand: "FLOUR",
  needs: [],
  may: ["file", "fast"],
  run: ({ file, fast }, flour) => `${flour} ${file} ${fast}`,
};
const { operand: _, ...REST } = BAKE;
const USAGE = "Usage: npm run bake -- FLOUR [--file FILE] [--fast]\n";
const words = (line: string) => line.split(" ").filter(Boolean);

test("what was given is run", () => {
  expect(readProgram(BAKE, ["rye", "--file", "f"])).toMatchObject({ run: "rye f false" });
  expect(readProgram(REST, ["--fast"])).toMatchObject({ run: "  true" });
});

test.each([
  ["", "FLOUR is missing"],
  ["rye wheat", "the command takes one FLOUR"],
  ["rye --slow", "unknown option --slow"],
  ["rye --file", "--file lacks its value"],
])("%s: %s", (line, wrong) => {
  expect(readProgram(BAKE, words(line))).toEqual({ wrong: `${wrong}.\n\n${USAGE}` });
});

test("a program without an operand takes none", () => {
  expect(readProgram(REST, ["now"])).toEqual({
    wrong: expect.stringMatching(/^the command takes options only\.\n\nUsage: npm run bake -- \[/),
  });
});

test("--help says what it does, and what each option means", () => {
  expect(readProgram(BAKE, ["--help", "--slow"])).toEqual({
    help: `${USAGE}\n  bread\n\n  --file FILE  where it is\n  --fast       in a hurry\n`,
  });
});
