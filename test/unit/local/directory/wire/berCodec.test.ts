import { execFileSync } from "node:child_process";
import { join } from "node:path";
import fc from "fast-check";
import { BerReader, TAG } from "../../../../../local/directory/wire/berReader.ts";
import { BerWriter } from "../../../../../local/directory/wire/berWriter.ts";
import { MalformedMessage } from "../../../../../local/directory/wire/malformedMessage.ts";

type Node = { readonly octets: Buffer } | { readonly integer: number } | readonly Node[];
type Tree = string | readonly Tree[];

const { node } = fc.letrec<{ node: Node }>((tie) => ({
  node: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.record({ octets: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)) }),
    fc.record({ integer: fc.integer() }),
    fc.array(tie("node"), { maxLength: 4 }),
  ),
}));

function write(writer: BerWriter, value: Node): void {
  if ("octets" in value) writer.octets(value.octets);
  else if ("integer" in value) writer.integer(value.integer);
  else {
    const sequence = writer.open(TAG.sequence);
    for (const each of value) write(writer, each);
    writer.close(sequence);
  }
}

function encode(value: Node): Buffer {
  const writer = new BerWriter(4);
  write(writer, value);
  return writer.finish();
}

function decode(reader: BerReader): Node {
  if (reader.tag === TAG.octets) return { octets: Buffer.from(reader.octets()) };
  if (reader.tag === TAG.integer) return { integer: reader.integer() };
  const contents = reader.enter(TAG.sequence);
  const children: Node[] = [];
  while (!contents.done) children.push(decode(contents));
  return children;
}

const treeOf = (value: Node): Tree =>
  Array.isArray(value) ? value.map(treeOf) : encode(value).toString("hex");

interface Verdict {
  readonly offset: number;
  readonly tree: Tree;
  readonly rewritten: string;
}

function referee(messages: readonly Buffer[]): Verdict[] {
  const script = join(__dirname, "asn1Referee.ts");
  const input = messages.map((message) => message.toString("hex")).join("\n");
  const output = execFileSync(process.execPath, [script], { input, encoding: "utf8" });
  return output
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Verdict);
}

test("another implementation of BER reads what is written, and is read", () => {
  const values: Node[] = fc.sample(fc.array(node, { minLength: 1, maxLength: 5 }), 200);
  const messages = values.map(encode);
  const verdicts = referee(messages);
  expect(verdicts).toHaveLength(values.length);
  verdicts.forEach(({ offset, tree, rewritten }, at) => {
    const value = values[at] ?? [];
    expect(offset).toBe(messages[at]?.length);
    expect(tree).toEqual(treeOf(value));
    expect(decode(new BerReader(Buffer.from(rewritten, "hex")))).toEqual(value);
  });
});

test("what is written is read again", () => {
  fc.assert(
    fc.property(node, (value) => {
      expect(decode(new BerReader(encode(value)))).toEqual(value);
    }),
  );
});

test.each([
  ["the indefinite form", "3080040161000000"],
  ["a length of five octets", "04850000000001ff"],
  ["contents beyond the end", "0405616263"],
  ["an integer without octets", "0200"],
  ["an integer of five octets", "02050102030405"],
  ["a boolean of two octets", "01020000"],
  ["no length", "04"],
])("refuses %s", (_what, hex) => {
  const reader = () => new BerReader(Buffer.from(hex, "hex"));
  const readers = [
    () => reader().enter(TAG.sequence),
    () => reader().octets(),
    () => reader().integer(),
    () => reader().boolean(),
  ];
  for (const read of readers) expect(read).toThrow(MalformedMessage);
});
