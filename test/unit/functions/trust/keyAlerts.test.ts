import type { Log, LogFields } from "../../../../functions/log.ts";
import { isKeyOld, KeyAlerts } from "../../../../functions/trust/keyAlerts.ts";
import type { TrustedAgent, TrustList } from "../../../../protocol/trustList.ts";
import { newWorld } from "../../protocol/world.ts";

const DAY = 86_400;
const ENROLLED = 1_800_000_000;

test.each([
  [0, false],
  [149.9, false],
  [150, true],
  [180, true],
  [200, true],
])("%d days after enrolment the key is old: %s", (days, expected) => {
  expect(isKeyOld({ expires: ENROLLED + 180 * DAY }, ENROLLED + days * DAY)).toBe(expected);
});

test("an alert for each old key, once a day, and another one once it has expired", async () => {
  const { list } = await newWorld();
  const expiring = (agent: TrustedAgent, expires: number): TrustedAgent => ({ ...agent, expires });
  const [one, two] = list.agents as [TrustedAgent, TrustedAgent];
  const now = 1_800_000_000;
  const old: TrustList = {
    ...list,
    agents: [expiring(one, now + 20 * DAY), expiring(two, now + 100 * DAY)],
  };
  let time = now * 1_000;
  const alerts = new KeyAlerts(() => time);
  const raised: [string, LogFields][] = [];
  const log: Log = { info: () => {}, error: (event, fields) => void raised.push([event, fields]) };
  alerts.look(old, log);
  alerts.look(old, log);
  expect(raised).toEqual([["agentKeyExpires", { connector: "corp", agent: "agent-1" }]]);
  time += DAY * 1_000 - 1;
  alerts.look(old, log);
  expect(raised).toHaveLength(1);
  time += 1;
  alerts.look(old, log);
  expect(raised).toHaveLength(2);
  time += 20 * DAY * 1_000;
  alerts.look(old, log);
  expect(raised.at(-1)).toEqual(["agentKeyExpired", { connector: "corp", agent: "agent-1" }]);
});
