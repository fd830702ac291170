import { startTimers } from "../../../../local/host/timers.ts";
import { partsWith } from "../../functions/partsWith.ts";

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

test("records are purged once an hour", async () => {
  const purge = jest.fn(async () => 3);
  const said: unknown[] = [];
  const log = { info: (event: string) => said.push(event), error: () => {} };
  startTimers(partsWith({ purge }), log);
  await jest.advanceTimersByTimeAsync(3_599_000);
  expect(purge).not.toHaveBeenCalled();
  await jest.advanceTimersByTimeAsync(7_201_000);
  expect(purge).toHaveBeenCalledTimes(3);
  expect(said).toEqual(["recordsPurged", "recordsPurged", "recordsPurged"]);
});
