import { shared } from "../../../functions/shared.ts";

/** A call that ends when it is told to. */
function held() {
  const begun: PromiseWithResolvers<number>[] = [];
  const call = () => {
    const one = Promise.withResolvers<number>();
    begun.push(one);
    return one.promise;
  };
  return { begun, ask: shared(call) };
}

test("those who ask meanwhile get the same answer; the next one asks anew", async () => {
  const { begun, ask } = held();
  const both = Promise.all([ask(), ask()]);
  expect(begun).toHaveLength(1);
  begun[0]?.resolve(1);
  expect(await both).toEqual([1, 1]);
  const later = ask();
  expect(begun).toHaveLength(2);
  begun[1]?.resolve(2);
  expect(await later).toBe(2);
});

test("a failure is everybody's who waited, and is not kept", async () => {
  const { begun, ask } = held();
  const both = Promise.allSettled([ask(), ask()]);
  begun[0]?.reject(new Error("no answer"));
  expect((await both).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  const later = ask();
  begun[1]?.resolve(3);
  expect(await later).toBe(3);
});
