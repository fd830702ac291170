import { readFileSync } from "node:fs";
import { type AsnType, fromBER } from "asn1js";

/*
 * Reads hexadecimal messages, one a line, with another implementation of BER and prints a JSON tree
 * for each, and the message as that implementation writes it. A leaf is a whole element in
 * hexadecimal. A process of its own, because the library comes as an ES module only.
 */

type Tree = string | readonly Tree[];

function tree(element: AsnType): Tree {
  if (element.idBlock.isConstructed && "value" in element.valueBlock) {
    const children = element.valueBlock.value as unknown as AsnType[];
    return children.map(tree);
  }
  return Buffer.from(element.valueBeforeDecodeView).toString("hex");
}

for (const line of readFileSync(0, "utf8").split("\n").filter(Boolean)) {
  const { offset, result } = fromBER(Buffer.from(line, "hex"));
  const rewritten = Buffer.from(result.toBER()).toString("hex");
  console.log(JSON.stringify({ offset, tree: tree(result), rewritten }));
}
