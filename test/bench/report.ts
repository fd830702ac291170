import type { StepFigures } from "./agentAlone.ts";
import { type Comparison, PROCESSES } from "./compareOnDirectory.ts";
import type { PackageFigures } from "./importTime.ts";
import type { Machine } from "./machine.ts";
import type { RelayFigures } from "./relayAlone.ts";
import { table } from "./table.ts";
import type { Target } from "./targets.ts";
import type { TrustFigures } from "./trustCost.ts";

/** Everything that one run measured, as it goes into the JSON file. */
export interface Report {
  readonly version: 1;
  readonly time: string;
  readonly seconds: number;
  readonly quick: boolean;
  readonly machine: Machine;
  readonly agent: "bundle" | "sources";
  /** Parts that were not measured, and why. */
  readonly leftOut: readonly string[];
  readonly comparisons: readonly Comparison[];
  /** The agent alone, on one connection. */
  readonly steps: readonly StepFigures[];
  /** What the guard, sealing and opening cost. */
  readonly trust: readonly TrustFigures[];
  readonly relay?: RelayFigures;
  /** How long the functions take to load. */
  readonly package?: PackageFigures;
  readonly targets: readonly Target[];
}

const ms = (value: number): string => value.toFixed(value < 10 ? 2 : 1);
const ratio = (value: number): string => value.toFixed(2);
const rate = (value: number): string => value.toFixed(value < 100 ? 1 : 0);

/** The report as a person reads it. */
export function reportText(report: Report): string {
  const { machine, comparisons, steps, trust, relay, leftOut, seconds } = report;
  const { package: functionsPackage } = report;
  const { cores, processor, node, loadBefore } = machine;
  return [
    `${cores} cores (${processor}), Node ${node}, load before ${ratio(loadBefore)}, ` +
      `agent from its ${report.agent}, measured in ${seconds.toFixed(0)} s`,
    ...leftOut.map((reason) => `Left out: ${reason}`),
    ...(comparisons.length > 0
      ? ["", comparisonTable(comparisons), "", processorTable(comparisons)]
      : []),
    ...(steps.length > 0 ? ["", stepTable(steps)] : []),
    ...(trust.length > 0 ? ["", trustTable(trust)] : []),
    ...(relay ? ["", relayText(relay)] : []),
    ...(functionsPackage ? ["", packageTable(functionsPackage)] : []),
    "",
    targetTable(report.targets),
    "",
  ].join("\n");
}

const comparisonTable = (comparisons: readonly Comparison[]): string =>
  table(
    ["reset", "at a time", "p50 ms", "p99 ms", "per s", "p50 + ms", "p50 ÷", "p99 ÷", "per s ÷"],
    comparisons.flatMap(({ directory, atATime, bare, system, ...compared }) => [
      [
        `${directory}, bare ldapts`,
        String(atATime),
        ...[ms(bare.p50), ms(bare.p99), rate(bare.perSecond)],
      ],
      [
        `${directory}, whole system`,
        String(atATime),
        ...[ms(system.p50), ms(system.p99), rate(system.perSecond), ms(compared.p50Added)],
        ...[compared.p50Ratio, compared.p99Ratio, compared.throughputRatio].map(ratio),
      ],
    ]),
  );

const processorTable = (comparisons: readonly Comparison[]): string =>
  table(
    ["processor ms per reset", "at a time", ...PROCESSES],
    comparisons.map(({ directory, atATime, processorMs }) => [
      ...[`${directory}, whole system`, String(atATime)],
      ...PROCESSES.map((each) => ms(processorMs[each])),
    ]),
  );

const stepTable = (steps: readonly StepFigures[]): string =>
  table(
    ["agent alone, 1 connection", "p50 ms", "p99 ms", "per s", "LDAP round trips", "at most"],
    steps.map(({ directory, step, p50, p99, perSecond, roundTrips }) => [
      `${directory}, ${step}`,
      ...[ms(p50), ms(p99), rate(perSecond), String(roundTrips.usual), String(roundTrips.most)],
    ]),
  );

const trustTable = (trust: readonly TrustFigures[]): string =>
  table(
    ["processor ms of trust, per operation", "guard", "seal", "open", "together", "bytes"],
    trust.map(({ enrolled, guard, seal, open, envelopeBytes }) => [
      `${enrolled} enrolled`,
      ...[guard, seal, open, guard + seal + open].map(ms),
      String(envelopeBytes),
    ]),
  );

const packageTable = ({ rounds, bundled, unbundled }: PackageFigures): string =>
  table(
    ["import of the functions, median ms", "loadings", "bundled", "unbundled"],
    [["in a new process", String(rounds), ms(bundled), ms(unbundled)]],
  );

function relayText(relay: RelayFigures): string {
  const bytes = (value: number): string => `${value.toFixed(0)} bytes`;
  const memory = relay.memory.map(
    ({ operations, residentMiB }) => `${residentMiB.toFixed(0)} (${operations})`,
  );
  return [
    table(
      ["relay and agent alone", "at a time", "p50 ms", "p99 ms", "per s"],
      relay.rows.map(({ atATime, p50, p99, perSecond }) => [
        "simulated, reset",
        ...[String(atATime), ms(p50), ms(p99), rate(perSecond)],
      ]),
    ),
    "",
    `Per operation: ${ratio(relay.messagesPerOperation)} messages, ` +
      `${bytes(relay.bodyBytesPerOperation)} of bodies, ` +
      `${bytes(relay.wireBytesPerOperation)} of AMQP through the broker in all, ` +
      `${ms(relay.agentProcessorMsPerOperation)} ms of the agent's processor time`,
    `Agent's resident MiB (after operations; first and last idle): ${memory.join(" · ")}`,
  ].join("\n");
}

const targetTable = (targets: readonly Target[]): string =>
  table(
    ["target", "wanted", "measured", ""],
    targets.map(({ name, wanted, measured, reached }) => [
      ...[name, wanted, ratio(measured), reached ? "reached" : "short"],
    ]),
  );
