import type { PublicKey } from "../../../protocol/trustList.ts";
import { readEnvironment } from "../../../scripts/hooks/deployment.ts";
import { type KeepRootKeyParts, keepRootKey } from "../../../scripts/hooks/keepRootKey.ts";

const KEY: PublicKey = { kty: "EC", crv: "P-256", x: "A".repeat(43), y: "B".repeat(43) };
const NEW = { AZURE_ENV_NAME: "writeback-test" };
const DEPLOYED = { ...NEW, API_URL: "https://func-contoso.azurewebsites.net" };
const KNOWN = { ...DEPLOYED, ROOT_PUBLIC_KEY_X: KEY.x, ROOT_PUBLIC_KEY_Y: KEY.y };

/** How it ended, what was kept, and how often the functions were asked. */
async function kept(values: NodeJS.ProcessEnv, parts: Partial<KeepRootKeyParts> = {}) {
  const keys: unknown[] = [];
  let asked = 0;
  const ended = await keepRootKey({
    environment: readEnvironment(values),
    pinned: undefined,
    keep: async (key, { name }) => {
      keys.push({ key, name });
      return true;
    },
    print: () => {},
    ...parts,
    isRunning: async () => {
      asked += 1;
      return (await parts.isRunning?.()) ?? false;
    },
  }).then(
    () => "goes on",
    (error: Error) => error.message,
  );
  return { ended, keys, asked };
}

test("the first deployment asks nobody", async () => {
  expect(await kept(NEW)).toEqual({ ended: "goes on", keys: [], asked: 0 });
});

test("an environment with the key goes on; with another than the profile it stops", async () => {
  expect(await kept(KNOWN)).toEqual({ ended: "goes on", keys: [], asked: 0 });
  expect(await kept(KNOWN, { pinned: KEY })).toMatchObject({ ended: "goes on", keys: [] });
  const { ended } = await kept({ ...KNOWN, ROOT_PUBLIC_KEY_X: "C".repeat(43) }, { pinned: KEY });
  expect(ended).toContain("are not the root key of .azure/writeback-test/operator.json");
});

test("the profile's key goes into an environment that lacks it, or half of it", async () => {
  const taken = { ended: "goes on", keys: [{ key: KEY, name: "writeback-test" }], asked: 0 };
  expect(await kept(DEPLOYED, { pinned: KEY })).toEqual(taken);
  expect(await kept({ ...KNOWN, ROOT_PUBLIC_KEY_Y: "" }, { pinned: KEY })).toEqual(taken);
});

test("where azd does not keep it, it stops with what is to be typed", async () => {
  const { ended } = await kept(DEPLOYED, { pinned: KEY, keep: async () => false });
  expect(ended).toContain(`azd env set -e writeback-test -- ROOT_PUBLIC_KEY_X ${KEY.x}`);
});

test("it stops where functions run; those that never ran have no key to lose", async () => {
  const { ended } = await kept(DEPLOYED, { isRunning: async () => true });
  expect(ended).toContain("provisioning would take it away");
  expect(ended).toContain("npm run operator -- init --profile .azure/writeback-test/operator.json");
  expect(await kept(DEPLOYED)).toEqual({ ended: "goes on", keys: [], asked: 1 });
});

test("that functions did not answer is said: they may have a key all the same", async () => {
  const lines: string[] = [];
  const print = (line: string) => void lines.push(line);
  await kept(DEPLOYED, { print });
  expect(lines.join("\n")).toContain("https://func-contoso.azurewebsites.net does not answer");
  expect(lines.join("\n")).toContain("init --profile .azure/writeback-test/operator.json --yes");
  await kept(NEW, { print });
  expect(lines).toHaveLength(1);
});
