import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eventually } from "./eventually.ts";
import { type Copy, end, fenced, shell, start } from "./runningCopy.ts";

interface Row {
  readonly id: string;
  readonly live: boolean;
  readonly listed: boolean;
}

describe("what the README says of a second agent", () => {
  const folder = mkdtempSync(join(tmpdir(), "enrolment-"));
  const output: string[] = [];
  let copy: Copy;
  let second: ChildProcess | undefined;
  beforeAll(async () => {
    copy = await start(folder, "stack");
  }, 120_000);
  afterAll(async () => {
    if (second?.pid !== undefined && second.exitCode === null) process.kill(-second.pid, "SIGKILL");
    await end(copy, "SIGTERM");
    rmSync(folder, { recursive: true });
  });

  const headers = () => ({
    Authorization: `Bearer ${copy.description.tokens.operator}`,
    "Content-Type": "application/json",
  });
  const agents = async (): Promise<Row[]> => {
    const answer = await shell(fenced("curl http"), copy.description);
    return (JSON.parse(answer) as { value: Row[] }).value;
  };
  const probe = async (): Promise<number> => {
    const address = new URL("/v1.0/probe", copy.description.api);
    const body = JSON.stringify({ connector: "corp" });
    return (await fetch(address, { method: "POST", headers: headers(), body })).status;
  };
  const took = (log: string): number => log.match(/"name":"accepted"/g)?.length ?? 0;
  const byFirst = () => took(readFileSync(join(copy.description.logs, "agent.log"), "utf8"));
  const bySecond = () => took(output.join(""));

  it("is enrolled, works beside the first one, alone without it, and no more once revoked", async () => {
    const told = await shell(fenced("npm run operator -- invite"), copy.description);
    const shown = told.match(/\b(?:[A-Z2-7]{4}-){7}[A-Z2-7]{4}\b/g) ?? [];
    // The invitation's by operator and host, the request's by host and operator, both once more.
    expect([shown.length, new Set(shown).size]).toEqual([6, 2]);
    expect(told.match(/<…>:\n {2}entra\.clientId\n/g)).toHaveLength(1);
    expect(told.match(/To start it: run --config \S+agent-2\/agent\.json\n/g)).toHaveLength(1);

    const port = new URL(copy.description.api).port;
    const run = fenced("NODE_EXTRA_CA_CERTS").replaceAll("7071", port);
    second = spawn("bash", ["-c", run], { detached: true, stdio: ["ignore", "pipe", "pipe"] });
    second.stdout?.on("data", (text) => output.push(String(text)));
    second.stderr?.on("data", (text) => output.push(String(text)));
    await eventually(
      () => `both are live: ${output.join("")}`,
      async () => {
        const rows = await agents();
        return rows.length === 2 && rows.every(({ live, listed }) => live && listed);
      },
    );

    const before = byFirst();
    await eventually("both take requests", async () => {
      expect(await Promise.all([probe(), probe(), probe(), probe()])).toEqual([200, 200, 200, 200]);
      return byFirst() > before && bySecond() > 0;
    });

    process.kill(copy.description.processes.agent, "SIGKILL");
    const alone = bySecond();
    await eventually("the second one serves alone", async () => {
      return (await probe()) === 200 && bySecond() > alone;
    });

    await shell(fenced("npm run operator -- revoke-agent"), copy.description);
    const revoked = bySecond();
    // Sealed for the first agent alone, which still counts as live: the second one gets a hint.
    probe().catch(() => {});
    await eventually("it stops listening", () => output.join("").includes('"state":"refused"'));
    expect((await agents()).find(({ id }) => id === "agent-2")).toMatchObject({
      live: false,
      listed: false,
    });
    expect(bySecond()).toBe(revoked);
  }, 400_000);
});
