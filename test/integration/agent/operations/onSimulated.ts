import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LocalCertificates } from "../../../../local/certificates.ts";
import type { SimulatedDirectory } from "../../../../local/directory/simulatedDirectory.ts";
import { startSimulatedDirectory } from "../../../../local/directory/startSimulatedDirectory.ts";
import { OperationsFixture } from "./fixture.ts";

/** The agent's operations on a simulated directory of the test file's own, while its tests run. */
export function onSimulated(): { fixture: OperationsFixture; directory: () => SimulatedDirectory } {
  const folder = mkdtempSync(join(tmpdir(), "agent-certificates-"));
  const fixture = new OperationsFixture();
  let directory: SimulatedDirectory;

  beforeAll(() =>
    fixture.open(async () => {
      directory = await startSimulatedDirectory({
        certificates: await LocalCertificates.open(folder),
      });
      return directory;
    }),
  );
  afterAll(async () => {
    await fixture.close();
    rmSync(folder, { recursive: true });
  });
  return { fixture, directory: () => directory };
}
