import { isDeepStrictEqual } from "node:util";
import { z } from "zod";

/** A scope or an app role as it stands in a registration, with what else Graph says of it. */
export const entry = z.looseObject({
  id: z.string(),
  value: z.string().nullish(),
  isEnabled: z.boolean(),
});
export type Entry = z.infer<typeof entry>;

/** What makes a list of scopes or app roles right. */
export interface Repair {
  /** Names of what is missing or other than wanted. */
  readonly wrong: readonly string[];
  /** To be written first: Entra changes no entry that is enabled. */
  readonly disabled: readonly Entry[] | undefined;
  readonly repaired: readonly Entry[];
}

/**
 * Compares by value: an entry that was made by hand keeps its id, since assignments name that. One
 * of ours whose value was changed is known by its id, which cannot be there twice;
 * entries that are not wanted here stay as they are.
 */
export function repairOf(
  current: readonly Entry[],
  wanted: readonly { readonly id: string; readonly value: string }[],
): Repair {
  const changes = wanted.flatMap((one) => {
    const before =
      current.find(({ value }) => value === one.value) ?? current.find(({ id }) => id === one.id);
    const after = { ...before, ...one, id: before?.id ?? one.id } as Entry;
    return before && isSame(before, after) ? [] : [{ before, after }];
  });
  const replaced = (by: (change: (typeof changes)[number]) => Entry): Entry[] =>
    current.map((one) => {
      const change = changes.find(({ before }) => before === one);
      return change ? by(change) : one;
    });
  const mustBeDisabled = changes.some(({ before }) => before?.isEnabled);
  const added = changes.filter(({ before }) => !before).map(({ after }) => after);
  return {
    wrong: changes.map(({ after }) => after.value ?? after.id),
    disabled: mustBeDisabled
      ? replaced(({ before, after }) => ({ ...(before ?? after), isEnabled: false }))
      : undefined,
    repaired: [...replaced(({ after }) => after), ...added],
  };
}

/** Lists of names are sets: Graph answers them in an order of its own. */
const isSame = (one: Entry, other: Entry): boolean =>
  isDeepStrictEqual(inOrder(one), inOrder(other));

const inOrder = (one: Entry): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(one).map(([name, value]) => [
      name,
      Array.isArray(value) ? [...(value as unknown[])].sort() : value,
    ]),
  );
