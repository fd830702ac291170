import fc from "fast-check";
import {
  AndFilter,
  Attribute,
  Change,
  type Control,
  EqualityFilter,
  FilterParser,
  ModifyRequest,
  PagedResultsControl,
  SearchRequest,
} from "ldapts";
import { readPage } from "../../../../../local/directory/wire/controls.ts";
import { MalformedMessage } from "../../../../../local/directory/wire/malformedMessage.ts";
import { readRequest } from "../../../../../local/directory/wire/request.ts";

const BINARY = Buffer.from("00ff80fe2a5c28290041", "hex");

function searchWith(filter: string, controls: Control[] = []) {
  const request = new SearchRequest({
    messageId: 300,
    baseDN: "DC=corp,DC=example",
    scope: "sub",
    sizeLimit: 2,
    filter: FilterParser.parseString(filter),
    attributes: ["cn", "objectGUID"],
    controls,
  });
  return readRequest(request.write());
}

test("a search of a real client", () => {
  expect(searchWith("(cn=Alex)")).toEqual({
    id: 300,
    operation: {
      kind: "search",
      dn: "DC=corp,DC=example",
      scope: "sub",
      sizeLimit: 2,
      typesOnly: false,
      filter: { kind: "equal", attribute: "cn", value: Buffer.from("Alex") },
      attributes: ["cn", "objectGUID"],
    },
    controls: [],
  });
});

const equal = (attribute: string, value: string) => ({
  kind: "equal",
  attribute,
  value: Buffer.from(value),
});

test.each<[string, unknown]>([
  ["(CN=*)", { kind: "present", attribute: "cn" }],
  ["(&(a=1)(b=2))", { kind: "and", filters: [equal("a", "1"), equal("b", "2")] }],
  ["(|(a=1)(b=2))", { kind: "or", filters: [equal("a", "1"), equal("b", "2")] }],
  ["(!(a=1))", { kind: "not", filter: equal("a", "1") }],
  ["(a>=1)", { ...equal("a", "1"), kind: "atLeast" }],
  ["(a<=1)", { ...equal("a", "1"), kind: "atMost" }],
  ["(a~=1)", { ...equal("a", "1"), kind: "approx" }],
  ["(a=b*c*d)", { kind: "substrings", attribute: "a", initial: "b", any: ["c"], final: "d" }],
  ["(a=*c*)", { kind: "substrings", attribute: "a", any: ["c"] }],
  [
    "(userAccountControl:1.2.840.113556.1.4.803:=2)",
    {
      kind: "extensible",
      rule: "1.2.840.113556.1.4.803",
      attribute: "useraccountcontrol",
      value: Buffer.from("2"),
    },
  ],
])("filter %s", (text, expected) => {
  expect(searchWith(text).operation).toHaveProperty("filter", expected);
});

test("binary values keep their bytes", () => {
  const value = BINARY as unknown as string;
  const filters = [new EqualityFilter({ attribute: "objectGUID", value })];
  const search = new SearchRequest({ messageId: 1, filter: new AndFilter({ filters }) });
  expect(readRequest(search.write()).operation).toHaveProperty(
    ["filter", "filters", 0, "value"],
    BINARY,
  );
  const modification = new Attribute({ type: "unicodePwd", values: [BINARY] });
  const changes = [new Change({ operation: "replace", modification })];
  const modify = new ModifyRequest({ messageId: 2, dn: "<GUID=00>", changes });
  expect(readRequest(modify.write()).operation).toEqual({
    kind: "modify",
    dn: "<GUID=00>",
    changes: [{ kind: "replace", name: "unicodePwd", values: [BINARY] }],
  });
});

test("a paging control", () => {
  const control = new PagedResultsControl({ value: { size: 7, cookie: BINARY } });
  const [read] = searchWith("(cn=*)", [control]).controls;
  expect(read?.oid).toBe("1.2.840.113556.1.4.319");
  expect(readPage(read?.value)).toEqual({ size: 7, cookie: BINARY });
});

test("filters nested too deep are refused", () => {
  const nested = (depth: number) => `${"(!".repeat(depth)}(a=1)${")".repeat(depth)}`;
  expect(searchWith(nested(60)).operation.kind).toBe("search");
  expect(() => searchWith(nested(100))).toThrow(MalformedMessage);
});

test("any bytes, and any damaged message, are read or refused as malformed", () => {
  const good = new SearchRequest({
    messageId: 1,
    filter: FilterParser.parseString("(&(a=1)(|(b=2*3)(!(c=*))))"),
    attributes: ["x"],
  }).write();
  const damaged = fc
    .array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 })
    .map((edits) => {
      const bytes = Buffer.from(good);
      for (const [at, value] of edits) bytes[at] = value;
      return bytes;
    });
  const random = fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes));
  fc.assert(
    fc.property(fc.oneof(random, damaged), (bytes) => {
      try {
        expect(readRequest(bytes).id).toBeGreaterThan(0);
      } catch (error) {
        expect(error).toBeInstanceOf(MalformedMessage);
      }
    }),
    { numRuns: 1000 },
  );
});
