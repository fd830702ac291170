import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Child } from "../../../../local/stack/child.ts";
import type { Tokens } from "../../../../local/stack/tokens.ts";
import { untilAvailable } from "../../../../local/stack/untilAvailable.ts";

it("a process that ends while it is started is told at once, with its last words", async () => {
  const folder = mkdtempSync(join(tmpdir(), "until-available-"));
  writeFileSync(join(folder, "agent.log"), "started\n");
  const child = (name: string, script: string) =>
    new Child({
      command: ["-e", script],
      environment: {},
      logFile: join(folder, `${name}.log`),
    });
  const functions = child(
    "functions",
    "console.log('first'); console.log('TENANT_ID: is wrong'); process.exitCode = 1",
  );
  const agent = child("agent", "setInterval(() => {}, 1_000)");
  try {
    const tokens = { portal: async () => "token" } satisfies Partial<Tokens>;
    const waited = untilAvailable({
      api: "http://127.0.0.1:1",
      tokens: tokens as Partial<Tokens> as Tokens,
      folder,
      processes: { functions, agent },
    });
    await expect(waited).rejects.toThrow(
      "a process ended while it was started.\n\nfunctions:\nfirst\nTENANT_ID: is wrong",
    );
  } finally {
    await Promise.all([functions.stop(), agent.stop()]);
    rmSync(folder, { recursive: true });
  }
});
