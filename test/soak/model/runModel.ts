import fc from "fast-check";
import type { LocalCertificates } from "../../../local/certificates.ts";
import { enrolledKey, TrustRoot } from "../../integration/agent/trustRoot.ts";
import { commands } from "./commands.ts";
import { type ModelFigures, noFigures } from "./truth.ts";
import { type Ground, World } from "./world.ts";

export interface ModelOptions {
  readonly runs: number;
  /** Commands of a run, at most. */
  readonly commands: number;
  readonly seed?: number | undefined;
}

export const newGround = async (certificates: LocalCertificates): Promise<Ground> => ({
  certificates,
  root: await TrustRoot.create(),
  keys: [await enrolledKey(), await enrolledKey()],
});

/**
 * Random operations, faults, crashes and redeliveries against a model of one account.
 * @throws Error with the shortest commands that broke a rule, and the seed
 */
export async function runModel(ground: Ground, options: ModelOptions): Promise<ModelFigures> {
  const figures = noFigures();
  const property = fc.asyncProperty(
    fc.constantFrom(1, 2),
    commands(options.commands),
    async (agents, list) => {
      const world = await World.create(ground, agents, figures);
      try {
        await fc.asyncModelRun(() => ({ model: {}, real: world }), list);
        await world.settle();
      } finally {
        world.truth.count();
        await world.stop();
      }
    },
  );
  const { runs: numRuns, seed } = options;
  await fc.assert(property, { numRuns, ...(seed !== undefined && { seed }) });
  return figures;
}
