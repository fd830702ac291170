import { TrustSource } from "../../../../functions/trust/trustSource.ts";
import { signTrustList, type TrustList } from "../../../../protocol/trustList.ts";
import { type KeyPair, NOW, newKeyPair } from "../../protocol/world.ts";

const MINUTE = 60_000;
let root: KeyPair;
beforeAll(async () => {
  root = await newKeyPair("root");
});

const listOf = (serial: number): TrustList => ({
  version: 1,
  serial,
  iat: NOW,
  signingKeys: [],
  agents: [],
});
const sign = (serial: number, by = root) => signTrustList(listOf(serial), by.signer);

/** A source on a row and a clock that the test sets. */
function source() {
  const row = { jws: "", down: false, reads: 0 };
  const clock = { now: NOW * 1_000 };
  const read = async () => {
    row.reads += 1;
    if (row.down) throw new Error("tables down");
    return row.jws;
  };
  return { row, clock, trust: new TrustSource(read, root.publicKey, () => clock.now) };
}
const unavailable = { name: "ApiError", code: "trustListUnavailable", status: 503 };

test("the row is read with each request, so that a revocation counts at once", async () => {
  const { row, trust } = source();
  row.jws = await sign(1);
  expect((await trust.current()).list.serial).toBe(1);
  row.jws = await sign(2);
  expect(await trust.current()).toMatchObject({ list: { serial: 2 }, jws: row.jws });
  expect(row.reads).toBe(2);
});

test("the last list serves five minutes while tables fail, however often it is asked for", async () => {
  const { row, clock, trust } = source();
  row.jws = await sign(1);
  await trust.current();
  row.down = true;
  for (let minute = 0; minute < 5; minute += 1) {
    expect((await trust.current()).list.serial).toBe(1);
    clock.now += MINUTE;
  }
  await expect(trust.current()).rejects.toMatchObject(unavailable);
  row.down = false;
  expect((await trust.current()).list.serial).toBe(1);
});

test("without a list that was ever read there is no grace", async () => {
  const { row, trust } = source();
  row.down = true;
  await expect(trust.current()).rejects.toMatchObject(unavailable);
});

test("another list of the same serial is refused: it was never in force", async () => {
  const { row, trust } = source();
  const [first, other] = [await sign(2), await sign(2)];
  row.jws = first;
  // At once, as calls come: each verifies it.
  await Promise.all([trust.current(), trust.current()]);
  row.jws = other;
  await expect(trust.current()).rejects.toMatchObject(unavailable);
  row.jws = first;
  expect((await trust.current()).list.serial).toBe(2);
});

test("an old list put back is refused, also while it is the one in the row", async () => {
  const { row, trust } = source();
  row.jws = await sign(2);
  await trust.current();
  row.jws = await sign(1);
  for (const _ of "12") await expect(trust.current()).rejects.toMatchObject(unavailable);
  row.jws = await sign(3);
  expect((await trust.current()).list.serial).toBe(3);
});

test("a list below the root key's serial is refused, although this instance never saw a newer one", async () => {
  const { row, trust } = source();
  row.jws = await sign(4);
  await trust.current();
  trust.raiseSerial(5);
  await expect(trust.current()).rejects.toMatchObject(unavailable);
  row.down = true;
  await expect(trust.current()).rejects.toMatchObject(unavailable);
  trust.raiseSerial(1);
  row.down = false;
  await expect(trust.current()).rejects.toMatchObject(unavailable);
  row.jws = await sign(5);
  expect((await trust.current()).list.serial).toBe(5);
});

test("a list by another root, or no list, is refused and gets no grace", async () => {
  const { row, trust } = source();
  row.jws = await sign(1);
  await trust.current();
  for (const wrong of [await sign(2, await newKeyPair("root")), "", "x.y.z"]) {
    row.jws = wrong;
    await expect(trust.current()).rejects.toMatchObject(unavailable);
  }
});

test("of two calls that overlap, the one that read the older list does not put it back", async () => {
  const [older, newer] = [await sign(1), await sign(2)];
  const answers = [Promise.withResolvers<string>(), Promise.withResolvers<string>()];
  let reads = 0;
  const read = () => answers[reads++]?.promise ?? Promise.reject(new Error("no more"));
  const trust = new TrustSource(read, root.publicKey, () => NOW * 1_000);
  const [first, second] = [trust.current(), trust.current()];
  answers[0]?.resolve(older);
  answers[1]?.resolve(newer);
  expect((await second).list.serial).toBe(2);
  await first.catch(() => {});
  expect((await trust.current()).list.serial).toBe(2);
});
