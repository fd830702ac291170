import { fileTimeSeconds } from "../fileTime.ts";
import { attributeType } from "../schema/attributes.ts";
import type { Entry } from "../store/entry.ts";
import type { Store } from "../store/store.ts";

const HEADER_BYTES = 16;
const ENTRY_BYTES = 48;
const VERSION = 1;

/**
 * `replPropertyMetaData`: a header with the number of entries at offset 8, then for each attribute,
 * by ascending identifier: identifier, version, originating time (seconds since 1601), originating
 * invocation id and USN, local USN. Attributes whose identifier this schema does not know and
 * links are left out.
 */
export function replicationMetadata(entry: Entry, store: Store): Buffer {
  const stamps = [...entry.stamps]
    .flatMap(([attribute, stamp]) => {
      const type = attributeType(attribute);
      const isStamped = type?.id !== undefined && type.name !== "member";
      return isStamped ? [{ id: type.id ?? 0, stamp }] : [];
    })
    .sort((left, right) => left.id - right.id);
  const bytes = Buffer.alloc(HEADER_BYTES + ENTRY_BYTES * stamps.length);
  bytes.writeUInt32LE(VERSION, 0);
  bytes.writeUInt32LE(stamps.length, 8);
  stamps.forEach(({ id, stamp }, index) => {
    const at = HEADER_BYTES + ENTRY_BYTES * index;
    bytes.writeUInt32LE(id, at);
    bytes.writeUInt32LE(stamp.version, at + 4);
    bytes.writeBigUInt64LE(fileTimeSeconds(stamp.time), at + 8);
    store.invocationId.copy(bytes, at + 16);
    bytes.writeBigUInt64LE(BigInt(stamp.usn), at + 32);
    bytes.writeBigUInt64LE(BigInt(stamp.usn), at + 40);
  });
  return bytes;
}
