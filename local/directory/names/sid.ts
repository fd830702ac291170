const TEXT = /^S-1-(\d+)((?:-\d+)*)$/i;
const MAX_SUB_AUTHORITIES = 15;
const MAX_AUTHORITY = 2 ** 48;
const MAX_SUB_AUTHORITY = 2 ** 32;

/** Binary form (MS-DTYP 2.4.2.2) of `S-1-…` text; undefined if it is no SID. */
export function parseSid(text: string): Buffer | undefined {
  const match = TEXT.exec(text);
  if (!match) return undefined;
  const authority = Number(match[1]);
  const parts = (match[2] ?? "").split("-").slice(1).map(Number);
  if (authority >= MAX_AUTHORITY || parts.length > MAX_SUB_AUTHORITIES) return undefined;
  if (parts.some((part) => part >= MAX_SUB_AUTHORITY)) return undefined;
  const sid = Buffer.alloc(8 + 4 * parts.length);
  sid[0] = 1;
  sid[1] = parts.length;
  sid.writeUIntBE(authority, 2, 6);
  parts.forEach((part, index) => {
    sid.writeUInt32LE(part, 8 + 4 * index);
  });
  return sid;
}

/** `S-1-…` text of a binary SID. */
export function sidText(sid: Buffer): string {
  const parts: number[] = [sid.readUIntBE(2, 6)];
  for (let index = 0; index < (sid[1] ?? 0); index += 1)
    parts.push(sid.readUInt32LE(8 + 4 * index));
  return `S-1-${parts.join("-")}`;
}

/** The SID of a principal of the domain with this relative identifier. */
export function sidWithRid(domain: Buffer, rid: number): Buffer {
  const sid = Buffer.concat([domain, Buffer.alloc(4)]);
  sid[1] = (domain[1] ?? 0) + 1;
  sid.writeUInt32LE(rid, domain.length);
  return sid;
}
