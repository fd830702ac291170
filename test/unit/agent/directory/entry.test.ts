import { readAccount } from "../../../../agent/directory/account.ts";
import { bytes, integer, text, texts } from "../../../../agent/directory/entry.ts";

const ENTRY = {
  dn: "CN=alex",
  pwdLastSet: "133700000000000001",
  lockoutTime: [] as string[],
  members: ["a", "b"],
  raw: Buffer.from([0xfe, 0x80]),
  words: "sixteen ascii by",
};

test("absent, empty and unreadable values are undefined", () => {
  expect(text(ENTRY, "lockoutTime")).toBeUndefined();
  expect(integer(ENTRY, "lockoutTime")).toBeUndefined();
  expect(integer(ENTRY, "absent")).toBeUndefined();
  expect(bytes(ENTRY, "absent")).toBeUndefined();
});

test("a FILETIME keeps its last digit", () => {
  expect(integer(ENTRY, "pwdlastset")).toBe(133700000000000001n);
});

test("one value or several, bytes or text", () => {
  expect(texts(ENTRY, "members")).toEqual(["a", "b"]);
  expect(bytes(ENTRY, "raw")).toEqual(Buffer.from([0xfe, 0x80]));
  expect(bytes(ENTRY, "words")).toEqual(Buffer.from("sixteen ascii by"));
});

test("of several values where there should be one, none counts, under whatever name", () => {
  const twice = { dn: "", raw: [Buffer.from([1]), Buffer.from([2])], age: "1", AGE: "2" };
  expect(bytes(twice, "raw")).toBeUndefined();
  expect(integer(twice, "age")).toBeUndefined();
});

test.each(["raw;range=0-1499", "RAW;binary"])(
  "beside %s the value is not known for certain",
  (key) => {
    const raw = Buffer.from([1]);
    expect(bytes({ dn: "", raw, [key]: [""] }, "raw")).toBeUndefined();
    expect(bytes({ dn: "", [key]: [raw] }, "raw")).toBeUndefined();
    expect(integer({ dn: "", raw: "1", [key]: ["2"] }, "raw")).toBeUndefined();
    expect(bytes({ dn: "", raw, [key]: [] }, "raw")).toEqual(raw);
  },
);

test("an account without a readable objectGUID is none", () => {
  expect(readAccount(ENTRY)).toBeUndefined();
});

test("locked is the computed bit; what was not read stays undefined", () => {
  const objectGUID = Buffer.from("00112233445566778899aabbccddeeff", "hex");
  const account = (computed: string) =>
    readAccount({ dn: "", objectGUID, "msDS-User-Account-Control-Computed": computed });
  expect(account("16")?.locked).toBe(true);
  expect(account("8388608")?.locked).toBe(false);
  expect(readAccount({ dn: "", objectGUID })).toMatchObject({
    dn: "<GUID=33221100-5544-7766-8899-aabbccddeeff>",
    locked: undefined,
    pwdLastSet: undefined,
  });
});
