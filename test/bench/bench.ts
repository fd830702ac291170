import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { askedOf } from "../../commandLine/program.ts";
import type { LocalCertificates } from "../../local/certificates.ts";
import { startSimulatedDirectory } from "../../local/directory/startSimulatedDirectory.ts";
import { endOnSignal } from "../../local/endOnSignal.ts";
import type { LocalDirectory } from "../../local/localDirectory.ts";
import { startSamba } from "../../local/samba/startSamba.ts";
import { type Stack, startStack } from "../../local/stack/startStack.ts";
import { measureAgentAlone, type StepFigures } from "./agentAlone.ts";
import { type Comparison, compareOnDirectory } from "./compareOnDirectory.ts";
import { measureImport, type PackageFigures } from "./importTime.ts";
import { machine } from "./machine.ts";
import { BENCH, type BenchOptions } from "./options.ts";
import { addPeople, PEOPLE, type Person } from "./people.ts";
import type { DirectoryPlan } from "./plan.ts";
import { measureRelay, type RelayFigures } from "./relayAlone.ts";
import { type Report, reportText } from "./report.ts";
import { targets } from "./targets.ts";
import { measureTrust, type TrustFigures } from "./trustCost.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const BUNDLE = "agent/dist/agent.cjs";
/** A loaded machine makes the bench slow, and must not end it. */
const PATIENCE = { TOTAL_WAIT_SECONDS: "60", WRITE_START_SECONDS: "40" } as const;

let starting: Promise<Stack> | undefined;
const stop = async (): Promise<void> => (await starting)?.stop();

type StartDirectory = (certificates: LocalCertificates) => Promise<LocalDirectory>;

const say = (text: string): void => void process.stderr.write(`${text}\n`);

async function onStack(
  { quick }: BenchOptions,
  startDirectory: StartDirectory,
  count: number,
  measure: (stack: Stack, people: readonly Person[]) => Promise<void>,
): Promise<void> {
  starting = startStack({
    root: ROOT,
    startDirectory,
    settings: PATIENCE,
    ...(quick ? {} : { agentScript: BUNDLE }),
  });
  const stack = await starting;
  try {
    await measure(stack, await addPeople(stack, count));
  } finally {
    await stack.stop();
  }
}

async function bench(options: BenchOptions): Promise<Report> {
  const { parts, plan, quick } = options;
  const facts = machine();
  const begun = performance.now();
  const comparisons: Comparison[] = [];
  const steps: StepFigures[] = [];
  const onDirectory = async (
    { directory }: Stack,
    people: readonly Person[],
    { agentAlone: count, rounds }: DirectoryPlan,
  ): Promise<void> => {
    say(`agent alone on the ${directory.kind} directory …`);
    steps.push(...(await measureAgentAlone(directory, people, { count, rounds })));
  };
  const leftOut: string[] = [];
  let trust: readonly TrustFigures[] = [];
  let relay: RelayFigures | undefined;
  let functionsPackage: PackageFigures | undefined;
  if (!quick) execFileSync(process.execPath, ["scripts/build.ts"], { cwd: ROOT });

  if (parts.has("package")) {
    say("import of the functions …");
    functionsPackage = await measureImport(ROOT, plan.imports);
  }
  if (parts.has("trust")) {
    say("guard, seal and open …");
    trust = await measureTrust(plan.trust);
  }
  if (parts.has("relay") || parts.has("simulated"))
    await onStack(
      options,
      (certificates) => startSimulatedDirectory({ certificates }),
      // A password that was set after a request was sealed would end it, as it should.
      parts.has("relay") ? Math.max(PEOPLE, plan.relay.batch) : PEOPLE,
      async (stack, all) => {
        const people = all.slice(0, PEOPLE);
        if (parts.has("relay")) {
          say("relay and agent alone …");
          relay = await measureRelay(stack, all, plan.relay);
        }
        if (parts.has("simulated")) {
          await onDirectory(stack, people, plan.simulated);
          say("whole system on the simulated directory …");
          comparisons.push(...(await compareOnDirectory(stack, people, plan.simulated)));
        }
      },
    );
  if (parts.has("samba") && process.env.SAMBA === "off")
    leftOut.push("the rows on a real Samba, since SAMBA=off is set");
  else if (parts.has("samba"))
    await onStack(
      options,
      (certificates) => startSamba({ version: "4.24", certificates }),
      PEOPLE,
      async (stack, people) => {
        await onDirectory(stack, people, plan.samba);
        say("whole system on Samba 4.24 …");
        comparisons.push(...(await compareOnDirectory(stack, people, plan.samba)));
      },
    );
  return {
    version: 1,
    time: new Date().toISOString(),
    seconds: (performance.now() - begun) / 1_000,
    quick,
    machine: facts,
    agent: quick ? "sources" : "bundle",
    leftOut,
    comparisons,
    steps,
    trust,
    ...(relay && { relay }),
    ...(functionsPackage && { package: functionsPackage }),
    targets: targets(comparisons, steps, trust, relay, functionsPackage),
  };
}

const options = askedOf(BENCH);
const asked = endOnSignal(stop, 1);
try {
  const report = await bench(options);
  const file = resolve(options.jsonFile);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(report, null, 2)}\n`);
  process.stdout.write(reportText(report));
} catch (error) {
  if (!asked.ending) say(`Could not measure: ${error}`);
  process.exitCode = 1;
}
