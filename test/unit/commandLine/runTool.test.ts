import { runTool } from "../../../commandLine/runTool.ts";

const TOOL = {
  ...{ name: "bakery", options: {}, notes: "" },
  commands: { bake: { does: "bread", needs: [], may: [], run: () => "bake" } },
};

async function run(word: string, start: (command: string) => Promise<number> = async () => 0) {
  const [told, complaints, started]: [string[], string[], string[]] = [[], [], []];
  const code = await runTool(TOOL, [word], {
    tell: (text) => told.push(text),
    complain: (text) => complaints.push(text),
    start: (command) => {
      started.push(command);
      return start(command);
    },
    explain: (error) => (error instanceof RangeError ? error.message : undefined),
  });
  return { code, told, complaints, started };
}

const nothing = { told: [], complaints: [], started: [] };

test("the command's exit code is the tool's", async () => {
  expect(await run("bake", async () => 3)).toEqual({ ...nothing, code: 3, started: ["bake"] });
});

test("help goes to the standard output, a complaint to the standard error", async () => {
  const usage = expect.stringContaining("Usage: bakery ");
  expect(await run("--help")).toEqual({ ...nothing, code: 0, told: [usage] });
  expect(await run("fly")).toEqual({ ...nothing, code: 2, complaints: [usage] });
});

test("an error that is explained ends with 1; another one is thrown", async () => {
  const no = async () => Promise.reject(new RangeError("no flour"));
  expect(await run("bake", no)).toMatchObject({ code: 1, complaints: ["no flour\n"] });
  const fault = async () => Promise.reject(new TypeError("fault"));
  await expect(run("bake", fault)).rejects.toThrow("fault");
});

test("nothing is started in an environment that is not safe", async () => {
  process.env.NODE_TLS_REJECT_UNAUTHORIZED = "0";
  const refused = await run("bake").finally(() => {
    delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
  });
  const complaints = [expect.stringMatching(/^NODE_TLS_REJECT_UNAUTHORIZED: must not be 0/)];
  expect(refused).toEqual({ ...nothing, code: 1, complaints });
});
