import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readProfile } from "../../../operator/profile.ts";
import { readDeployment } from "../../../scripts/hooks/deployment.ts";
import { leftToDo } from "../../../scripts/hooks/leftToDo.ts";

const ID = "7d3c2f10-0000-4000-8000-00000000aaaa";
const VALUES = {
  API_URL: "https://func-contoso.azurewebsites.net/",
  API_CLIENT_ID: ID,
  TENANT_ID: ID,
  MANAGED_IDENTITY_PRINCIPAL_ID: ID,
  SERVICE_BUS_NAMESPACE: "sb-contoso.servicebus.windows.net",
  KEY_VAULT_URL: "https://kv-contoso.vault.azure.net/",
};

test("before the root key is known, the profile that is shown is one that the operator can use", async () => {
  const told = leftToDo(readDeployment(VALUES));
  const folder = await mkdtemp(join(tmpdir(), "left-to-do-"));
  const file = join(folder, "operator.json");
  try {
    await writeFile(file, told.slice(told.indexOf("{"), told.indexOf("\n}\n") + 2));
    expect(await readProfile(file)).toMatchObject({
      api: "https://func-contoso.azurewebsites.net",
      vault: "https://kv-contoso.vault.azure.net",
      relay: { namespace: VALUES.SERVICE_BUS_NAMESPACE },
    });
  } finally {
    await rm(folder, { recursive: true });
  }
  expect(told).toContain("azd env set ROOT_PUBLIC_KEY_X");
  expect(told).toContain(`--identity ${ID}`);
});

test("once it is known, nobody is told to set it, and the step that is named is there", async () => {
  const told = leftToDo(readDeployment({ ...VALUES, ROOT_PUBLIC_KEY_X: "x" }));
  expect(told).not.toContain("azd env set");
  const step = /step (\d+) of docs\/deploy\.md/.exec(told)?.[1];
  expect(await readFile("docs/deploy.md", "utf8")).toContain(`\n## ${step}. The first agent\n`);
});

test("values that are missing or wrong are named, and never shown", () => {
  const { API_URL: _, ...rest } = VALUES;
  const read = () => readDeployment({ ...rest, TENANT_ID: "not-a-tenant" });
  expect(read).toThrow(/of: API_URL, TENANT_ID$/);
  expect(read).not.toThrow(/not-a-tenant/);
});
