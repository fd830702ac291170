import { readDeployment } from "../../../scripts/hooks/deployment.ts";
import { profileText } from "../../../scripts/hooks/profileText.ts";
import { DEPLOYED } from "./deployed.ts";

const made = readDeployment(DEPLOYED);
const ROOT_KEY = { kty: "EC", crv: "P-256", x: "A".repeat(43), y: "B".repeat(43) };

/** What comes of a profile that is there. */
const after = (before: object) => JSON.parse(profileText(made, JSON.stringify(before)));

test("what a person or init added stays, and what was deployed anew is replaced", () => {
  const added = {
    rootKey: ROOT_KEY,
    certificate: { clientId: DEPLOYED.TENANT_ID, file: "operator.pem" },
    caFile: "ca.pem",
  };
  const relay = { namespace: "sb-old.servicebus.windows.net", endpoint: "https://bus.example" };
  expect(after({ ...added, vault: "https://kv-old.vault.azure.net", relay })).toEqual({
    ...JSON.parse(profileText(made)),
    ...added,
    relay: { endpoint: "https://bus.example", namespace: DEPLOYED.SERVICE_BUS_NAMESPACE },
  });
});

test("a name that somebody gave the API stays; one of the platform's is replaced", () => {
  expect(after({ api: "https://writeback.contoso.example" }).api).toBe(
    "https://writeback.contoso.example",
  );
  expect(after({ api: "https://func-old.azurewebsites.net" }).api).toBe(made.API_URL);
});

test("another authority than the global one is told", () => {
  expect(JSON.parse(profileText(made))).not.toHaveProperty("authority");
  const national = { ...made, AUTHORITY: "https://login.microsoftonline.us" };
  expect(JSON.parse(profileText(national)).authority).toBe(national.AUTHORITY);
  expect(after({ authority: national.AUTHORITY })).not.toHaveProperty("authority");
});

test("what is no profile is not written over", () => {
  for (const text of ["", "{", "[]", '"operator"'])
    expect(() => profileText(made, text)).toThrow("mend it, or remove it");
});
