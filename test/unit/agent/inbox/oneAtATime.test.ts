import fc from "fast-check";
import { OneAtATime } from "../../../../agent/inbox/oneAtATime.ts";

test("jobs of one key never overlap and keep their order; other keys are not held up", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.array(fc.record({ key: fc.constantFrom("a", "b", "c"), fails: fc.boolean() })),
      async (scheduler, wanted) => {
        const users = new OneAtATime();
        const atWork = new Map<string, number>();
        const started: Record<string, number[]> = {};
        const jobs = wanted.map(({ key, fails }, index) =>
          users.run(key, async () => {
            expect(atWork.get(key) ?? 0).toBe(0);
            atWork.set(key, 1);
            started[key] = [...(started[key] ?? []), index];
            await scheduler.schedule(Promise.resolve());
            atWork.set(key, 0);
            if (fails) throw new Error("this job fails");
            return index;
          }),
        );
        const results = Promise.allSettled(jobs);
        await scheduler.waitFor(results);
        (await results).forEach((result, index) => {
          if (result.status === "fulfilled") expect(result.value).toBe(index);
          else expect(wanted[index]?.fails).toBe(true);
        });
        for (const indexes of Object.values(started))
          expect(indexes).toEqual([...indexes].sort((one, other) => one - other));
        expect(users.size).toBe(0);
      },
    ),
    { numRuns: 50 },
  );
});

test("a job is told how long others of its key have held it up, and 0 where none did", async () => {
  const users = new OneAtATime();
  const begun = performance.now();
  const first = users.run("a", async (heldMs) => heldMs);
  const second = users.run("a", async (heldMs) => [heldMs, performance.now() - begun]);
  expect(await first).toBe(0);
  const [held, passed] = await second;
  expect(held).toBeGreaterThan(0);
  expect(held).toBeLessThanOrEqual(passed ?? 0);
  expect(await users.run("a", async (heldMs) => heldMs)).toBe(0);
});
