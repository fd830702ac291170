import { commandLine, USAGE } from "../../../agent/commandLine.ts";

test.each([
  [[]],
  [["run"]],
  [["stop", "--config", "agent.json"]],
  [["run", "now", "--config", "agent.json"]],
  [["run", "--config"]],
  [["run", "--config", "agent.json", "--verbose"]],
])("%j: usage, exit code 2", async (argv) => {
  const said: string[] = [];
  expect(await commandLine(argv, (text) => said.push(text))).toBe(2);
  expect(said).toEqual([USAGE]);
});

test("a configuration that is not there: what to look at, exit code 1", async () => {
  const said: string[] = [];
  expect(await commandLine(["run", "--config", "/nowhere.json"], (text) => said.push(text))).toBe(
    1,
  );
  expect(said).toEqual(["--config: the file cannot be read.\n"]);
});
