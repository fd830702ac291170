import { randomInt } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { oneOf } from "../../commandLine/oneOf.ts";
import { askedOf } from "../../commandLine/program.ts";
import { LocalCertificates } from "../../local/certificates.ts";
import { fuzzOperations } from "./hostile/fuzzOperations.ts";
import { fuzzWire } from "./hostile/fuzzWire.ts";
import { soakMemory } from "./memory.ts";
import { newGround, runModel } from "./model/runModel.ts";
import { measureRates } from "./rates.ts";
import { fuzzTrust } from "./trust/fuzzTrust.ts";

/** Sizes of the long run; the suite runs small shares of the same. */
const HOSTILE_OPERATIONS = 190_000;
const LEAST_HOSTILE_ANSWERS = 200_000;
const DAMAGED_OPERATIONS = 4_000;
const MODEL = { runs: 120, commands: 30 };
const MEMORY_OPERATIONS = 10_000;
const HOSTILE_INPUTS = 510_000;
const LEAST_HOSTILE_INPUTS = 500_000;

const { seed, only } = askedOf({
  name: "npm run test:soak --",
  does: "the long run, about 10 minutes",
  options: {
    seed: {
      value: "NUMBER",
      meaning: "replay the hostile inputs of an earlier run",
      must: [/^\d+$/, "a whole number"],
    },
    only: oneOf(["trust"], "the hostile inputs and nothing else"),
  },
  needs: [],
  may: ["seed", "only"],
  run: (values) => ({
    seed: values.seed === "" ? randomInt(2 ** 31) : Number(values.seed),
    only: values.only,
  }),
});

const say = (text: string): void => console.log(text);

async function timed<T>(name: string, part: () => Promise<T>): Promise<T> {
  const begun = performance.now();
  const figures = await part();
  const seconds = ((performance.now() - begun) / 1_000).toFixed(0);
  say(`${name}, ${seconds} s: ${JSON.stringify(figures)}`);
  return figures;
}

/** What `--expose-gc` gives, without the flag on the command line. */
function garbageCollector(): () => void {
  setFlagsFromString("--expose-gc");
  return runInNewContext("gc") as () => void;
}

/** Bodies, headers, tokens, messages and heartbeats of whoever means harm. */
async function soakTrust(): Promise<boolean> {
  say(`Hostile inputs of seed ${seed}`);
  const { inputs, crashes, bypasses, examples } = await fuzzTrust(
    seed,
    HOSTILE_INPUTS,
    (name, figures) => say(`  ${name}: ${JSON.stringify(figures)}`),
  );
  for (const example of examples) say(`  ${example}`);
  say(`${inputs} hostile inputs, ${crashes} crashes, ${bypasses} bypasses`);
  return crashes === 0 && bypasses === 0 && inputs >= LEAST_HOSTILE_INPUTS;
}

async function soak(): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), "soak-certificates-"));
  try {
    const certificates = await LocalCertificates.open(folder);
    const ground = await newGround(certificates);
    const madeUp = await timed("Made-up answers", () =>
      fuzzOperations({ runs: HOSTILE_OPERATIONS }),
    );
    const damaged = await timed("Damaged bytes", () =>
      fuzzWire(certificates, { runs: DAMAGED_OPERATIONS }),
    );
    const model = await timed("Model of one account", () => runModel(ground, MODEL));
    const memory = await timed("Memory", () =>
      soakMemory(ground, MEMORY_OPERATIONS, garbageCollector()),
    );
    const rates = measureRates();
    say(`Calls per second: verdict ${rates.verdict}, explain ${rates.explain}`);
    const hostile = madeUp.hostile + damaged.hostile;
    const operations = madeUp.operations + damaged.operations + model.operations;
    const [lost, doubled, falselyFailed] = (["lost", "doubled", "falselyFailed"] as const).map(
      (what) => model[what] + memory[what],
    );
    say(
      `${hostile} hostile answers, ${operations + memory.operations} operations, ` +
        `${model.crashes} kills, ${model.redeliveries} redeliveries, ` +
        `${lost} lost, ${doubled} doubled, ${falselyFailed} falsely failed`,
    );
    const isClean = lost === 0 && doubled === 0 && falselyFailed === 0;
    return isClean && hostile >= LEAST_HOSTILE_ANSWERS;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const isTrustClean = await soakTrust();
const isClean = only === "trust" || (await soak());
process.exit(isTrustClean && isClean ? 0 : 1);
