import fc from "fast-check";
import { unicodePwd } from "../../../../agent/directory/unicodePwd.ts";

test("quotes, UTF-16 little-endian, no byte order mark, no terminator", () => {
  expect(unicodePwd("Ab1").toString("hex")).toBe("220041006200310022 00".replaceAll(" ", ""));
});

test("nothing is escaped, trimmed or normalised", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", minLength: 1 }), (password) => {
      const value = unicodePwd(password);
      expect(value.length).toBe(2 * (password.length + 2));
      expect(value.toString("utf16le")).toBe(`"${password}"`);
    }),
  );
});
