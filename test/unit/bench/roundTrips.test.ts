import { RoundTrips } from "../../bench/roundTrips.ts";

const answered = async () => {};

test("one after the other are one each, also where one fails", async () => {
  const trips = new RoundTrips();
  await trips.around(answered);
  await expect(trips.around(() => Promise.reject(new Error("refused")))).rejects.toThrow();
  await trips.around(answered);
  expect(trips.count).toBe(3);
});

test("together they are one", async () => {
  const trips = new RoundTrips();
  await Promise.all([trips.around(answered), trips.around(answered)]);
  expect(trips.count).toBe(1);
  await trips.around(answered);
  expect(trips.count).toBe(2);
});
