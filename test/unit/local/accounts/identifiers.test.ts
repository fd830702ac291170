import { guidDn, guidText, sidText } from "../../../../local/accounts/identifiers.ts";

describe("identifiers of the directory as text", () => {
  const guid = Buffer.from("33221100554477668899aabbccddeeff", "hex");

  test("the first three groups of a GUID are little-endian", () => {
    expect(guidText(guid)).toBe("00112233-4455-6677-8899-aabbccddeeff");
    expect(guidDn(guid)).toBe("<GUID=00112233-4455-6677-8899-aabbccddeeff>");
    expect(guid.toString("hex")).toBe("33221100554477668899aabbccddeeff");
  });

  test("a SID has one authority and up to fifteen little-endian parts", () => {
    const sid = Buffer.from("010500000000000515000000010000000200000003000000f4010000", "hex");
    expect(sidText(sid)).toBe("S-1-5-21-1-2-3-500");
    expect(sidText(Buffer.from("010100000000000100000000", "hex"))).toBe("S-1-1-0");
    expect(sidText(Buffer.from("0101000000000005ffffffff", "hex"))).toBe("S-1-5-4294967295");
  });
});
