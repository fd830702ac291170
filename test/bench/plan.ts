/** How many operations at a time. */
export const AT_A_TIME = [1, 8, 64] as const;
export type AtATime = (typeof AT_A_TIME)[number];

/** Operations for each number at a time; so many of each round as that number are not timed. */
export type Counts = Readonly<Record<AtATime, number>>;

/** Counts of the two ways to reset a password on one directory. */
export interface DirectoryPlan {
  readonly bare: Counts;
  readonly system: Counts;
  /** Operations of the agent alone, for each of its steps. */
  readonly agentAlone: number;
  /** Operations on each way before the clock starts. */
  readonly warmUp: number;
  /** The ways take turns, so that both meet the same machine. */
  readonly rounds: number;
}

export interface RelayPlan {
  /** The operations before the clock starts are among those that the memory is measured after. */
  readonly warmUp: number;
  readonly counts: Counts;
  /** Requests that are sealed, then sent, before more are. */
  readonly batch: number;
  /** Milliseconds without work before the agent counts as idle. */
  readonly idleMs: number;
}

export interface Plan {
  /** Loadings of the functions' package, and of the same without a bundle. */
  readonly imports: number;
  /** Operations of which the cost of trust is measured. */
  readonly trust: number;
  readonly simulated: DirectoryPlan;
  readonly samba: DirectoryPlan;
  readonly relay: RelayPlan;
}

/** 10,000 operations at the bus; a Samba writes about 30 passwords a second. */
export const FULL: Plan = {
  imports: 15,
  trust: 500,
  relay: {
    warmUp: 1_000,
    counts: { 1: 500, 8: 1_500, 64: 7_000 },
    batch: 1_000,
    idleMs: 5_000,
  },
  simulated: {
    bare: { 1: 2_000, 8: 4_000, 64: 4_000 },
    system: { 1: 500, 8: 1_000, 64: 1_000 },
    agentAlone: 2_000,
    warmUp: 500,
    rounds: 2,
  },
  samba: {
    bare: { 1: 200, 8: 256, 64: 384 },
    system: { 1: 200, 8: 256, 64: 384 },
    agentAlone: 200,
    warmUp: 128,
    rounds: 2,
  },
};

const FEW: Counts = { 1: 8, 8: 24, 64: 128 };

export const QUICK: Plan = {
  imports: 3,
  trust: 10,
  relay: { warmUp: 8, counts: FEW, batch: 128, idleMs: 100 },
  simulated: { bare: FEW, system: FEW, agentAlone: 16, warmUp: 8, rounds: 1 },
  samba: { bare: FEW, system: FEW, agentAlone: 16, warmUp: 8, rounds: 1 },
};
