import { run } from "../../../../local/samba/run.ts";

const node = (script: string): string[] => [process.execPath, "-e", script];

describe("running a command", () => {
  test("returns what it printed; input goes to its standard input", async () => {
    expect(await run(node("process.stdin.pipe(process.stdout)"), { input: "hello" })).toBe("hello");
  });

  test("a failure carries the end of what it complained about", async () => {
    const failing = run(node("console.error('the mirror is away'); process.exit(3)"));
    await expect(failing).rejects.toThrow(/ended with 3: the mirror is away$/);
  });

  test("a command that does not exist is named", async () => {
    await expect(run(["no-such-command"])).rejects.toThrow("no-such-command cannot be run");
  });
});
