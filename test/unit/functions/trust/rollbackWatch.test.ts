import { RollbackWatch } from "../../../../functions/trust/rollbackWatch.ts";
import type { CurrentTrust, TrustSource } from "../../../../functions/trust/trustSource.ts";

const listOf = (serial: number) => ({ list: { serial }, jws: "" }) as CurrentTrust;

function watch(newest: () => Promise<number>) {
  const state = { now: 1_000_000, asked: 0, lowest: 0 };
  const trust = {
    raiseSerial: (serial: number) => {
      state.lowest = Math.max(state.lowest, serial);
    },
    current: async () => listOf(7),
  } as unknown as TrustSource;
  const ask = () => {
    state.asked += 1;
    return newest();
  };
  return { state, watch: new RollbackWatch(trust, ask, () => state.now) };
}

test("an agent that has seen nothing newer costs nothing", async () => {
  const { state, watch: watched } = watch(async () => 9);
  const read = listOf(5);
  for (const seen of [0, 4, 5]) expect(await watched.look(seen, read)).toBe(read);
  expect(state).toMatchObject({ asked: 0, lowest: 0 });
});

test("one that has makes it ask the tag, once in ten seconds whoever says what", async () => {
  const { state, watch: watched } = watch(async () => 9);
  for (let beat = 0; beat < 50; beat += 1)
    expect((await watched.look(6 + beat, listOf(5))).list.serial).toBe(7);
  expect(state).toMatchObject({ asked: 1, lowest: 9 });
  state.now += 10_000;
  await watched.look(6, listOf(5));
  expect(state.asked).toBe(2);
});

test("nor more often where the vault is down", async () => {
  const { state, watch: watched } = watch(() => Promise.reject(new Error("down")));
  for (let beat = 0; beat < 5; beat += 1) await watched.look(6, listOf(5));
  expect(state).toMatchObject({ asked: 1, lowest: 0 });
});
