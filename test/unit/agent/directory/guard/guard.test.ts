import fc from "fast-check";
import type { Entry } from "ldapts";
import type { Account } from "../../../../../agent/directory/account.ts";
import type { DirectoryConnection } from "../../../../../agent/directory/connection.ts";
import { DirectoryError } from "../../../../../agent/directory/directoryError.ts";
import { AccessListOnly } from "../../../../../agent/directory/guard/accessListOnly.ts";
import { guard } from "../../../../../agent/directory/guard/guard.ts";
import { ownSids } from "../../../../../agent/directory/guard/ownSids.ts";
import { guardSettings } from "../../../../../agent/directory/guard/settings.ts";
import type { AccountRequest } from "../../../../../protocol/request.ts";
import { requestOf } from "../../../../integration/agent/requests.ts";
import { BASE_DN, DOMAIN_SID, entryOf, OWN_SIDS, sid } from "./entries.ts";

const GUID = "33221100-5544-7766-8899-aabbccddeeff";
const ACCOUNT = { dn: `<GUID=${GUID}>`, guid: GUID, sid: `${DOMAIN_SID}-1201` } as Account;
const REQUEST = requestOf({
  operation: "unlock",
  target: {
    id: "5a3f1c00-0000-4000-8000-000000000011",
    sourceAnchor: `${"A".repeat(22)}==`,
    userPrincipalName: "alex@corp.example",
  },
}) as AccountRequest;

type Answer = readonly Entry[] | DirectoryError;

/** What the guard makes of an answer: a code, or that it lets through. */
async function guarded(answer: Answer, own: ReadonlySet<string> | "unreadable" = OWN_SIDS) {
  const searches: unknown[] = [];
  const told: string[] = [];
  const connection = {
    rootDse: {
      server: "dc1",
      ownSids: own === "unreadable" ? undefined : own,
      supportedControls: new Set([AccessListOnly.OID]),
    },
    directoryTime: 134_116_992_000_000_000n,
    search: async (dn: string, { scope }: { scope: string }, controls: object[]) => {
      searches.push([dn, scope, controls]);
      if (answer instanceof DirectoryError) throw answer;
      return answer;
    },
  } as unknown as DirectoryConnection;
  const result = await guard(connection, ACCOUNT, REQUEST, {
    baseDn: BASE_DN,
    guard: guardSettings.parse({}),
    guarded: (event, rules) => told.push(`${event} ${rules}`),
  }).then(
    () => "allowed",
    (error: unknown) => {
      if (!(error instanceof DirectoryError)) throw error;
      return error.code;
    },
  );
  expect(searches).toEqual([[ACCOUNT.dn, "base", [expect.any(AccessListOnly)]]]);
  return { result, told };
}

const outcome = async (different: Readonly<Record<string, unknown>>) =>
  (await guarded([entryOf(different)])).result;

test("one base search lets an ordinary person through, and says nothing", async () => {
  expect(await guarded([entryOf()])).toEqual({ result: "allowed", told: [] });
});

test("a warning and a refusal are told, with the rule", async () => {
  expect(await guarded([entryOf({ userAccountControl: "544" })])).toEqual({
    result: "allowed",
    told: ["accountWarned passwordNotRequired"],
  });
  expect(await guarded([entryOf({ userAccountControl: "514" })])).toEqual({
    result: "accountDisabled",
    told: ["accountRefused disabled"],
  });
});

test.each<[string, Answer]>([
  ["nothing", []],
  ["two objects", [entryOf(), entryOf()]],
  ["a refusal of the directory", new DirectoryError("directoryUnreachable", { resultCode: 1 })],
])("%s refuses", async (_, answer) => {
  expect(await guarded(answer)).toEqual({
    result: "protectionUnknown",
    told: ["accountRefused unreadable"],
  });
});

test("a broken connection is no answer at all", async () => {
  const broken = new DirectoryError("directoryUnreachable", { server: "dc1" });
  expect(await guarded(broken)).toEqual({ result: "directoryUnreachable", told: [] });
});

test("without knowing the agent's own account nobody is touched", async () => {
  expect(await guarded([entryOf()], "unreadable")).toMatchObject({ result: "protectionUnknown" });
});

