import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readProfile as readEntraProfile } from "../../../infra/entra/profile.ts";
import { API_CLIENT_ID, NAMESPACE, TENANT_ID } from "../../../local/stack/tenant.ts";
import { readProfile } from "../../../operator/profile.ts";

const certificate = { clientId: API_CLIENT_ID, file: "operator.pem" };
const OPERATOR = {
  version: 1,
  tenantId: TENANT_ID,
  api: "https://writeback.contoso.example",
  apiClientId: API_CLIENT_ID,
  vault: "https://kv-contoso.vault.azure.net",
  relay: { namespace: NAMESPACE },
};
const ENTRA = { version: 1, tenantId: TENANT_ID };
const ELSEWHERE = "https://stand-in.example";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "token-hosts-"));
});
afterAll(() => rm(folder, { recursive: true }));

/** Empty where the profile is taken. */
async function refusal(read: (file: string) => Promise<unknown>, profile: object) {
  const file = join(folder, "profile.json");
  await writeFile(file, JSON.stringify(profile));
  return read(file).then(
    () => "",
    (error: Error) => error.message,
  );
}
const operator = (changes: object) => refusal(readProfile, { ...OPERATOR, ...changes });
const entra = (changes: object) => refusal(readEntraProfile, { ...ENTRA, ...changes });

test.each([
  { vault: "https://kv-contoso.vault.azure.cn" },
  { vault: "https://kv-contoso.vault.usgovcloudapi.net" },
  { vault: "https://hsm-contoso.managedhsm.azure.net" },
  { management: "https://management.usgovcloudapi.net/" },
])("a cloud's own addresses are taken: %j", async (changes) => {
  expect(await operator(changes)).toBe("");
});

/** Ways to sign in at Microsoft: `az` does, whatever authority the profile names. */
const AT_MICROSOFT = [
  {},
  { authority: ELSEWHERE },
  { certificate },
  ...["login.partner.microsoftonline.cn", "login.microsoftonline.us", "login.windows.net"].map(
    (host) => ({ certificate, authority: `https://${host}` }),
  ),
  { certificate, authority: "https://login.microsoftonline.com./" },
];

test.each(AT_MICROSOFT)("no token of Microsoft's goes elsewhere: %j", async (account) => {
  for (const vault of [
    ELSEWHERE,
    "https://kv-contoso.vault.azure.net@stand-in.example",
    "https://kv-contoso.vault.azure.net.stand-in.example",
    "https://vault.azure.net.example/kv-contoso.vault.azure.net",
  ])
    expect(await operator({ ...account, vault })).toBe('The profile is not right at "vault".');
  for (const management of [ELSEWHERE, "https://management.azure.com:444"])
    expect(await operator({ ...account, management })).toBe(
      'The profile is not right at "management".',
    );
  for (const graph of [ELSEWHERE, "https://graph.microsoft.com/x"])
    expect(await entra({ ...account, graph })).toBe('The profile is not right at "graph".');
});

test("what is no address is told, not tripped over", async () => {
  expect(await operator({ vault: "kv" })).toBe('The profile is not right at "vault".');
  expect(await operator({ management: "arm" })).toBe('The profile is not right at "management".');
  const broken = { certificate, authority: "http://[" };
  expect(await operator(broken)).toBe('The profile is not right at "authority".');
  expect(await entra(broken)).toBe('The profile is not right at "authority".');
});

test("who signs in at a stand-in goes wherever the profile says", async () => {
  const account = { certificate, authority: ELSEWHERE };
  expect(await operator({ ...account, vault: ELSEWHERE, management: ELSEWHERE })).toBe("");
  expect(await entra({ ...account, graph: ELSEWHERE })).toBe("");
});
