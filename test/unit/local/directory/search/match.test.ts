import { FilterParser, SearchRequest } from "ldapts";
import { LdapFailure } from "../../../../../local/directory/failure.ts";
import { match, type Truth } from "../../../../../local/directory/search/match.ts";
import { readRequest } from "../../../../../local/directory/wire/request.ts";

const GUID = Buffer.from("00ff80fe000000000000000000000041", "hex");
const ENTRY: Readonly<Record<string, readonly Buffer[]>> = {
  objectclass: ["top", "person", "user"].map((name) => Buffer.from(name)),
  objectcategory: [Buffer.from("CN=Person,CN=Schema,CN=Configuration,DC=corp,DC=example")],
  samaccountname: [Buffer.from("Alex")],
  displayname: [Buffer.from("Alex Moreau-Sato")],
  objectguid: [GUID],
  objectsid: [Buffer.from("01020000000000052000000020020000", "hex")],
  useraccountcontrol: [Buffer.from("514")],
  pwdlastset: [Buffer.from("132000000000000000")],
  unicodepwd: [Buffer.from("secret")],
};

function judge(filter: string): Truth {
  const request = new SearchRequest({ messageId: 1, filter: FilterParser.parseString(filter) });
  const { operation } = readRequest(request.write());
  if (operation.kind !== "search") throw new Error("no search");
  return match(operation.filter, (attribute) => ENTRY[attribute] ?? []);
}

test.each([
  ["(sAMAccountName=alex)", true],
  ["(sAMAccountName=al)", false],
  ["(objectClass=USER)", true],
  ["(objectClass=group)", false],
  ["(objectCategory=person)", true],
  ["(objectCategory=user)", true],
  ["(objectCategory=group)", false],
  ["(objectCategory=CN=Person,CN=Schema,CN=Configuration,DC=corp,DC=example)", true],
  ["(objectSid=S-1-5-32-544)", true],
  ["(objectSid=S-1-5-32-545)", false],
  ["(displayName=alex*sato)", true],
  ["(displayName=*mor*sa*)", true],
  ["(displayName=*sa*mor*)", false],
  ["(displayName=alex moreau-sato*sato)", false],
  ["(pwdLastSet>=0)", true],
  ["(pwdLastSet>=9)", true],
  ["(pwdLastSet<=9)", false],
  ["(userAccountControl:1.2.840.113556.1.4.803:=514)", true],
  ["(userAccountControl:1.2.840.113556.1.4.803:=18)", false],
  ["(userAccountControl:1.2.840.113556.1.4.804:=18)", true],
  ["(mail=*)", false],
  ["(!(mail=x))", true],
  ["(&(sAMAccountName=alex)(objectClass=user))", true],
  ["(&(sAMAccountName=alex)(objectClass=group))", false],
  ["(|(sAMAccountName=sam)(objectClass=user))", true],
])("%s is %s", (filter, expected) => expect(judge(filter)).toBe(expected));

test.each([
  ["an attribute that the schema does not know", "(noSuch=1)"],
  ["its negation", "(!(noSuch=1))"],
  ["it together with what is true", "(&(sAMAccountName=alex)(noSuch=1))"],
  ["a password", "(unicodePwd=secret)"],
  ["the presence of a password", "(unicodePwd=*)"],
  ["a number that is none", "(userAccountControl=x)"],
])("%s can't be judged", (_what, filter) => expect(judge(filter)).toBeUndefined());

test("what can't be judged does not hide what decides", () => {
  expect(judge("(|(noSuch=1)(sAMAccountName=alex))")).toBe(true);
  expect(judge("(&(noSuch=1)(sAMAccountName=sam))")).toBe(false);
});

test("GUIDs compare by byte, and not by text", () => {
  const equal = (value: Buffer) =>
    match({ kind: "equal", attribute: "objectguid", value }, (name) => ENTRY[name] ?? []);
  expect(equal(GUID)).toBe(true);
  expect(equal(Buffer.from("fe80ff00-0000-0000-0000-000000000041"))).toBe(false);
});

test("unknown matching rules are refused", () => {
  expect(() => judge("(cn:1.2.3:=x)")).toThrow(LdapFailure);
});
