import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LocalCertificates } from "../../local/certificates.ts";
import { fuzzOperations } from "./hostile/fuzzOperations.ts";
import { fuzzWire } from "./hostile/fuzzWire.ts";

const folder = mkdtempSync(join(tmpdir(), "hostile-certificates-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("directory answers that are hostile", () => {
  test("never crash an operation, are never written upon, are never taken for success", async () => {
    const figures = await fuzzOperations({ runs: 2_500 });
    expect(figures.hostile).toBeGreaterThan(1_500);
    expect(figures.writes).toBeGreaterThan(500);
  }, 60_000);

  test("nor do damaged bytes on a connection", async () => {
    const certificates = await LocalCertificates.open(folder);
    const figures = await fuzzWire(certificates, { runs: 150 });
    expect(figures.hostile).toBeGreaterThan(100);
  }, 60_000);
});
