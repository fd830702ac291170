import { domainName } from "../../../../agent/directory/domainName.ts";

const CORP = domainName("DC=corp,DC=example");

test.each([
  "CN=Alex,OU=Staff,DC=corp,DC=example",
  "cn=alex,dc=CORP,dc=Example",
  "CN=Harbour\\, Alex,DC=corp,DC=example",
  "CN=dc\\=corp,OU=x,DC=corp,DC=example",
  "CN=Alex,DC=unit,OU=Staff,DC=corp,DC=example",
])("%s lies in the domain", (dn) => {
  expect(domainName(dn)).toBe(CORP);
});

test.each([
  "CN=Alex,DC=emea,DC=corp,DC=example",
  "CN=Alex,DC=corp,DC=other",
  "CN=Alex,DC=example",
  "CN=Alex\\,DC=corp,DC=example",
  "CN=Alex,DC=corp\\,DC=example",
])("%s lies in another one", (dn) => {
  expect(domainName(dn)).not.toBe(CORP);
  expect(domainName(dn)).toBeDefined();
});

test.each(["", "CN=Alex", "DC=corp,CN=Alex", "no name", "CN=Alex,DC=corp,DC=example,O=Contoso"])(
  "%j lies in none",
  (dn) => {
    expect(domainName(dn)).toBeUndefined();
  },
);
