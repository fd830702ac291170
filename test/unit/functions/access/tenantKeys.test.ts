import { errors, exportJWK, generateKeyPair, type JWTHeaderParameters } from "jose";
import { TenantKeys } from "../../../../functions/access/tenantKeys.ts";
import type { LogFields } from "../../../../functions/log.ts";

const URL_OF_KEYS = new URL("https://login.example/tenant/discovery/v2.0/keys");
const HOUR = 3_600_000;

let published: object[];
let isDown: boolean;
let fetched: number;
let logged: { event: string; fields: LogFields }[];
const write = (event: string, fields: LogFields) => void logged.push({ event, fields });

const fetchKeys = async (): Promise<Response> => {
  fetched += 1;
  if (isDown) throw new TypeError("fetch failed");
  return Response.json({ keys: published });
};
const keyNamed = async (kid: string): Promise<object> => {
  const { publicKey } = await generateKeyPair("RS256");
  return { ...(await exportJWK(publicKey)), kid, alg: "RS256", use: "sig" };
};

let keys: TenantKeys;
const find = (kid: string) =>
  keys.find({ alg: "RS256", kid } as JWTHeaderParameters, { payload: "", signature: "" });

beforeEach(async () => {
  published = [await keyNamed("k1")];
  isDown = false;
  fetched = 0;
  logged = [];
  keys = new TenantKeys(URL_OF_KEYS, { info: write, error: write }, fetchKeys);
  jest.useFakeTimers();
});
afterEach(() => {
  keys.stop();
  jest.useRealTimers();
});

/** Lets time pass, and what is due then. */
const pass = (milliseconds: number) => jest.advanceTimersByTimeAsync(milliseconds);

test("the first fetch is made at start, and no request makes another", async () => {
  keys.start();
  keys.start();
  await pass(0);
  expect(fetched).toBe(1);
  await Promise.all([find("k1"), find("k1")]);
  expect(fetched).toBe(1);
});

test("a request that comes first shares the fetch of the start", async () => {
  keys.start();
  await find("k1");
  expect(fetched).toBe(1);
});

test("keys are fetched every hour in the background", async () => {
  keys.start();
  await pass(0);
  published = [await keyNamed("k2")];
  await pass(HOUR);
  expect(fetched).toBe(2);
  await find("k2");
  await expect(find("k1")).rejects.toBeInstanceOf(errors.JWKSNoMatchingKey);
  keys.stop();
  await pass(5 * HOUR);
  expect(fetched).toBe(2);
});

test("a fetch that fails is logged, and the old keys stay in use for a day", async () => {
  keys.start();
  await pass(0);
  isDown = true;
  await pass(23 * HOUR);
  expect(fetched).toBe(24);
  await find("k1");
  expect(fetched).toBe(24);
  expect(logged).toHaveLength(23);
  expect(logged[0]).toMatchObject({
    event: "signInKeysNotFetched",
    fields: { cause: "TypeError" },
  });
  await pass(2 * HOUR);
  await expect(find("k1")).rejects.toMatchObject({ code: "signInKeysUnavailable", status: 503 });
});

test("an unknown key is asked for once in half a minute", async () => {
  keys.start();
  await pass(0);
  published = [...published, await keyNamed("k2")];
  await expect(find("k2")).rejects.toBeInstanceOf(errors.JWKSNoMatchingKey);
  expect(fetched).toBe(1);
  await pass(31_000);
  await find("k2");
  expect(fetched).toBe(2);
  await expect(find("k3")).rejects.toBeInstanceOf(errors.JWKSNoMatchingKey);
  expect(fetched).toBe(2);
});

test("an unknown key while Entra is out of reach is not the caller's fault", async () => {
  keys.start();
  await pass(31_000);
  isDown = true;
  await expect(find("k2")).rejects.toMatchObject({ code: "signInKeysUnavailable" });
});

test("without any keys the first request waits for them, or is told that there are none", async () => {
  isDown = true;
  keys.start();
  await pass(0);
  await expect(find("k1")).rejects.toMatchObject({ code: "signInKeysUnavailable" });
  isDown = false;
  await find("k1");
});
