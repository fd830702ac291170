import fc from "fast-check";
import { signCertificate, verifyCertificate } from "../../../protocol/certificate.ts";
import { TYP } from "../../../protocol/signedObject.ts";
import { claimsOf, flip, forge, hs256, unsigned } from "./forge.ts";
import { NOW, newInstance, newKeyPair, newWorld, type World } from "./world.ts";

let world: World;
beforeAll(async () => {
  world = await newWorld();
});

const HEADER = { typ: TYP.certificate, kid: "signing" };
const verify = (jws: string, now = NOW) => verifyCertificate(jws, world.list, now);
const refused = (jws: string, now = NOW) =>
  expect(verify(jws, now)).rejects.toMatchObject({
    name: "ProtocolError",
    code: "certificateInvalid",
  });

test("a certificate by a listed signing key gives the instance's key", async () => {
  const { certificate, publicKey } = world.instance;
  expect(await verify(certificate)).toEqual(publicKey);
});

test("no flipped bit of a certificate passes", async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(2), fc.nat(), fc.nat(7), (part, position, bit) =>
      refused(flip(world.instance.certificate, part, position, bit)),
    ),
    { numRuns: 200 },
  );
});

test("a signer that the list does not name, or not with this key, vouches for nobody", async () => {
  const stranger = await newKeyPair("stranger");
  const impostor = await newKeyPair("signing");
  await refused((await newInstance(stranger)).certificate);
  await refused((await newInstance(impostor)).certificate);
  await expect(
    verifyCertificate(world.instance.certificate, { ...world.list, signingKeys: [] }, NOW),
  ).rejects.toMatchObject({ code: "certificateInvalid" });
});

test("an agent's or the root's key is no signing key", async () => {
  await refused((await newInstance(world.root)).certificate);
});

test.each([
  ["just issued", 0, true],
  ["by a clock 59 s ahead", -59, true],
  ["by a clock 61 s ahead", -61, false],
  ["in its last second", 3_599, true],
  ["59 s after its end", 3_659, true],
  ["61 s after its end", 3_661, false],
])("a certificate %s", async (_, age, isGood) => {
  const { certificate } = world.instance;
  if (isGood) await verify(certificate, NOW + age);
  else await refused(certificate, NOW + age);
});

test("a certificate for longer than an hour is refused even while it is young", async () => {
  await verify((await newInstance(world.signing, NOW, 3_600)).certificate);
  await refused((await newInstance(world.signing, NOW, 3_601)).certificate);
});

test("unsigned, HS256, another typ, unknown members and versions are refused", async () => {
  const claims = claimsOf(world.instance.certificate);
  const { privateKey, publicKey } = world.signing;
  await verify(await forge(HEADER, claims, privateKey));
  await refused(unsigned(HEADER, claims));
  await refused(hs256(HEADER, claims, publicKey));
  for (const typ of Object.values(TYP).filter((each) => each !== TYP.certificate))
    await refused(await forge({ ...HEADER, typ }, claims, privateKey));
  await refused(await forge({ kid: "signing" }, claims, privateKey));
  await refused(await forge(HEADER, { ...claims, version: 2 }, privateKey));
  await refused(await forge(HEADER, { ...claims, admin: true }, privateKey));
  await refused("not a certificate");
  await refused("");
});

test("a private key is never certified", () => {
  const jwk = { ...world.instance.publicKey, d: "A".repeat(43) };
  const claims = { version: 1 as const, sub: "x", iat: NOW, exp: NOW + 1, cnf: { jwk } };
  expect(() => signCertificate(claims, world.signing.signer)).toThrow();
});