const SHORT = sid(`${DOMAIN_SID}-1201`).subarray(0, 20);
const USERS = sid(`${DOMAIN_SID}-513`);
const BROKEN: readonly [string, Readonly<Record<string, unknown>>][] = [
  ["another object's GUID", { objectGUID: Buffer.alloc(16) }],
  ["no GUID", { objectGUID: [] }],
  ["another SID", { objectSid: sid(`${DOMAIN_SID}-1202`) }],
  ["two SIDs under two spellings", { OBJECTSID: sid(`${DOMAIN_SID}-1201`) }],
  ["a SID that is too short", { objectSid: SHORT }],
  ["a SID as text", { objectSid: `${DOMAIN_SID}-1201` }],
  ["no groups", { tokenGroups: [] }],
  ["groups without the primary one", { tokenGroups: [sid("S-1-5-32-545")] }],
  ["groups of another domain", { tokenGroups: [sid("S-1-5-21-1-2-3-513")] }],
  ["another primary group", { primaryGroupID: "1400" }],
  ["one broken group among good ones", { tokenGroups: [USERS, SHORT] }],
  ["one empty group", { tokenGroups: [USERS, Buffer.alloc(0)] }],
  ["a group without parts", { tokenGroups: [USERS, Buffer.from([1, 0, 0, 0, 0, 0, 0, 5])] }],
  [
    "a group of 16 parts",
    { tokenGroups: [USERS, Buffer.concat([Buffer.from([1, 16]), Buffer.alloc(70)])] },
  ],
  [
    "groups of revision 2",
    { tokenGroups: [USERS, Buffer.concat([Buffer.from([2]), USERS.subarray(1)])] },
  ],
  ["groups as text", { tokenGroups: ["S-1-5-32-545", USERS] }],
  ["a part of the groups", { tokenGroups: [], "tokenGroups;range=0-1499": [USERS] }],
  ["more groups than a token holds", { tokenGroups: Array(10_001).fill(USERS) }],
  ["no name", { distinguishedName: [] }],
  ["two names", { distinguishedName: ["CN=a,DC=corp", "CN=b,DC=corp"] }],
  ["a name that is none", { distinguishedName: "alex" }],
  ["no class", { objectClass: [] }],
  ["no control bits", { userAccountControl: [] }],
  ["control bits twice", { userAccountControl: ["512", "512"] }],
  ["control bits in hex", { userAccountControl: "0x200" }],
  ["control bits beyond 64 bits", { userAccountControl: "9999999999999999999" }],
  ["control bits as bytes", { userAccountControl: Buffer.from("512") }],
  ["no type", { sAMAccountType: [] }],
  ["no account name", { sAMAccountName: [] }],
  ["a broken adminCount", { adminCount: "yes" }],
  ["a broken end", { accountExpires: "never" }],
  ["two ends", { accountExpires: ["0", "0"] }],
  ["a broken flag", { isCriticalSystemObject: "true" }],
  ["a broken number", { "msDS-SecondaryKrbTgtNumber": "" }],
];

test.each(BROKEN)("%s: protectionUnknown", async (_, different) => {
  expect(await outcome(different)).toBe("protectionUnknown");
});

const REQUIRED = [
  "objectGUID",
  "objectSid",
  "tokenGroups",
  "distinguishedName",
  "objectClass",
  "sAMAccountName",
  "sAMAccountType",
  "userAccountControl",
];
const value = fc.oneof(
  fc.string({ maxLength: 40 }),
  fc.bigInt().map(String),
  fc.uint8Array({ maxLength: 80 }).map((bytes) => Buffer.from(bytes)),
  fc.constantFrom("", "TRUE", "512", "user", USERS, SHORT, "x".repeat(100_000)),
);
const values = fc.oneof(value, fc.array(value, { maxLength: 5 }));

test("whatever is in the place of an attribute that is needed, nothing crashes or passes", async () => {
  const attribute = fc.constantFrom(...REQUIRED);
  await fc.assert(
    fc.asyncProperty(attribute, values, async (name, given) => {
      const real = entryOf()[name];
      fc.pre(given !== real && !(name === "userAccountControl" && /^-?\d+$/.test(String(given))));
      fc.pre(!(name === "objectClass" && [given].flat().includes("user")));
      fc.pre(name !== "sAMAccountName");
      fc.pre(!(name === "tokenGroups" && [given].flat().every((each) => each === USERS)));
      expect(await outcome({ [name]: given })).not.toBe("allowed");
    }),
    { numRuns: 3_000 },
  );
});

test("a whole answer at random never crashes and never passes", async () => {
  const names = fc.constantFrom(...Object.keys(entryOf()), "tokengroups", "objectSid;binary");
  const entry = fc.dictionary(names, values, { maxKeys: 20 });
  await fc.assert(
    fc.asyncProperty(fc.array(entry, { maxLength: 2 }), async (entries) => {
      const { result } = await guarded(entries.map((each) => ({ dn: "", ...each })) as Entry[]);
      expect(result).toBe("protectionUnknown");
    }),
    { numRuns: 3_000 },
  );
});

test.each([
  ["nothing", {}],
  ["an empty list", { tokenGroups: [] }],
  ["a broken SID", { tokenGroups: [sid(`${DOMAIN_SID}-1105`), SHORT] }],
  ["text", { tokenGroups: "S-1-1-0" }],
  ["nobody of a domain", { tokenGroups: [sid("S-1-5-7"), sid("S-1-1-0")] }],
  ["a part", { "tokenGroups;range=0-1": [sid(`${DOMAIN_SID}-1105`)] }],
])("a rootDSE with %s does not say who the agent is", (_, rootDse) => {
  expect(ownSids({ dn: "", ...rootDse } as Entry)).toBeUndefined();
});

test("a rootDSE says who the agent is", () => {
  const tokenGroups = [...OWN_SIDS].map(sid);
  expect(ownSids({ dn: "", tokenGroups })).toEqual(OWN_SIDS);
});
