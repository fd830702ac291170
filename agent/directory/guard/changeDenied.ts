/** Who is denied where an administrator ticks "User cannot change password": S-1-1-0, S-1-5-10. */
const TRUSTEES = ["010100000000000100000000", "01010000000000050a000000"].map((sid) =>
  Buffer.from(sid, "hex"),
);
/** User-Change-Password, ab721a53-1e2f-11d0-9819-00aa0040529b, as MS-DTYP 2.3.4 lays it out. */
const CHANGE_PASSWORD = Buffer.from("531a72ab2f1ed011981900aa0040529b", "hex");

/** MS-DTYP 2.4.6: a header of 20 bytes; bits of its control word. */
const HEADER_BYTES = 20;
const DACL_PRESENT = 0x4;
const SELF_RELATIVE = 0x8000;
/** MS-DTYP 2.4.5. */
const ACL_BYTES = 8;
const ACL_REVISIONS = [2, 4];
/** MS-DTYP 2.4.4: type, flags, size, mask. */
const ACE_BYTES = 8;
const INHERIT_ONLY = 0x08;
const ALLOW = [0, 5];
const DENY = [1, 6];
const OBJECT_TYPES = [5, 6];
const GUID_BYTES = 16;
/** ADS_RIGHT_DS_CONTROL_ACCESS and GENERIC_ALL (MS-ADTS 5.1.3.2). */
const CONTROL_ACCESS = 0x1000_0100;

/**
 * Whether the list of a self-relative security descriptor takes the right to change the password
 * from Everyone and from the account itself: of each, the first entry on that right counts.
 * Undefined for bytes that are no such descriptor; nothing beyond their end is ever read.
 */
export function changeDenied(descriptor: Buffer): boolean | undefined {
  const entries = entriesOf(descriptor);
  return entries && TRUSTEES.every((sid) => isDenied(entries, sid));
}

/** Undefined where the list is broken; empty where there is none, which denies nothing. */
function entriesOf(descriptor: Buffer): Buffer[] | undefined {
  if (descriptor.length < HEADER_BYTES || descriptor[0] !== 1) return undefined;
  const control = descriptor.readUInt16LE(2);
  if ((control & SELF_RELATIVE) === 0) return undefined;
  const offset = descriptor.readUInt32LE(16);
  if ((control & DACL_PRESENT) === 0 || offset === 0) return [];
  const rest = descriptor.subarray(offset);
  if (offset < HEADER_BYTES || rest.length < ACL_BYTES) return undefined;
  const size = rest.readUInt16LE(2);
  if (!ACL_REVISIONS.includes(rest[0] ?? 0) || size < ACL_BYTES || size > rest.length)
    return undefined;
  return split(rest.subarray(ACL_BYTES, size), rest.readUInt16LE(4));
}

function split(list: Buffer, count: number): Buffer[] | undefined {
  const entries: Buffer[] = [];
  for (let at = 0; entries.length < count; ) {
    const size = at + ACE_BYTES <= list.length ? list.readUInt16LE(at + 2) : 0;
    if (size < ACE_BYTES || at + size > list.length) return undefined;
    const entry = list.subarray(at, at + size);
    if (OBJECT_TYPES.includes(entry[0] ?? 0) && sidAt(entry) > size) return undefined;
    entries.push(entry);
    at += size;
  }
  return entries;
}

function isDenied(entries: readonly Buffer[], sid: Buffer): boolean {
  const first = entries.find((entry) => concerns(entry, sid));
  return first !== undefined && DENY.includes(first[0] ?? 0);
}

function concerns(entry: Buffer, sid: Buffer): boolean {
  const type = entry[0] ?? 0;
  if (!ALLOW.includes(type) && !DENY.includes(type)) return false;
  if (((entry[1] ?? 0) & INHERIT_ONLY) !== 0) return false;
  if ((entry.readUInt32LE(4) & CONTROL_ACCESS) === 0) return false;
  const at = sidAt(entry);
  return entry.subarray(at, at + sid.length).equals(sid) && isOnChange(entry, type);
}

/** An entry without a right of its own is about all of them. */
function isOnChange(entry: Buffer, type: number): boolean {
  if (!OBJECT_TYPES.includes(type) || (flagsOf(entry) & 1) === 0) return true;
  const at = ACE_BYTES + 4;
  return entry.subarray(at, at + GUID_BYTES).equals(CHANGE_PASSWORD);
}

/**
 * Which of the two GUIDs are there (MS-DTYP 2.4.4.4); 3 where it is cut off, as its end then is.
 */
const flagsOf = (entry: Buffer): number =>
  entry.length < ACE_BYTES + 4 ? 3 : entry.readUInt32LE(ACE_BYTES);

function sidAt(entry: Buffer): number {
  if (!OBJECT_TYPES.includes(entry[0] ?? 0)) return ACE_BYTES;
  const flags = flagsOf(entry);
  return ACE_BYTES + 4 + GUID_BYTES * ((flags & 1) + ((flags >> 1) & 1));
}
