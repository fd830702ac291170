import { BerWriter } from "ldapts";
import { policyHints } from "../../../../agent/directory/policyHints.ts";

const CURRENT = "1.2.840.113556.1.4.2239";
const DEPRECATED = "1.2.840.113556.1.4.2066";

const rootDse = (...supportedControls: string[]) => ({
  server: "dc1",
  samba: false,
  ownSids: undefined,
  domain: undefined,
  settingsName: undefined,
  isReadOnly: false,
  isSynchronized: true,
  currentTime: undefined,
  supportedControls: new Set(supportedControls),
});

test.each([
  [[CURRENT, DEPRECATED], CURRENT],
  [[DEPRECATED], DEPRECATED],
  [["1.2.3"], undefined],
  [[], undefined],
])("of %j, %s is used", (supported, oid) => {
  expect(policyHints(rootDse(...supported))?.type).toBe(oid);
});

test("the control is critical and says 1 in BER", () => {
  const control = policyHints(rootDse(CURRENT));
  const writer = new BerWriter();
  control?.write(writer);
  const oid = Buffer.from(CURRENT).toString("hex");
  expect(control?.critical).toBe(true);
  expect(writer.buffer.toString("hex")).toBe(`30230417${oid}0101ff04053003020101`);
});
