import { Attribute, Change } from "ldapts";

/** One value of an attribute as it is sent. */
export type Value = string | Buffer;

const bytes = (values: readonly Value[]): Buffer[] =>
  values.map((value) => (Buffer.isBuffer(value) ? value : Buffer.from(value, "utf8")));

const change = (operation: "add" | "delete" | "replace", type: string, values: readonly Value[]) =>
  new Change({ operation, modification: new Attribute({ type, values: bytes(values) }) });

/** Part of a modify that puts these values in the place of all there are. */
export const replaceValue = (type: string, ...values: Value[]): Change =>
  change("replace", type, values);

/** Part of a modify that takes these values away; it fails where they are not present. */
export const deleteValue = (type: string, ...values: Value[]): Change =>
  change("delete", type, values);

/** Part of a modify that adds values. */
export const addValue = (type: string, ...values: Value[]): Change => change("add", type, values);
