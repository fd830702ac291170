import fc from "fast-check";
import {
  dnKey,
  dnsDomain,
  formatDn,
  InvalidName,
  parseDn,
} from "../../../../../local/directory/names/distinguishedName.ts";

test.each([
  ["CN=Alex,DC=corp", "cn=alex , dc=CORP"],
  ["CN=Weiss\\, Dora,DC=corp", "CN=Weiss\\2C Dora,DC=corp"],
  ["CN=Zoë,DC=corp", "CN=Zo\\c3\\ab,DC=corp"],
  ["CN=a\\ ,DC=corp", "CN=a\\20,DC=corp"],
  ["CN=a\\\\,DC=corp", "CN=a\\5C ,DC=corp"],
  ["CN=a\\+b,DC=corp", "CN=a\\2Bb;DC=corp"],
])("%s is the same as %s", (left, right) => {
  expect(dnKey(parseDn(left))).toBe(dnKey(parseDn(right)));
});

test("names that only look alike are different", () => {
  expect(dnKey(parseDn("CN=a\\,DC\\=corp"))).not.toBe(dnKey(parseDn("CN=a,DC=corp")));
});

test("the empty name has no components", () => expect(parseDn("")).toEqual([]));

test.each(["CN", "=x", "CN=", "CN=a,", "1x=a", "CN=a+OU=b", "CN=a,,DC=b", "CN=a\\"])(
  "%s is no name",
  (text) => expect(() => parseDn(text)).toThrow(InvalidName),
);

test("any component is written so that it is read again", () => {
  const rdn = fc.record({
    type: fc.constantFrom("CN", "OU", "dc"),
    value: fc.string({ minLength: 1, unit: "grapheme" }),
  });
  fc.assert(
    fc.property(fc.array(rdn, { minLength: 1, maxLength: 4 }), (rdns) => {
      expect(parseDn(formatDn(rdns))).toEqual(rdns);
    }),
  );
});

test("any text is a name or refused as none", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      try {
        parseDn(text);
      } catch (error) {
        expect(error).toBeInstanceOf(InvalidName);
      }
    }),
  );
});

test("the domain is what the trailing DCs say", () => {
  expect(dnsDomain(parseDn("CN=a,DC=x,OU=b,DC=corp,DC=example"))).toBe("corp.example");
  expect(dnsDomain(parseDn("O=other"))).toBe("");
});
