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
/** MS-DTYP §2.4.4.5: deny, for the object itself. */
const ACCESS_DENIED_OBJECT_ACE = 6;
const OBJECT_GUID_PRESENT = 1;
/** Bit of a descriptor's control word: entries from above are not inherited. */
const DACL_PROTECTED = 0x1000;
const CONTROL_AT = 2;
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

const CHANGE_PASSWORD = "ab721a53-1e2f-11d0-9819-00aa0040529b";
const UNEXPIRE_PASSWORD = "ccc2dc7d-a6ad-4a7a-8846-c04e3cc53501";
const EVERYONE = Buffer.from("010100000000000100000000", "hex");
const SELF = Buffer.from("01010000000000050a000000", "hex");

function denyingAce(guid: string, sid: Buffer): Buffer {
  const head = Buffer.alloc(12);
  head.writeUInt8(ACCESS_DENIED_OBJECT_ACE, 0);
  head.writeUInt16LE(head.length + 16 + sid.length, 2);
  head.writeUInt32LE(CONTROL_ACCESS, 4);
  head.writeUInt32LE(OBJECT_GUID_PRESENT, 8);
  return Buffer.concat([head, guidBytes(guid), sid]);
}

/** Whether an entry allows one control-access right alone. */
const allows = (ace: Buffer, guid: string): boolean =>
  ace.readUInt8(0) === ACCESS_ALLOWED_OBJECT_ACE &&
  (ace.readUInt32LE(8) & OBJECT_GUID_PRESENT) !== 0 &&
  ace.subarray(12, 28).equals(guidBytes(guid));

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

/** Denies everybody and the object itself to change its password; denials stand first. */
export const withoutChange = (descriptor: Buffer): Buffer =>
  withList(descriptor, [
    ...[EVERYONE, SELF].map((sid) => denyingAce(CHANGE_PASSWORD, sid)),
    ...acesOf(descriptor),
  ]);

/** Takes away the entries that allow Unexpire Password and nothing else. */
export const withoutUnexpire = (descriptor: Buffer): Buffer =>
  withList(
    descriptor,
    acesOf(descriptor).filter((ace) => !allows(ace, UNEXPIRE_PASSWORD)),
  );

/** The same descriptor, closed to entries from above. */
export function withoutInheritance(descriptor: Buffer): Buffer {
  const closed = Buffer.from(descriptor);
  closed.writeUInt16LE(closed.readUInt16LE(CONTROL_AT) | DACL_PROTECTED, CONTROL_AT);
  return closed;
}

const acesOf = (descriptor: Buffer): Buffer[] =>
  readAces(descriptor.subarray(descriptor.readUInt32LE(DACL_OFFSET_AT)));

function withAces(descriptor: Buffer, added: readonly Buffer[]): Buffer {
  const aces = acesOf(descriptor);
  const firstInherited = aces.findIndex((ace) => (ace.readUInt8(1) & INHERITED_ACE) !== 0);
  const place = firstInherited < 0 ? aces.length : firstInherited;
  return withList(descriptor, aces.toSpliced(place, 0, ...added));
}

function withList(descriptor: Buffer, aces: readonly Buffer[]): Buffer {
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
