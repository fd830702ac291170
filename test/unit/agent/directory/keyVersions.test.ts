import { keyVersionEvidence } from "../../../../agent/directory/keyVersions.ts";

test("what is known is told", () => {
  expect(keyVersionEvidence(4n, 5n)).toEqual({ keyVersionBefore: 4, keyVersionAfter: 5 });
  expect(keyVersionEvidence(4n)).toEqual({ keyVersionBefore: 4 });
  expect(keyVersionEvidence(undefined, 5n)).toEqual({ keyVersionAfter: 5 });
});

test.each([-1n, 2n ** 32n, 2n ** 53n, 2n ** 63n])("%s is no key version", (version) => {
  expect(keyVersionEvidence(version, version)).toEqual({});
});
