import type { StepFigures } from "./agentAlone.ts";
import type { Comparison } from "./compareOnDirectory.ts";
import type { PackageFigures } from "./importTime.ts";
import type { RelayFigures } from "./relayAlone.ts";
import type { Enrolled, TrustFigures } from "./trustCost.ts";

/** Something that was to be reached, and what was. */
export interface Target {
  readonly name: string;
  readonly wanted: string;
  readonly measured: number;
  readonly reached: boolean;
}

const P50_ADDED_MS = 10;
const SAMBA_THROUGHPUT = 0.95;
const EXTRA_ROUND_TRIPS = 2;
const BUS_RATE = 500;
const IDLE_MIB = 120;
const TRUST_MS: Readonly<Record<Enrolled, number>> = { 1: 3, 20: 10 };
const ENVELOPE_BYTES = 12_288;
const IMPORT_RATIO = 0.6;
const ZIP_MB = 0.6;
/** How much more memory may stand at the end than after half of the operations. */
const GROWTH = 1.1;

const most = (name: string, limit: number, unit: string, measured: number): Target => ({
  name,
  wanted: `≤ ${limit} ${unit}`.trim(),
  measured,
  reached: measured <= limit,
});
const least = (name: string, limit: number, unit: string, measured: number): Target => ({
  name,
  wanted: `≥ ${limit} ${unit}`.trim(),
  measured,
  reached: measured >= limit,
});

/** The targets of what was measured; a part that was left out has none. */
export const targets = (
  comparisons: readonly Comparison[],
  steps: readonly StepFigures[],
  trust: readonly TrustFigures[],
  relay: RelayFigures | undefined,
  functionsPackage: PackageFigures | undefined,
): Target[] => [
  ...comparisons.flatMap(ofComparison),
  ...ofSteps(steps),
  ...trust.flatMap(ofTrust),
  ...(relay ? ofRelay(relay) : []),
  ...(functionsPackage ? ofPackage(functionsPackage) : []),
];

function ofSteps(steps: readonly StepFigures[]): Target[] {
  return steps.flatMap(({ directory, step, roundTrips }) => {
    const mainJob = steps.find(
      (other) => other.directory === directory && other.step === "main job",
    );
    if (step !== "with guards" || !mainJob) return [];
    const name = `LDAP round trips of guards and reads, ${directory}`;
    const extra = roundTrips.usual - mainJob.roundTrips.usual;
    return [most(name, EXTRA_ROUND_TRIPS, "", extra)];
  });
}

function ofComparison({ directory, atATime, p50Added, throughputRatio }: Comparison): Target[] {
  const one = `p50 added by the system, ${directory}, 1 at a time`;
  if (atATime === 1) return [most(one, P50_ADDED_MS, "ms", p50Added)];
  if (directory !== "samba") return [];
  const name = `throughput ÷ bare, samba, ${atATime} at a time`;
  return [least(name, SAMBA_THROUGHPUT, "", throughputRatio)];
}

function ofTrust({ enrolled, guard, seal, open, envelopeBytes }: TrustFigures): Target[] {
  const cost = `processor time of guard, seal and open, ${enrolled} enrolled`;
  const size = `a request sealed for ${enrolled}`;
  return [
    most(cost, TRUST_MS[enrolled], "ms", guard + seal + open),
    most(size, ENVELOPE_BYTES, "bytes", envelopeBytes),
  ];
}

function ofPackage({ bundled, unbundled, zipBytes }: PackageFigures): Target[] {
  return [
    most("import of the functions, bundled ÷ unbundled", IMPORT_RATIO, "", bundled / unbundled),
    most("the functions' package, zipped", ZIP_MB, "MB", zipBytes / 1_000_000),
  ];
}

function ofRelay({ rows, memory }: RelayFigures): Target[] {
  const rate = rows.find(({ atATime }) => atATime === 64)?.perSecond ?? 0;
  const idle = memory[0]?.residentMiB ?? 0;
  const end = memory.at(-1);
  const half = memory.find(({ operations }) => operations >= (end?.operations ?? 0) / 2);
  const growth = (end?.residentMiB ?? 0) / (half?.residentMiB ?? 1);
  return [
    least("relay and agent alone, 64 at a time", BUS_RATE, "operations/s", rate),
    most("memory of the idle agent", IDLE_MIB, "MiB", idle),
    most("memory at the end ÷ after half of the operations", GROWTH, "", growth),
  ];
}
