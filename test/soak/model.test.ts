import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LocalCertificates } from "../../local/certificates.ts";
import { newGround, runModel } from "./model/runModel.ts";

/** The same commands on every machine; `npm run test:soak` draws new ones. */
const SEED = 20_261_121;

const folder = mkdtempSync(join(tmpdir(), "model-certificates-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("operations, faults, crashes and redeliveries against a model of one account", async () => {
  const ground = await newGround(await LocalCertificates.open(folder));
  const figures = await runModel(ground, { runs: 8, commands: 15, seed: SEED });
  expect(figures).toMatchObject({ lost: 0, doubled: 0, falselyFailed: 0 });
  expect(figures.operations).toBeGreaterThan(15);
  expect(figures.crashes).toBeGreaterThan(3);
  expect(figures.redeliveries).toBeGreaterThan(3);
  expect(figures.definite).toBeGreaterThan(0);
}, 120_000);
