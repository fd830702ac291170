/** Bytes of a SID (MS-DTYP 2.4.2.2). */
export function sidBytes(authority: number, ...parts: readonly number[]): Buffer {
  const bytes = Buffer.alloc(8 + 4 * parts.length);
  bytes[0] = 1;
  bytes[1] = parts.length;
  bytes.writeUIntBE(authority, 2, 6);
  parts.forEach((part, at) => {
    bytes.writeUInt32LE(part, 8 + 4 * at);
  });
  return bytes;
}

const DOMAIN = [21, 1_004_336_348, 1_177_238_915, 682_003_330] as const;

/** SID of an object of the fuzzed domain. */
export const domainSid = (rid: number): Buffer => sidBytes(5, ...DOMAIN, rid);
export const builtinSid = (rid: number): Buffer => sidBytes(5, 32, rid);

/** Groups whose members are never touched, by the table of refusals. */
export const PROTECTED_GROUPS: readonly Buffer[] = [
  ...[512, 516, 517, 518, 519, 520, 521, 522, 525, 526, 527, 498].map(domainSid),
  ...[544, 548, 549, 550, 551, 552, 557, 578].map(builtinSid),
];

/**
 * What a SID says, read anew by somebody who shares no code with the agent; undefined for bytes
 * that are none.
 */
export function sidWords(value: unknown): string | undefined {
  if (!Buffer.isBuffer(value) || value.length < 12 || value[0] !== 1) return undefined;
  const words = (value.length - 8) / 4;
  if (!Number.isInteger(words) || words > 15 || value[1] !== words) return undefined;
  return value.toString("hex");
}
