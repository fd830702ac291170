import type { Timings } from "./timings.ts";

/**
 * One operation. `worker` has no other one at the same time; `turn` counts those of this worker.
 */
export type Operation = (worker: number, turn: number) => Promise<void>;

/**
 * Carries out `count` operations, always `atATime` of them at once until none is left to start.
 * The first `atATime` that end are not timed: until the way is filled, its last station, the
 * directory, has nothing to do.
 * @throws what the first operation that failed threw, once the others have ended
 */
export async function load(
  count: number,
  atATime: number,
  operation: Operation,
  timings?: Timings,
): Promise<void> {
  const single: number[] = [];
  let started = 0;
  let ended = 0;
  let begun = 0;
  const work = async (worker: number): Promise<void> => {
    for (let turn = 0; started < count; turn += 1) {
      started += 1;
      const start = performance.now();
      await operation(worker, turn);
      ended += 1;
      if (ended > atATime) single.push(performance.now() - start);
      else begun = performance.now();
    }
  };
  const workers = Array.from({ length: Math.min(atATime, count) }, (_, worker) =>
    work(worker).catch((error: unknown) => {
      started = count;
      throw error;
    }),
  );
  const results = await Promise.allSettled(workers);
  const total = performance.now() - begun;
  for (const each of results) if (each.status === "rejected") throw each.reason;
  timings?.add(single, total);
}
