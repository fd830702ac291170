import fc from "fast-check";
import { fileTime, generalizedTime, isoTime } from "../../../../agent/directory/fileTime.ts";

const NOON = "2026-11-21T12:00:00.000Z";

test.each(["20261121120000.0Z", "20261121120000Z", "20261121120000.123Z"])("%s", (text) => {
  expect(isoTime(generalizedTime(text) ?? 0n)).toBe(NOON);
});

test.each(["", "20261121120000", "20261321120000.0Z", "20261121120000.0+01", "Z", "2026112112Z"])(
  "%j is no time",
  (text) => {
    expect(generalizedTime(text)).toBeUndefined();
  },
);

test("a FILETIME counts 100 ns from 1601 on", () => {
  expect(fileTime(0)).toBe(116_444_736_000_000_000n);
  expect(isoTime(116_444_736_000_000_000n)).toBe("1970-01-01T00:00:00.000Z");
});

test("years that readers of ISO 8601 do not expect are no times", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(1n << 64n), max: 1n << 64n }), (time) => {
      const text = isoTime(time);
      expect(text ?? NOON).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    }),
  );
  expect(isoTime(0n)).toBeUndefined();
  expect(isoTime(1n << 63n)).toBeUndefined();
});
