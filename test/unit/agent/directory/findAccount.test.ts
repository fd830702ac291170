import type { Entry } from "ldapts";
import type { DirectoryConnection } from "../../../../agent/directory/connection.ts";
import { DirectoryError } from "../../../../agent/directory/directoryError.ts";
import {
  countMatches,
  type FindSettings,
  findAccount,
} from "../../../../agent/directory/findAccount.ts";

const ENTRY: Entry = {
  dn: "CN=alex,OU=Staff,DC=corp,DC=example",
  objectGUID: Buffer.from("00112233445566778899aabbccddeeff", "hex"),
  objectSid: Buffer.from("010500000000000515000000010000000200000003000000b1040000", "hex"),
  userPrincipalName: "Alex@Corp.Example",
};
const TARGET = {
  id: "5a3f1c00-0000-4000-8000-000000000011",
  sourceAnchor: `${"A".repeat(22)}==`,
  userPrincipalName: "alex@corp.example",
};
const SETTINGS: FindSettings = {
  baseDn: "DC=corp,DC=example",
  sourceAnchorAttribute: "objectGUID",
};
const BY_NAME: FindSettings = { ...SETTINGS, checkUserPrincipalName: true };

type Answer = readonly Entry[] | DirectoryError;

const connectionTo = (answer: Answer, domain: string | undefined = "DC=corp,DC=example") =>
  ({
    rootDse: { server: "dc1", domain },
    search: async () => {
      if (answer instanceof DirectoryError) throw answer;
      return answer;
    },
  }) as unknown as DirectoryConnection;

/** The code of the refusal, or "found". */
const find = (answer: Answer, settings = SETTINGS, target: object = {}, domain?: string) =>
  findAccount(connectionTo(answer, domain), { ...TARGET, ...target }, settings).then(
    () => "found",
    (error: DirectoryError) => error.code,
  );

const entry = (different: Partial<Entry>): Entry[] => [{ ...ENTRY, ...different } as Entry];
const sizeLimit = new DirectoryError("directoryUnreachable", { resultCode: 4 });

test("the one account with the anchor", async () => {
  expect(await find([ENTRY])).toBe("found");
});

test("nobody, two, and so many that the directory stops counting", async () => {
  expect(await find([])).toBe("directoryUserNotFound");
  expect(await find([ENTRY, ENTRY])).toBe("directoryUserAmbiguous");
  expect(await find(sizeLimit)).toBe("directoryUserAmbiguous");
  expect(await find(new DirectoryError("directoryUnreachable"))).toBe("directoryUnreachable");
});

test("its SID must be the cloud's, where the cloud knows one", async () => {
  const sid = "S-1-5-21-1-2-3-1201";
  expect(await find([ENTRY], SETTINGS, { sid })).toBe("found");
  expect(await find([ENTRY], SETTINGS, { sid: `${sid}0` })).toBe("directoryUserMismatch");
  expect(await find(entry({ objectSid: [] }), SETTINGS, { sid })).toBe("directoryUserMismatch");
});

test("its UPN counts where it is configured to, without regard to letter case", async () => {
  const other = { userPrincipalName: "alex@contoso.example" };
  expect(await find([ENTRY], BY_NAME)).toBe("found");
  expect(await find([ENTRY], BY_NAME, other)).toBe("directoryUserMismatch");
  expect(await find(entry({ userPrincipalName: [] }), BY_NAME)).toBe("directoryUserMismatch");
  expect(await find([ENTRY], SETTINGS, other)).toBe("found");
});

test.each([
  "CN=alex,DC=emea,DC=corp,DC=example",
  "CN=alex,DC=corp,DC=contoso",
  "CN=alex",
  "",
  "no name at all",
])("an account of another domain than the domain controller's is refused: %j", async (dn) => {
  expect(await find(entry({ dn }))).toBe("directoryUserMismatch");
});

test("a domain controller that names no domain is believed nothing", async () => {
  const nameless = { ...connectionTo([ENTRY]), rootDse: { server: "dc1" } } as DirectoryConnection;
  await expect(findAccount(nameless, TARGET, SETTINGS)).rejects.toThrow("directoryUserMismatch");
});

test("matches are counted up to two", async () => {
  const count = (answer: Answer) => countMatches(connectionTo(answer), TARGET, SETTINGS);
  expect(await count([])).toBe(0);
  expect(await count([ENTRY])).toBe(1);
  expect(await count([ENTRY, ENTRY, ENTRY])).toBe(2);
  await expect(count(sizeLimit)).rejects.toThrow("directoryUserAmbiguous");
});
