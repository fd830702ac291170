import { commandLine, USAGE } from "../../../agent/commandLine.ts";

async function run(...argv: readonly string[]) {
  const complaints: string[] = [];
  const told: string[] = [];
  const code = await commandLine(
    argv,
    (text) => complaints.push(text),
    (text) => told.push(text),
  );
  return { code, errors: complaints.join(""), out: told.join("") };
}

test.each([
  ["", "the command is missing."],
  ["run", "--config is missing."],
  ["stop --config agent.json", 'unknown command "stop".'],
  ["constructor --config agent.json", 'unknown command "constructor".'],
  ["run now --config agent.json", "run takes options only."],
  ["run --config", "--config lacks its value."],
  ["run --config agent.json --verbose", "unknown option --verbose."],
  ["run --config agent.json --id agent-2", "run takes no --id."],
  ["enroll --id agent-2 --folder agent-2", "--invitation is missing."],
  ["enroll", "--invitation, --id, --folder are missing."],
  ["rotate-key", "--config is missing."],
  [
    "rotate-key --config agent.json --certificate --use-certificate",
    "--certificate and --use-certificate exclude each other.",
  ],
  ["trust --config agent.json", "LIST is missing."],
  ["trust list.jws", "--config is missing."],
  ["trust list.jws other.jws --config agent.json", "trust takes one LIST."],
])("%s: %s", async (line, wrong) => {
  const words = line.split(" ").filter(Boolean);
  const known = /^(?:run|enroll|rotate-key|trust)\b/.exec(line)?.[0];
  const { code, errors, out } = await run(...words);
  expect([code, out]).toEqual([2, ""]);
  expect(errors).toContain(`${wrong}\n\nUsage: password-writeback-agent ${known ?? "COMMAND"} `);
  expect(errors.indexOf(wrong)).toBe(0);
});

test("--help is no failure, for all commands and for each", async () => {
  expect(await run("--help")).toEqual({ code: 0, errors: "", out: USAGE });
  for (const command of ["run", "enroll", "rotate-key", "trust"]) {
    expect(USAGE).toContain(`\n  ${command} `);
    const { code, out } = await run(command, "--help");
    expect(code).toBe(0);
    expect(out).toContain(`Usage: password-writeback-agent ${command} `);
  }
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
