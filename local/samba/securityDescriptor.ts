import type { DelegatedRight } from "../localDirectory.ts";

/** Offsets in a self-relative security descriptor and an access control list: MS-DTYP §2.4.5–6. */
const DACL_OFFSET_AT = 16;
const DESCRIPTOR_BYTES = 20;
const ACL_BYTES = 8;
const ACL_REVISION_DS = 4;
const INHERITED_ACE = 0x10;

/** MS-DTYP §2.4.4.3: allow, for the objects of one class below, not for the container itself. */
const ACCESS_ALLOWED_OBJECT_ACE = 5;
const CONTAINER_INHERIT_AND_INHERIT_ONLY = 0x0a;
const BOTH_GUIDS_PRESENT = 3;
/** MS-DTYP §2.4.4.2: allow, for the container itself and the containers below. */
const ACCESS_ALLOWED_ACE = 0;
const CONTAINER_INHERIT = 0x02;
const LIST = 0x04;
const READ_PROPERTY = 0x10;
const WRITE_PROPERTY = 0x20;
const CONTROL_ACCESS = 0x100;

/** Class `user` and what may be done to it: schemaIDGUID and rightsGuid of MS-ADSC and MS-ADTS. */
const USER_CLASS = "bf967aba-0de6-11d0-a285-00aa003049e2";
const RIGHTS: Readonly<Record<DelegatedRight, { mask: number; guid: string }>> = {
  resetPassword: { mask: CONTROL_ACCESS, guid: "00299570-246d-11d0-a768-00aa006e0529" },
  lockoutTime: { mask: WRITE_PROPERTY, guid: "28630ebf-41d5-11d1-a9c1-0000f80367c1" },
  pwdLastSet: { mask: WRITE_PROPERTY, guid: "bf967a0a-0de6-11d0-a285-00aa003049e2" },
};

/** MS-DTYP §2.3.4: the first three groups are little-endian. */
function guidBytes(text: string): Buffer {
  const raw = Buffer.from(text.replaceAll("-", ""), "hex");
  raw.subarray(0, 4).reverse();
  raw.subarray(4, 6).reverse();
  raw.subarray(6, 8).reverse();
  return raw;
}

/** The entry that gives a trustee one right on every user below the object that carries it. */
function delegatedAce(right: DelegatedRight, sid: Buffer): Buffer {
  const head = Buffer.alloc(12);
  const size = head.length + 32 + sid.length;
  head.writeUInt8(ACCESS_ALLOWED_OBJECT_ACE, 0);
  head.writeUInt8(CONTAINER_INHERIT_AND_INHERIT_ONLY, 1);
  head.writeUInt16LE(size, 2);
  head.writeUInt32LE(RIGHTS[right].mask, 4);
  head.writeUInt32LE(BOTH_GUIDS_PRESENT, 8);
  return Buffer.concat([head, guidBytes(RIGHTS[right].guid), guidBytes(USER_CLASS), sid]);
}

/** The entry that lets a trustee see and read the object that carries it, and all below. */
function readingAce(sid: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt8(ACCESS_ALLOWED_ACE, 0);
  head.writeUInt8(CONTAINER_INHERIT, 1);
  head.writeUInt16LE(head.length + sid.length, 2);
  head.writeUInt32LE(READ_PROPERTY | LIST, 4);
  return Buffer.concat([head, sid]);
}

function readAces(acl: Buffer): Buffer[] {
  const aces: Buffer[] = [];
  for (let at = ACL_BYTES; aces.length < acl.readUInt16LE(4); ) {
    const size = acl.readUInt16LE(at + 2);
    aces.push(acl.subarray(at, at + size));
    at += size;
  }
  return aces;
}

/**
 * Adds rights of a trustee to a descriptor that was read with nothing but its access control list.
 * New entries stand behind the explicit ones and before the inherited ones.
 */
export const withDelegatedRights = (
  descriptor: Buffer,
  sid: Buffer,
  rights: readonly DelegatedRight[],
): Buffer =>
  withAces(
    descriptor,
    rights.map((right) => delegatedAce(right, sid)),
  );

/** As {@link withDelegatedRights}: the right to read the object and what is below it. */
export const withReading = (descriptor: Buffer, sid: Buffer): Buffer =>
  withAces(descriptor, [readingAce(sid)]);

function withAces(descriptor: Buffer, added: readonly Buffer[]): Buffer {
  const aces = readAces(descriptor.subarray(descriptor.readUInt32LE(DACL_OFFSET_AT)));
  const firstInherited = aces.findIndex((ace) => (ace.readUInt8(1) & INHERITED_ACE) !== 0);
  const place = firstInherited < 0 ? aces.length : firstInherited;
  aces.splice(place, 0, ...added);
  const body = Buffer.concat(aces);
  const acl = Buffer.alloc(ACL_BYTES);
  acl.writeUInt8(ACL_REVISION_DS, 0);
  acl.writeUInt16LE(ACL_BYTES + body.length, 2);
  acl.writeUInt16LE(aces.length, 4);
  const head = Buffer.from(descriptor.subarray(0, DESCRIPTOR_BYTES));
  head.fill(0, 4, DACL_OFFSET_AT);
  head.writeUInt32LE(DESCRIPTOR_BYTES, DACL_OFFSET_AT);
  return Buffer.concat([head, acl, body]);
}
