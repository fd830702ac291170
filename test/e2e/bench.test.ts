import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Report } from "../bench/report.ts";

const run = promisify(execFile);
const bench = (...options: readonly string[]) =>
  run(process.execPath, ["test/bench/bench.ts", ...options]);

describe("the bench", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "bench-"));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("measures both ways, the relay alone and memory, and says what it measured", async () => {
    const file = join(folder, "bench.json");
    const { stdout } = await bench("--quick", "--json", file);
    const report = JSON.parse(readFileSync(file, "utf8")) as Report;

    expect(report).toMatchObject({ version: 1, quick: true, agent: "sources" });
    expect(report.machine).toMatchObject({ cores: expect.any(Number), node: process.version });
    expect(report.comparisons.map(({ directory, atATime }) => [directory, atATime])).toEqual([
      ["simulated", 1],
      ["simulated", 8],
      ["simulated", 64],
    ]);
    for (const { processorMs } of report.comparisons)
      for (const spent of Object.values(processorMs)) expect(spent).toBeGreaterThanOrEqual(0);
    for (const { bare, system, p50Added, throughputRatio } of report.comparisons) {
      for (const { operations, p50, p99, perSecond } of [bare, system]) {
        expect(operations).toBeGreaterThan(0);
        expect(p50).toBeGreaterThan(0);
        expect(p99).toBeGreaterThanOrEqual(p50);
        expect(perSecond).toBeGreaterThan(0);
      }
      expect(p50Added).toBeCloseTo(system.p50 - bare.p50);
      expect(throughputRatio).toBeCloseTo(system.perSecond / bare.perSecond);
    }
    const trips = report.steps.map(({ step, roundTrips }) => [step, roundTrips.usual]);
    expect(Object.fromEntries(trips)).toEqual({
      "bare reset": 1,
      "main job": 2,
      "with guards": 3,
    });
    expect(report.relay?.rows.map(({ atATime }) => atATime)).toEqual([1, 8, 64]);
    expect(report.relay?.messagesPerOperation).toBe(2);
    const {
      bodyBytesPerOperation = 0,
      wireBytesPerOperation = 0,
      memory = [],
    } = report.relay ?? {};
    // What is put on the bus is taken off it, too.
    expect(wireBytesPerOperation).toBeGreaterThan(2 * bodyBytesPerOperation);
    expect(memory[0]?.operations).toBe(0);
    for (const { residentMiB } of memory) expect(residentMiB).toBeGreaterThan(10);

    expect(report.trust.map(({ enrolled }) => enrolled)).toEqual([1, 20]);
    for (const { guard, seal, open } of report.trust)
      for (const spent of [guard, seal, open]) expect(spent).toBeGreaterThan(0);
    expect(report.package).toMatchObject({ rounds: 3 });
    const { bundled = 0, unbundled = 0, zipBytes = 0 } = report.package ?? {};
    for (const spent of [bundled, unbundled]) expect(spent).toBeGreaterThan(1);
    expect(zipBytes).toBeGreaterThan(100_000);
    const ratio = report.targets.find(({ name }) => name.startsWith("import of the functions"));
    expect(ratio?.measured).toBeCloseTo(bundled / unbundled);
    expect(report.targets.length).toBe(11);
    for (const { name } of report.targets) expect(stdout).toContain(name);
    expect(stdout).toContain("simulated, whole system");
  }, 150_000);

  it("refuses a command line that it cannot read", async () => {
    await expect(bench("--part", "nothing")).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^--part must be of: .*\n\nUsage: npm run bench /),
    });
  });

  it("says that Samba is left out", async () => {
    const file = join(folder, "nothing.json");
    const { stdout } = await run(
      process.execPath,
      ["test/bench/bench.ts", "--quick", "--part", "samba", "--json", file],
      { env: { ...process.env, SAMBA: "off" } },
    );
    expect(stdout).toContain("Left out: the rows on a real Samba, since SAMBA=off is set");
    expect(JSON.parse(readFileSync(file, "utf8"))).toMatchObject({ comparisons: [], targets: [] });
  });
});
