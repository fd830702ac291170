import { withDelegatedRights } from "../../../../local/samba/securityDescriptor.ts";

const EVERYONE = Buffer.from("010100000000000100000000", "hex");

/** MS-DTYP §2.4.4.2: allow everyone everything. */
function plainAce(flags: number): Buffer {
  const head = Buffer.from([0, flags, 20, 0, 0xff, 0xff, 0xff, 0xff]);
  return Buffer.concat([head, EVERYONE]);
}

function descriptor(...aces: Buffer[]): Buffer {
  const size = 8 + aces.reduce((sum, ace) => sum + ace.length, 0);
  const head = Buffer.alloc(20);
  head.writeUInt8(1, 0);
  head.writeUInt16LE(0x8004, 2);
  head.writeUInt32LE(20, 16);
  const acl = Buffer.alloc(8);
  acl.writeUInt8(2, 0);
  acl.writeUInt16LE(size, 2);
  acl.writeUInt16LE(aces.length, 4);
  return Buffer.concat([head, acl, ...aces]);
}

function acesOf(bytes: Buffer): Buffer[] {
  const aces: Buffer[] = [];
  for (let at = 28; at < bytes.length; at += bytes.readUInt16LE(at + 2)) {
    aces.push(bytes.subarray(at, at + bytes.readUInt16LE(at + 2)));
  }
  return aces;
}

describe("delegated rights in a security descriptor", () => {
  test("stand between the explicit entries and the inherited ones", () => {
    const before = descriptor(plainAce(0), plainAce(0x10));
    const aces = acesOf(withDelegatedRights(before, EVERYONE, ["resetPassword", "lockoutTime"]));
    expect(aces.map((ace) => ace.readUInt8(1))).toEqual([0, 0x0a, 0x0a, 0x10]);
    expect(aces[0]).toEqual(plainAce(0));
    expect(aces[3]).toEqual(plainAce(0x10));
  });

  test("sizes, count and revision are those of what is there", () => {
    const after = withDelegatedRights(descriptor(plainAce(0)), EVERYONE, ["pwdLastSet"]);
    expect(after.readUInt8(20)).toBe(4);
    expect(after.readUInt16LE(22)).toBe(after.length - 20);
    expect(after.readUInt16LE(24)).toBe(acesOf(after).length);
    expect(after.readUInt16LE(2)).toBe(0x8004);
  });

  test("Reset Password is a control right on users, written as MS-DTYP has it", () => {
    const [ace] = acesOf(withDelegatedRights(descriptor(), EVERYONE, ["resetPassword"]));
    expect(ace?.toString("hex")).toBe(
      [
        "05",
        "0a",
        "3800",
        "00010000",
        "03000000",
        "70952900" + "6d24" + "d011" + "a76800aa006e0529",
        "ba7a96bf" + "e60d" + "d011" + "a28500aa003049e2",
        EVERYONE.toString("hex"),
      ].join(""),
    );
  });
});
