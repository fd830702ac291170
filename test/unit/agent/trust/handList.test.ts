import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Clock } from "../../../../agent/clock.ts";
import {
  CERTIFICATE_DAYS,
  selfSignedCertificate,
} from "../../../../agent/enrolment/selfSignedCertificate.ts";
import type { LogFields } from "../../../../agent/log.ts";
import { GrowingNumber } from "../../../../agent/trust/growingNumber.ts";
import { handList } from "../../../../agent/trust/handList.ts";
import { KeyRing } from "../../../../agent/trust/keyRing.ts";
import { TrustKeeper } from "../../../../agent/trust/trustKeeper.ts";
import { TrustState } from "../../../../agent/trust/trustState.ts";
import { type EnrolledKey, enrolledKey, TrustRoot } from "../../../integration/agent/trustRoot.ts";

let dataDirectory: string;
let root: TrustRoot;
let key: EnrolledKey;
beforeAll(async () => {
  [root, key] = await Promise.all([TrustRoot.create(), enrolledKey()]);
});
beforeEach(() => {
  dataDirectory = mkdtempSync(join(tmpdir(), "agent-data-"));
  writeFileSync(join(dataDirectory, "k.jwk.json"), JSON.stringify(key.jwk), { mode: 0o600 });
});
afterEach(() => rmSync(dataDirectory, { recursive: true }));

const entry = (days = 100) =>
  root.entry("agent-1", key, { expires: Date.now() / 1_000 + days * 86_400 });
const list = (serial: number, agents = [entry()]) => root.list(serial, agents);
async function give(text: string) {
  const file = join(dataDirectory, "given.txt");
  writeFileSync(file, text);
  return handList(file, { rootKey: root.rootKey, dataDirectory });
}
const serialOnDisk = () => readFileSync(join(dataDirectory, "trust-list-serial"), "utf8").trim();

/** An agent that runs, and the keeper that looks after it between two heartbeats. */
async function running() {
  const keys = await KeyRing.open(dataDirectory);
  const time = { wall: Date.now(), steady: 0 };
  const clock = new Clock({ wall: () => time.wall, steady: () => time.steady });
  const own = { agent: "agent-1", connector: "corp", keys };
  const highest = await GrowingNumber.open(join(dataDirectory, "trust-list-serial"));
  const trust = new TrustState(root.rootKey, own, clock, highest);
  const logged: [string, LogFields | undefined][] = [];
  const log = (name: string, fields?: LogFields) => void logged.push([name, fields]);
  const wall = () => time.wall;
  const certificateFile = join(dataDirectory, "agent.pem");
  const keeper = new TrustKeeper({ dataDirectory, certificateFile, trust, keys, clock, log, wall });
  return { trust, keeper, logged, time };
}

test("a list by hand is stored, its serial on disk at once", async () => {
  expect(await give(`${await root.sign(list(7))}\n`)).toMatchObject({ serial: 7 });
  expect(serialOnDisk()).toBe("7");
});

test.each<[string, () => Promise<string>, RegExp]>([
  [
    "another root's",
    async () => (await TrustRoot.create()).sign(list(7)),
    /^LIST: is no trust list/,
  ],
  ["no list", async () => "hello", /^LIST: is no trust list/],
  ["an older one", () => root.sign(list(4)), /^LIST: is older than list 5/],
  ["one without end", async () => "a".repeat(100_000), /^LIST: is no trust list/],
])("%s is refused, and nothing changes", async (_, text, expected) => {
  await give(await root.sign(list(5)));
  await expect(give(await text())).rejects.toThrow(expected);
  expect(serialOnDisk()).toBe("5");
});

test("the running agent takes it at its next look, and an older one of the cloud's never again", async () => {
  const { trust, keeper, logged } = await running();
  await trust.accept(list(3));
  await give(await root.sign(list(5, [])));
  await keeper.look();
  expect([trust.list?.serial, trust.serial, trust.standing()]).toEqual([5, 5, "notListed"]);
  expect(logged).toEqual([["trustListHanded", { serial: 5 }]]);
  await keeper.look();
  expect(logged).toHaveLength(1);
});

test("a serial that the command has raised is not lowered by a list that came in between", async () => {
  const { trust } = await running();
  await trust.accept(list(3));
  await give(await root.sign(list(5)));
  await trust.accept(list(4));
  expect(serialOnDisk()).toBe("5");
});

test("a damaged file is told, and the list in force stays", async () => {
  const { trust, keeper, logged } = await running();
  await trust.accept(list(3));
  writeFileSync(join(dataDirectory, "trust-list.jws"), "hello");
  await keeper.look();
  expect([trust.list?.serial, logged]).toEqual([3, [["trustListInvalid", undefined]]]);
});

test("in its last 30 days the certificate is warned of too", async () => {
  const { trust, keeper, logged, time } = await running();
  const { key: rsa, certificate } = await selfSignedCertificate("agent-1", time.wall);
  writeFileSync(join(dataDirectory, "agent.pem"), `${rsa}${certificate}`);
  const longLasting = list(1, [entry(1_000)]);
  await trust.accept(longLasting);
  await keeper.look();
  expect(logged).toEqual([]);
  time.wall += (CERTIFICATE_DAYS - 30) * 86_400_000 - 60_000;
  await trust.accept(longLasting);
  await keeper.look();
  await keeper.look();
  expect(logged).toEqual([["certificateExpires", { days: 30 }]]);
}, 30_000);

test("in its last 30 days the key is warned of, once a day", async () => {
  const { trust, keeper, logged, time } = await running();
  await trust.accept(list(1, [entry(20.5)]));
  await keeper.look();
  await keeper.look();
  expect(logged).toEqual([["keyExpires", { days: 20, kid: key.kid }]]);
  time.wall += 86_400_000;
  await keeper.look();
  expect(logged).toHaveLength(2);
});
