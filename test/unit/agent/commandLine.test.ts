import { commandLine, USAGE } from "../../../agent/commandLine.ts";

test.each([
  [[]],
  [["run"]],
  [["stop", "--config", "agent.json"]],
  [["run", "now", "--config", "agent.json"]],
  [["run", "--config"]],
  [["run", "--config", "agent.json", "--verbose"]],
  [["run", "--config", "agent.json", "--id", "agent-2"]],
  [["enroll", "--id", "agent-2", "--folder", "agent-2"]],
  [["enroll", "now", "--invitation", "i.json", "--id", "agent-2", "--folder", "agent-2"]],
  [["enroll", "--invitation", "i.json", "--id", "agent-2", "--folder", "a", "--certificate"]],
  [["rotate-key"]],
  [["rotate-key", "--config", "agent.json", "--certificate", "--use-certificate"]],
  [["trust", "--config", "agent.json"]],
  [["trust", "list.jws"]],
  [["trust", "list.jws", "other.jws", "--config", "agent.json"]],
  [["constructor", "--config", "agent.json"]],
])("%j: usage, exit code 2", async (argv) => {
  const said: string[] = [];
  expect(await commandLine(argv, (text) => said.push(text))).toBe(2);
  expect(said).toEqual([USAGE]);
});

test.each([
  [["run", "--config", "/nowhere.json"]],
  [["rotate-key", "--config", "/nowhere.json", "--use-certificate"]],
])("%j: not with certificate checks switched off", async (argv) => {
  const said: string[] = [];
  process.env.NODE_TLS_REJECT_UNAUTHORIZED = "0";
  const code = await commandLine(argv, (text) => said.push(text)).finally(() => {
    delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
  });
  expect(code).toBe(1);
  expect(said).toEqual([expect.stringMatching(/^NODE_TLS_REJECT_UNAUTHORIZED: must not be 0/)]);
});

test("a configuration that is not there: what to look at, exit code 1", async () => {
  const said: string[] = [];
  expect(await commandLine(["run", "--config", "/nowhere.json"], (text) => said.push(text))).toBe(
    1,
  );
  expect(said).toEqual(["--config: the file cannot be read.\n"]);
});
