import { DirectoryError } from "../../../../agent/directory/directoryError.ts";
import { readableAge } from "../../../../agent/operations/job.ts";
import { APPLIED, BEFORE, entry, FakeDirectory, SERVER } from "./fakeDirectory.ts";

test("a stamp that may not be read names the right that is missing", () => {
  const { connection } = new FakeDirectory([entry()], [APPLIED]);
  expect(readableAge(connection, BEFORE)).toBe(100n);
  const hidden = () => readableAge(connection, { ...BEFORE, pwdLastSet: undefined });
  expect(hidden).toThrow(
    new DirectoryError("agentLacksReadPwdLastSet", {
      server: SERVER,
      missingRight: "read pwdLastSet",
    }),
  );
});
