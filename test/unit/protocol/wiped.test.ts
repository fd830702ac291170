import { openRequest, sealRequest } from "../../../protocol/envelope.ts";
import { pad, unpad } from "../../../protocol/padding.ts";
import { CONNECTOR, changeOf, NOW, newWorld, TENANT } from "./world.ts";

const { subtle } = crypto;
afterEach(() => jest.restoreAllMocks());

const bytesOf = (data: ArrayBuffer | ArrayBufferView): Uint8Array =>
  ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data);
const isWiped = (bytes: Uint8Array): boolean =>
  bytes.length > 0 && bytes.every((byte) => byte === 0);

test("the bytes that were padded are overwritten once they are text", () => {
  const bytes = pad("Amber-Lighthouse-7", 64);
  expect(unpad(bytes)).toBe("Amber-Lighthouse-7");
  expect(isWiped(bytes)).toBe(true);
});

test("bytes that are no text are overwritten all the same", () => {
  const bytes = Uint8Array.from([0x41, 0xff]);
  expect(() => unpad(bytes)).toThrow("not valid");
  expect(isWiped(bytes)).toBe(true);
});

test("what an envelope was made from, and what came out of it, is overwritten", async () => {
  const world = await newWorld();
  const seen: { bytes: Uint8Array; wasWiped: boolean }[] = [];
  const note = (bytes: Uint8Array) => void seen.push({ bytes, wasWiped: isWiped(bytes) });
  const { encrypt, decrypt } = subtle;
  jest.spyOn(subtle, "encrypt").mockImplementation((algorithm, key, data) => {
    note(bytesOf(data));
    return encrypt.call(subtle, algorithm, key, data);
  });
  jest.spyOn(subtle, "decrypt").mockImplementation(async (algorithm, key, data) => {
    const plaintext = await decrypt.call(subtle, algorithm, key, data);
    note(new Uint8Array(plaintext));
    return plaintext;
  });
  const sealed = await sealRequest(changeOf(), world.instance, [world.one.entry]);
  const trusted = { list: world.list, connector: CONNECTOR, tenant: TENANT };
  expect(await openRequest(sealed, world.one.keys, trusted, NOW)).toMatchObject({
    claims: changeOf(),
  });
  expect(seen.map(({ wasWiped }) => wasWiped)).toEqual([false, false]);
  expect(seen.map(({ bytes }) => isWiped(bytes))).toEqual([true, true]);
});
