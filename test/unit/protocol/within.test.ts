import { DeadlineError, within } from "../../../protocol/within.ts";

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

test("what comes in time comes through, and its timer goes", async () => {
  await expect(within(10, Promise.resolve(1))).resolves.toBe(1);
  await expect(within(10, Promise.reject(new Error("own")))).rejects.toThrow("own");
  expect(jest.getTimerCount()).toBe(0);
});

test("what comes late is handed over, and the caller has gone", async () => {
  let arrive: (value: string) => void = () => {};
  const late: string[] = [];
  const call = new Promise<string>((resolve) => {
    arrive = resolve;
  });
  const result = within(10, call, (value) => late.push(value));
  const gone = expect(result).rejects.toBeInstanceOf(DeadlineError);
  jest.advanceTimersByTime(10);
  await gone;
  arrive("late");
  await call;
  expect(late).toEqual(["late"]);
});

test("what fails late fails nobody", async () => {
  let fail: (error: Error) => void = () => {};
  const call = new Promise<string>((_, reject) => {
    fail = reject;
  });
  const gone = expect(within(10, call)).rejects.toBeInstanceOf(DeadlineError);
  jest.advanceTimersByTime(10);
  await gone;
  fail(new Error("late"));
  await expect(call).rejects.toThrow("late");
});
