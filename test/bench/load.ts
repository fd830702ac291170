import type { Timings } from "./timings.ts";

/**
 * One operation. `worker` has no other one at the same time; `turn` counts those of this worker.
 */
export type Operation = (worker: number, turn: number) => Promise<void>;

/**
 * Carries out `count` operations, always `atATime` of them at once until none is left to start.
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
  const work = async (worker: number): Promise<void> => {
    for (let turn = 0; started < count; turn += 1) {
      started += 1;
      const begun = performance.now();
      await operation(worker, turn);
      single.push(performance.now() - begun);
    }
  };
  const begun = performance.now();
  const workers = Array.from({ length: Math.min(atATime, count) }, (_, worker) =>
    work(worker).catch((error: unknown) => {
      started = count;
      throw error;
    }),
  );
  const ended = await Promise.allSettled(workers);
  const total = performance.now() - begun;
  for (const each of ended) if (each.status === "rejected") throw each.reason;
  timings?.add(single, total);
}
