import type { Change } from "ldapts";
import type { Account } from "../../../../agent/directory/account.ts";
import type { DirectoryConnection, WriteResult } from "../../../../agent/directory/connection.ts";
import { DirectoryError } from "../../../../agent/directory/directoryError.ts";
import type { Job } from "../../../../agent/operations/job.ts";
import { mustChangeAfterReset } from "../../../../agent/operations/mustChangeAfterReset.ts";
import type { ResetRequest } from "../../../../protocol/request.ts";
import { requestOf } from "../../../integration/agent/requests.ts";
import { alsoIn, BASE_DN, DOMAIN_SID, entryOf, OWN_SIDS } from "../directory/guard/entries.ts";
import { SETTINGS } from "./fakeDirectory.ts";

const BEFORE: Account = {
  dn: "<GUID=33221100-5544-7766-8899-aabbccddeeff>",
  guid: "33221100-5544-7766-8899-aabbccddeeff",
  sid: `${DOMAIN_SID}-1201`,
  pwdLastSet: 100n,
  keyVersion: 5n,
  locked: false,
  accountName: "alex",
  displayName: undefined,
  passwordSettings: undefined,
  passwordNotRequired: false,
};
/** The account right after our reset. */
const AFTER = entryOf({ pwdLastSet: "200", "msDS-KeyVersionNumber": "6" });
const REQUEST = requestOf({
  operation: "reset",
  target: {
    id: "5a3f1c00-0000-4000-8000-000000000011",
    sourceAnchor: `${"A".repeat(22)}==`,
    userPrincipalName: "alex@corp.example",
  },
  newPassword: "Second-Meadow-28",
  mustChange: true,
}) as ResetRequest;

/** @param found what the second search finds; undefined: the directory is gone */
async function flag(
  found: object | undefined,
  result: WriteResult = { kind: "applied" },
  remaining = 1_000,
) {
  const written: string[] = [];
  const connection = {
    rootDse: {
      server: "dc1",
      domain: BASE_DN,
      supportedControls: new Set(),
      samba: true,
      ownSids: OWN_SIDS,
    },
    search: async () => {
      if (!found) throw new DirectoryError("directoryUnreachable");
      return [found];
    },
    modify: async (_: string, changes: Change[]) => {
      for (const { operation, modification } of changes)
        written.push(`${operation} ${modification.type} ${modification.values}`);
      return result;
    },
  } as unknown as DirectoryConnection;
  const job = {
    settings: SETTINGS,
    remaining: () => remaining,
  } as unknown as Job;
  return { applied: await mustChangeAfterReset(connection, REQUEST, BEFORE, job), written };
}

const refused = (resultCode: number, win32: string): WriteResult => ({
  kind: "refused",
  refusal: { resultCode, win32 },
});

test("set where the password is still ours, by compare-and-set", async () => {
  expect(await flag(AFTER)).toEqual({
    applied: true,
    written: ["delete pwdLastSet 200", "add pwdLastSet 0"],
  });
});

test("the user has changed the password in between: nothing is asked for or written", async () => {
  const changed = { ...AFTER, pwdLastSet: "300", "msDS-KeyVersionNumber": "7" };
  expect(await flag(changed)).toEqual({ applied: undefined, written: [] });
});

test("the user changed it between search and write: not needed any more", async () => {
  expect((await flag(AFTER, refused(16, "00002085"))).applied).toBeUndefined();
});

test("an answer that never came is not said to be yes or no", async () => {
  expect((await flag(AFTER, { kind: "unknown" })).applied).toBeUndefined();
});

test.each<[string, Parameters<typeof flag>]>([
  ["the directory refused", [AFTER, refused(50, "00002098")]],
  ["the directory is gone", [undefined]],
  ["the time is up", [AFTER, undefined, 0]],
  ["the account's age cannot be read", [{ ...AFTER, pwdLastSet: [] }]],
  ["somebody else has the anchor now", [{ ...AFTER, objectGUID: Buffer.alloc(16) }]],
  ["it is an administrator's by now", [{ ...AFTER, ...alsoIn(`${DOMAIN_SID}-512`) }]],
  ["it was moved out of scope", [{ ...AFTER, distinguishedName: "CN=alex,DC=contoso" }]],
  ["its groups are not told", [{ ...AFTER, tokenGroups: [] }]],
])("not set: %s", async (_, given) => {
  const { applied, written } = await flag(...given);
  expect(applied).toBe(false);
  // Only a refusal of the directory comes after something was sent.
  if (given[1] === undefined) expect(written).toEqual([]);
});
