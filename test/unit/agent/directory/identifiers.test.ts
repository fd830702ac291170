import fc from "fast-check";
import { guidText, sidText } from "../../../../agent/directory/identifiers.ts";

test("the first three fields of a GUID are little-endian", () => {
  const raw = Buffer.from("00112233445566778899aabbccddeeff", "hex");
  expect(guidText(raw)).toBe("33221100-5544-7766-8899-aabbccddeeff");
});

test("the GUID's own bytes stay as they are", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (bytes) => {
      const raw = Buffer.from(bytes);
      guidText(raw);
      expect(raw).toEqual(Buffer.from(bytes));
    }),
  );
});

test("a SID as text", () => {
  const raw = Buffer.from("010500000000000515000000dcf4dc3b833d2b46828ba62800020000", "hex");
  expect(sidText(raw)).toBe("S-1-5-21-1004336348-1177238915-682003330-512");
});

test.each(["", "01", "0105000000000005", "0201000000000005150000"])("%j is no SID", (hex) => {
  expect(sidText(Buffer.from(hex, "hex"))).toBeUndefined();
});
