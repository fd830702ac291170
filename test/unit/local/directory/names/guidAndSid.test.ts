import { guidText, parseGuid } from "../../../../../local/directory/names/guid.ts";
import { parseSid, sidText, sidWithRid } from "../../../../../local/directory/names/sid.ts";

const RAW = Buffer.from("00112233445566778899aabbccddeeff", "hex");
const TEXT = "33221100-5544-7766-8899-aabbccddeeff";

test("the first three fields of a GUID are little-endian, in text only", () => {
  expect(guidText(RAW)).toBe(TEXT);
  expect(parseGuid(TEXT.toUpperCase())).toEqual(RAW);
  expect(parseGuid(RAW.toString("hex"))).toEqual(RAW);
});

test.each(["", "zz", TEXT.slice(1), `{${TEXT}}`])("%j is no GUID", (text) => {
  expect(parseGuid(text)).toBeUndefined();
});

test("a SID in bytes and in text", () => {
  const bytes = Buffer.from("01020000000000052000000020020000", "hex");
  expect(parseSid("S-1-5-32-544")).toEqual(bytes);
  expect(sidText(bytes)).toBe("S-1-5-32-544");
});

test("a principal's SID is its domain's with one more number", () => {
  const domain = parseSid("S-1-5-21-1-2-4294967295") ?? Buffer.alloc(0);
  expect(sidText(sidWithRid(domain, 1104))).toBe("S-1-5-21-1-2-4294967295-1104");
});

test.each(["S-1", "S-2-5", "S-1-5-4294967296", `S-1-5${"-1".repeat(16)}`])("%s is no SID", (text) =>
  expect(parseSid(text)).toBeUndefined(),
);
