import type { DirectoryConnection } from "../../../../agent/directory/connection.ts";
import { fileTime } from "../../../../agent/directory/fileTime.ts";
import { refuseOvertaken } from "../../../../agent/operations/overtaken.ts";

const NOW = fileTime(1_800_000_000_000);
const SECOND = 10_000_000n;
const ROOT_DSE = { server: "dc1.corp.example" } as DirectoryConnection["rootDse"];

/** A request that is `age` seconds old, for a password set `seconds` ago. */
const judge = (
  age: number,
  pwdLastSet: bigint | undefined,
  directoryTime: bigint | undefined = NOW,
) =>
  refuseOvertaken(
    { iat: 1_000, exp: 1_030 },
    { rootDse: ROOT_DSE, directoryTime },
    { pwdLastSet },
    { remaining: () => (30 - age) * 1_000 },
  );

test("a password set after the request was made is not taken back", () => {
  const refused = expect.objectContaining({
    code: "superseded",
    evidence: { server: "dc1.corp.example" },
  });
  expect(() => judge(10, NOW - 5n * SECOND)).toThrow(refused);
  expect(() => judge(3, NOW)).toThrow(refused);
});

test.each([
  ["set before it", 10, NOW - 15n * SECOND],
  ["set at about the same time", 10, NOW - 9n * SECOND],
  ["set by a clock that is ahead", 10, NOW + 3_600n * SECOND],
  ["must be changed", 10, 0n],
  ["never read", 10, undefined],
])("a password %s is no reason", (_, age, pwdLastSet) => {
  expect(() => judge(age, pwdLastSet)).not.toThrow();
});

test("what was set while it waited for others of the user is no reason, what was before is", () => {
  const judgeHeld = (pwdLastSet: bigint) =>
    refuseOvertaken(
      { iat: 1_000, exp: 1_030 },
      { rootDse: ROOT_DSE, directoryTime: NOW },
      { pwdLastSet },
      { remaining: () => 15_000, heldMs: 6_000 },
    );
  expect(() => judgeHeld(NOW - 5n * SECOND)).not.toThrow();
  expect(() => judgeHeld(NOW - 8n * SECOND)).toThrow();
});

test("a directory that tells no time gives no reason", () => {
  expect(() =>
    refuseOvertaken(
      { iat: 1_000, exp: 1_030 },
      { rootDse: ROOT_DSE, directoryTime: undefined },
      { pwdLastSet: NOW },
      { remaining: () => 0 },
    ),
  ).not.toThrow();
});
