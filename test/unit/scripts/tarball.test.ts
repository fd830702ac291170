import { gunzipSync } from "node:zlib";
import { tarball } from "../../../scripts/build/tarball.ts";

const BLOCK = 512;
const content = (text: string) => Buffer.from(text);
const textAt = (tar: Buffer, from: number, length: number): string =>
  tar.toString("latin1", from, from + length).replace(/\0.*$/s, "");

describe("a tarball", () => {
  const files = new Map([
    ["package.json", content("{}")],
    ["dist/agent.cjs", content("x".repeat(BLOCK + 1))],
  ]);

  it("holds each file below the folder that npm strips, with a header that adds up", () => {
    const tar = gunzipSync(tarball(files));
    const found: [string, number][] = [];
    let at = 0;
    while (tar[at] !== 0) {
      const header = tar.subarray(at, at + BLOCK);
      const stated = Number.parseInt(textAt(tar, at + 148, 8), 8);
      const sum = header.reduce((total, byte, i) => total + (i >= 148 && i < 156 ? 32 : byte), 0);
      expect(stated).toBe(sum);
      expect(textAt(tar, at + 257, 6)).toBe("ustar");
      const size = Number.parseInt(textAt(tar, at + 124, 12), 8);
      found.push([textAt(tar, at, 100), size]);
      at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
    }
    expect(found).toEqual([
      ["package/dist/agent.cjs", BLOCK + 1],
      ["package/package.json", 2],
    ]);
    expect(tar.length).toBe(at + 2 * BLOCK);
    expect(tar.subarray(at).every((byte) => byte === 0)).toBe(true);
  });

  it("is the same whatever the order, and states no time and no owner", () => {
    const other = new Map([...files].reverse());
    expect(Buffer.compare(tarball(files), tarball(other))).toBe(0);
    // Bytes 4 to 7 of a gzip file: the time.
    expect([...tarball(files).subarray(4, 8)]).toEqual([0, 0, 0, 0]);
  });

  it("takes no name that would be cut off", () => {
    expect(() => tarball(new Map([["x".repeat(93), content("")]]))).toThrow(RangeError);
  });
});
