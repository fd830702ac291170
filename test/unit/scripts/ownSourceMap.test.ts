import fc from "fast-check";
import { ownSourceMap } from "../../../scripts/build/ownSourceMap.ts";
import { decodeSegment, encodeSegment } from "../../../scripts/build/variableLengthQuantity.ts";

describe("the numbers of a segment", () => {
  it("are written as the standard says", () => {
    // Zero, one, minus one, and the first number that takes two digits.
    expect(encodeSegment([0, 1, -1, 16])).toBe("ACDgB");
  });

  it("are read as they were written", () => {
    const number = fc.integer({ min: -(2 ** 29), max: 2 ** 29 });
    fc.assert(
      fc.property(fc.array(number), (numbers) => {
        expect(decodeSegment(encodeSegment(numbers))).toEqual(numbers);
      }),
    );
  });

  it("are not read from anything else", () => {
    expect(() => decodeSegment("A!")).toThrow("source map");
  });
});

describe("the map of our own sources", () => {
  const line = (...segments: number[][]) => segments.map(encodeSegment).join(",");
  const map = {
    version: 3,
    sources: ["node_modules/zod/index.js", "functions/main.ts", "left-out:locales"],
    names: ["theirs", "ours"],
    mappings: [
      line([0, 0, 5, 5, 0], [10, 0, 1, 1], [10, 1, -3, 2, 1], [10, 0, 1, 0], [10, 1, 0, 0]),
      "",
      line([7, -1, 4, 0]),
    ].join(";"),
  };
  const own = ownSourceMap(map);

  it("names no other source", () => {
    expect(own).toMatchObject({ version: 3, sources: ["functions/main.ts"], names: ["ours"] });
  });

  it("keeps each place of ours, and says where foreign code begins", () => {
    expect(own.mappings.split(";").map((text) => text.split(",").map(decodeSegment))).toEqual([
      [[0], [20, 0, 3, 8, 0], [10, 0, 1, 0], [10]],
      [[]],
      [[7, 0, 4, 0]],
    ]);
  });
});
