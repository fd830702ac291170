import { BerReader, TAG } from "./berReader.ts";
import { BerWriter } from "./berWriter.ts";

/** A control of a request or an answer (RFC 4511 §4.1.11). */
export interface Control {
  readonly oid: string;
  readonly critical: boolean;
  readonly value: Buffer | undefined;
}

/** Controls that this directory knows (MS-ADTS 3.1.1.3.4.1). */
export const CONTROL = {
  pagedResults: "1.2.840.113556.1.4.319",
  securityDescriptorFlags: "1.2.840.113556.1.4.801",
  treeDelete: "1.2.840.113556.1.4.805",
  domainScope: "1.2.840.113556.1.4.1339",
  policyHints: "1.2.840.113556.1.4.2239",
  policyHintsDeprecated: "1.2.840.113556.1.4.2066",
} as const;

export function readControls(reader: BerReader): Control[] {
  const controls: Control[] = [];
  while (!reader.done) {
    const control = reader.enter(TAG.sequence);
    const oid = control.text();
    const critical = control.tag === TAG.boolean ? control.boolean() : false;
    controls.push({ oid, critical, value: control.done ? undefined : control.octets() });
  }
  return controls;
}

export const findControl = (controls: readonly Control[], oid: string): Control | undefined =>
  controls.find((control) => control.oid === oid);

/** Value of a paged results control (RFC 2696). */
export interface Page {
  readonly size: number;
  readonly cookie: Buffer;
}

/** @throws MalformedMessage */
export function readPage(value: Buffer | undefined): Page {
  const page = new BerReader(value ?? Buffer.alloc(0)).enter(TAG.sequence);
  return { size: page.integer(), cookie: page.octets() };
}

export function writePage(page: Page): Control {
  const writer = new BerWriter(64);
  const sequence = writer.open(TAG.sequence);
  writer.integer(page.size);
  writer.octets(page.cookie);
  writer.close(sequence);
  return { oid: CONTROL.pagedResults, critical: false, value: writer.finish() };
}

/**
 * Which parts of a security descriptor are asked for (MS-ADTS 3.1.1.3.4.1.11).
 *
 * @throws MalformedMessage
 */
export function readDescriptorFlags(value: Buffer | undefined): number {
  return new BerReader(value ?? Buffer.alloc(0)).enter(TAG.sequence).integer();
}

/**
 * The flag of a policy-hints control (MS-ADTS 3.1.1.3.4.1.27): 1 asks for history and minimum age.
 *
 * @throws MalformedMessage
 */
export function readPolicyHints(value: Buffer | undefined): number {
  const hints = new BerReader(value ?? Buffer.alloc(0)).enter(TAG.sequence);
  return hints.integer();
}
