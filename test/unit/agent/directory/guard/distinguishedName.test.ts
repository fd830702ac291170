import fc from "fast-check";
import { isBelow, nameKey } from "../../../../../agent/directory/guard/distinguishedName.ts";

test.each([
  ["OU=Staff,DC=corp,DC=example", ["ou=staff", "dc=corp", "dc=example"]],
  ["ou = Staff , dc=corp", ["ou=staff", "dc=corp"]],
  ["CN=Moreau\\, Alex,DC=corp", ["cn=moreau, alex", "dc=corp"]],
  [
    'CN=\\ a\\"b\\+c\\,d\\;e\\<f\\>g\\=h\\#i\\\\j\\ ,DC=corp',
    ['cn= a"b+c,d;e<f>g=h#i\\j ', "dc=corp"],
  ],
  ["CN=Moreau\\2C Alex\\0A\\00,DC=corp", ["cn=moreau, alex\n\0", "dc=corp"]],
  ["CN=Lu\\C4\\8Di\\c4\\87", ["cn=lučić"]],
  ["CN=Lučić", ["cn=lučić"]],
  ["CN=a=b#c", ["cn=a=b#c"]],
  ["CN=😀", ["cn=😀"]],
  ["CN=a  b ", ["cn=a  b"]],
  ["CN=a\\20", ["cn=a "]],
])("%s has the components %j", (text, key) => {
  expect(nameKey(text)).toEqual(key);
});

test.each([
  "",
  ",",
  "Staff",
  "=Staff",
  "OU=",
  "OU=  ",
  "OU=Staff,",
  "OU=Staff,,DC=corp",
  "OU=Staff\\",
  "OU=Staff\\x",
  "OU=a+CN=b,DC=corp",
  "OU=a;DC=corp",
  'OU="a",DC=corp',
  "OU=a<b",
  "OU=#04024869,DC=corp",
  "OU= #04024869,DC=corp",
  "OU=\\C4,DC=corp",
  "OU=\\FF\\FE",
  "OU=\ud800",
  "OU=a\0b",
  "<GUID=5a3f1c00-0000-4000-8000-000000000011>",
  "1.2.3=x",
  `OU=${"a".repeat(9_000)}`,
])("%j is no name that can be compared", (text) => {
  expect(nameKey(text)).toBeUndefined();
});

test.each([
  ["CN=a,OU=Staff,DC=corp", "OU=Staff,DC=corp", true],
  ["CN=a,OU=Sub,OU=STAFF,DC=Corp", "ou=staff,dc=corp", true],
  ["OU=Staff,DC=corp", "OU=Staff,DC=corp", false],
  ["CN=a,OU=NotStaff,DC=corp", "OU=Staff,DC=corp", false],
  ["CN=a\\,OU=Staff,DC=corp", "OU=Staff,DC=corp", false],
  ["CN=a\\2cOU=Staff,DC=corp", "OU=Staff,DC=corp", false],
  ["CN=a,OU=Staff,DC=corp,DC=evil", "OU=Staff,DC=corp", false],
  ["CN=a,OU=St\\61ff,DC=corp", "OU=Staff,DC=corp", true],
  ["DC=corp", "OU=Staff,DC=corp", false],
])("%s below %s: %s", (name, above, expected) => {
  expect(isBelow(nameKey(name) ?? [], nameKey(above) ?? [])).toBe(expected);
});

test("nothing lies below a name of no components", () => {
  expect(isBelow(["cn=a"], [])).toBe(false);
});

const value = fc
  .string({ unit: "grapheme", minLength: 1, maxLength: 12 })
  .map((text) => text.normalize("NFC").toLowerCase())
  .filter((text) => text !== "" && text.normalize("NFC").toLowerCase() === text);
const hexEscaped = (text: string): string =>
  [...Buffer.from(text)].map((byte) => `\\${byte.toString(16).padStart(2, "0")}`).join("");
const escaped = (text: string): string =>
  text.replace(/[\\,+"<>;=]|^[ #]| $/g, "\\$&").replaceAll("\0", "\\00");

test("every value comes back, however it is escaped", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(value, fc.boolean()), { minLength: 1, maxLength: 5 }), (all) => {
      const text = all.map(([each, hex]) => `CN=${hex ? hexEscaped(each) : escaped(each)}`);
      expect(nameKey(text.join(","))).toEqual(all.map(([each]) => `cn=${each}`));
    }),
    { numRuns: 500 },
  );
});

test("no text makes it throw", () => {
  const hostile = fc.string({ unit: fc.constantFrom(...'\\,=+"#; <>aC0Ff\0é\ud800') });
  fc.assert(
    fc.property(hostile, (text) => {
      nameKey(text);
      nameKey(`CN=${text},DC=corp`);
    }),
    { numRuns: 2_000 },
  );
});
