import { decodeJwt } from "jose";
import { routes } from "../../functions/routes.ts";
import { READS } from "../../protocol/reads.ts";
import { changeOf } from "../unit/protocol/world.ts";
import { fuzzBodies } from "./trust/fuzzCalls.ts";
import { fuzzMessages } from "./trust/fuzzMessages.ts";
import { fuzzTokens } from "./trust/fuzzTokens.ts";
import { fuzzTrust } from "./trust/fuzzTrust.ts";
import type { TrustFigures } from "./trust/tally.ts";

/** The same inputs on every machine; `npm run test:soak` draws new ones. */
const SEED = 20_261_121;

test("hostile bodies, headers, tokens, bus messages and heartbeats crash nothing and pass nowhere", async () => {
  const parts = new Map<string, TrustFigures>();
  const figures = await fuzzTrust(SEED, 6_000, (name, part) => parts.set(name, part));
  expect(figures).toMatchObject({ crashes: 0, bypasses: 0, examples: [] });
  expect(figures.inputs).toBeGreaterThanOrEqual(6_000);
  // Each part both turns inputs away and lets some through that mean no harm, or it tries nothing;
  // but of replies hardly one in hundreds is harmless.
  for (const [name, { refused, harmless }] of parts) {
    expect([name, refused > 0]).toEqual([name, true]);
    if (name !== "replies") expect([name, harmless > 0]).toEqual([name, true]);
  }
}, 60_000);

describe("the judge sees a bypass", () => {
  test("of a verifier that does not look at signatures", async () => {
    const figures = await fuzzTokens(SEED, 200, async (header) => ({
      kind: "user",
      id: String(decodeJwt(header?.split(" ")[1] ?? "").oid),
      application: "a",
      scopes: [],
      roles: [],
    }));
    expect(figures.bypasses).toBeGreaterThan(20);
  });

  test("of a reader that takes what it cannot verify", async () => {
    const figures = await fuzzMessages(SEED, 50, async () => ({
      claims: changeOf({ newPassword: "Other-1" }),
      reads: READS,
    }));
    expect(figures.bypasses).toBe(50);
  });

  test("of a route that takes any body, and a crash where a password is left behind", async () => {
    const [route] = routes.filter(({ name }) => name === "changeOwnPassword");
    if (!route) throw new Error("no such route");
    const lax = { ...route, handler: async () => ({ status: 204 }) };
    expect((await fuzzBodies(SEED, 100, [lax])).bypasses).toBeGreaterThan(50);
    const leaky = {
      ...route,
      handler: async () => ({ status: 200, jsonBody: { newPassword: "Fuzz-Canary-New-52" } }),
    };
    expect((await fuzzBodies(SEED, 100, [leaky])).crashes).toBe(100);
  });
});
