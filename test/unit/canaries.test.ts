import { disguises, hits } from "../canaries.ts";

const SECRET = 'Canary-Kestrel-41-ü密"\\';
const FORMS: Readonly<Record<string, (text: string) => string | Buffer>> = {
  "as it is": (text) => text,
  "in UTF-16": (text) => Buffer.from(text, "utf16le"),
  "in hex": (text) => Buffer.from(text).toString("hex"),
  "in capital hex": (text) => Buffer.from(text).toString("hex").toUpperCase(),
  "in hex of UTF-16": (text) => Buffer.from(`"${text}"`, "utf16le").toString("hex"),
  "in JSON": (text) => JSON.stringify({ newPassword: text }),
  "in JSON within JSON": (text) => JSON.stringify({ line: JSON.stringify({ password: text }) }),
  "in JSON without anything but ASCII": (text) =>
    [...text].map((each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, "0")}`).join(""),
  "in a URI": (text) => `?password=${encodeURIComponent(text)}`,
  "in Base64": (text) => Buffer.from(text).toString("base64"),
  "in Base64 after one byte": (text) => Buffer.from(`a${text}b`).toString("base64"),
  "in Base64 after two bytes": (text) => Buffer.from(`ab${text}c`).toString("base64url"),
  "in Base64 of UTF-16": (text) => Buffer.from(`"${text}"`, "utf16le").toString("base64url"),
};

test.each(Object.entries(FORMS))("a secret that was planted %s is found", (_, form) => {
  const bytes = Buffer.concat([
    Buffer.from('{"a":1}\n'),
    Buffer.from(form(SECRET)),
    Buffer.from("x"),
  ]);
  expect(hits([{ name: "a log", bytes }], { password: SECRET })).toEqual(["password in a log"]);
});

test("no form of a secret is so short that it could be found by chance", () => {
  for (const form of disguises(SECRET)) expect(form.length).toBeGreaterThan(15);
});

test("what is not there is not found", () => {
  const bytes = Buffer.from("Canary-Kestrel-42");
  expect(hits([{ name: "a log", bytes }], { password: SECRET })).toEqual([]);
});
