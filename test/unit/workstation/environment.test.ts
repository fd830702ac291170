import { CommandError } from "../../../workstation/commandError.ts";
import { refuseUnsafeEnvironment } from "../../../workstation/environment.ts";
import { runCommandLine } from "../../../workstation/runCommandLine.ts";

test.each([
  ["NODE_DEBUG", "https"],
  ["DEBUG", "azure*"],
  ["AZURE_LOG_LEVEL", "verbose"],
  ["TYPESPEC_RUNTIME_LOG_LEVEL", "info"],
  ["NODE_TLS_REJECT_UNAUTHORIZED", "0"],
])("%s=%s is refused by its name", (name, value) => {
  const start = () => refuseUnsafeEnvironment({ [name]: value });
  expect(start).toThrow(CommandError);
  expect(start).toThrow(`${name}: must not`);
});

test("what is empty, or harmless, is not", () => {
  refuseUnsafeEnvironment({
    ...{ NODE_DEBUG: "", DEBUG: "", NODE_TLS_REJECT_UNAUTHORIZED: "1" },
    ...{ NODE_EXTRA_CA_CERTS: "ca.pem", AZURE_CONFIG_DIR: "/home/alex/.azure" },
  });
});

test("no command is started then", async () => {
  const said: string[] = [];
  const started: string[] = [];
  const tool = {
    ...{ name: "bakery", options: {}, notes: "" },
    commands: { bake: { does: "bread", needs: [], may: [], run: () => "bake" } },
  };
  const run = () =>
    runCommandLine(
      tool,
      ["bake"],
      { print: (text) => said.push(text), complain: (text) => said.push(text) },
      async (command) => {
        started.push(command);
        return 0;
      },
    );
  process.env.NODE_TLS_REJECT_UNAUTHORIZED = "0";
  const code = await run().finally(() => {
    delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
  });
  expect([code, started]).toEqual([1, []]);
  expect(said).toEqual([expect.stringMatching(/^NODE_TLS_REJECT_UNAUTHORIZED: must not be 0/)]);
  expect([await run(), started]).toEqual([0, ["bake"]]);
});
