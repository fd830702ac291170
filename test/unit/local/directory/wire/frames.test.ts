import fc from "fast-check";
import { BerWriter } from "../../../../../local/directory/wire/berWriter.ts";
import { Frames } from "../../../../../local/directory/wire/frames.ts";
import { MalformedMessage } from "../../../../../local/directory/wire/malformedMessage.ts";

function message(contents: Uint8Array): Buffer {
  const writer = new BerWriter();
  const sequence = writer.open(0x30);
  writer.octets(Buffer.from(contents));
  writer.close(sequence);
  return writer.finish();
}

const hex = (frames: Iterable<Buffer>): string[] => [...frames].map((f) => f.toString("hex"));

test("any split of the stream gives the same messages", () => {
  const contents = fc.uint8Array({ maxLength: 400 });
  const cuts = fc.array(fc.nat(3000), { maxLength: 30 });
  fc.assert(
    fc.property(fc.array(contents, { maxLength: 6 }), cuts, (all, places) => {
      const messages = all.map(message);
      const stream = Buffer.concat(messages);
      const ends = [...places.map((place) => place % (stream.length + 1)), stream.length];
      const frames = new Frames();
      const got: string[] = [];
      let at = 0;
      for (const end of ends.sort((a, b) => a - b)) {
        got.push(...hex(frames.push(stream.subarray(at, end))));
        at = end;
      }
      expect(got).toEqual(hex(messages));
    }),
  );
});

test("byte by byte", () => {
  const stream = Buffer.concat([message(Buffer.alloc(300, 7)), message(Buffer.alloc(0))]);
  const frames = new Frames();
  const got = [...stream].flatMap((byte) => hex(frames.push(Buffer.from([byte]))));
  expect(got.join("")).toBe(stream.toString("hex"));
});

test("messages before the malformed one are given out", () => {
  const frames = new Frames();
  const good = message(Buffer.from("abc"));
  const got: string[] = [];
  const push = () => {
    const bytes = Buffer.concat([good, Buffer.from("GET / HTTP/1.1\r\n")]);
    for (const frame of frames.push(bytes)) got.push(frame.toString("hex"));
  };
  expect(push).toThrow(MalformedMessage);
  expect(got).toEqual([good.toString("hex")]);
});

test("a message over the limit is refused by its announcement", () => {
  const frames = new Frames(100);
  expect(() => [...frames.push(Buffer.from("3065", "hex"))]).toThrow(MalformedMessage);
  expect(hex(new Frames(100).push(Buffer.from("3062", "hex")))).toEqual([]);
});
