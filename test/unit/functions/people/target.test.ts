import { resolveTarget } from "../../../../functions/people/target.ts";
import type { UserFacts } from "../../../../functions/people/userFacts.ts";

const facts: UserFacts = {
  id: "5a3f1c00-0000-4000-8000-000000000011",
  userPrincipalName: "alex@corp.example",
  synchronized: true,
  sourceAnchor: "wP/uAAAAAAAA/oD/AAAAEQ==",
  sid: "S-1-5-21-1-2-3-1100",
  domain: "corp.example",
  managementRestricted: false,
  servicePlans: [],
};
const connectors = [
  { name: "emea", domains: ["emea.example"] },
  { name: "corp", domains: ["child.corp.example", "corp.example"] },
];

test("the domain chooses the connector", () => {
  expect(resolveTarget(facts, connectors)).toEqual({
    connector: "corp",
    target: {
      id: facts.id,
      userPrincipalName: facts.userPrincipalName,
      sourceAnchor: facts.sourceAnchor,
      sid: facts.sid,
    },
  });
  expect(resolveTarget({ ...facts, domain: "emea.example" }, connectors).connector).toBe("emea");
});

test.each<[string, Partial<UserFacts>, string]>([
  ["a cloud-only account", { synchronized: false }, "userNotSynchronized"],
  [
    "an account that was once synchronised",
    { synchronized: false, domain: "corp.example" },
    "userNotSynchronized",
  ],
  ["an account without an anchor", { sourceAnchor: undefined }, "userWithoutAnchor"],
  ["an account without a domain", { domain: undefined }, "domainWithoutConnector"],
  ["an account of a foreign domain", { domain: "other.example" }, "domainWithoutConnector"],
  [
    "an account of a domain below a served one",
    { domain: "x.corp.example" },
    "domainWithoutConnector",
  ],
])("%s is refused with its own code", (_, changes, code) => {
  expect(() => resolveTarget({ ...facts, ...changes }, connectors)).toThrow(
    expect.objectContaining({ name: "ApiError", code }),
  );
});
