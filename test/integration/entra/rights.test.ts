import { RIGHTS, ROLE_ASSIGNABLE_GROUP } from "../../../infra/entra/rights.ts";
import { newLeaf } from "../../unit/protocol/leaf.ts";
import { EVERYTHING, FUNCTIONS, type SetupPlace, startSetupPlace } from "./entraFixture.ts";

const NEEDS = [...RIGHTS, ROLE_ASSIGNABLE_GROUP];
const needsOf = (command: string) => NEEDS.filter(({ by }) => by.includes(command));

let done: SetupPlace;
let certificate: string;
beforeAll(async () => {
  done = await startSetupPlace();
  await done.run("api");
  certificate = await done.write("client.pem", (await newLeaf("rsa")).certificate);
});
afterAll(() => done.stop());

/** What each command is run with, so that it makes all the calls that it can make. */
const argumentsOf: Readonly<Record<string, (place: SetupPlace) => Promise<string[]>>> = {
  api: async (place) => {
    await place.change(EVERYTHING);
    return [];
  },
  client: async () => [
    ...["--name", "portal", "--certificate", certificate],
    ...["--role", "SelfService.ReadWrite.All", "--scope", "Password.ReadWrite"],
  ],
  agent: async (place) => {
    const { file, fingerprint } = await place.request("agent-2");
    return [file, "--fingerprint", fingerprint];
  },
  functions: async () => ["--identity", FUNCTIONS.objectId],
};
const COMMANDS = Object.keys(argumentsOf);

/** Runs a command where the API is registered, by somebody with these permissions alone. */
async function runWith(command: string, needs: typeof NEEDS) {
  const place = await startSetupPlace(needs.map(({ permission }) => permission));
  const { applications, servicePrincipals, groups } = done.identity.objects;
  if (command !== "api")
    Object.assign(place.identity.objects, { applications, servicePrincipals, groups });
  const given = (await argumentsOf[command]?.(place)) ?? [];
  return place.run(command, ...given).finally(() => place.stop());
}

test.each(COMMANDS)("%s does its work with what the table has for it", async (command) => {
  expect(await runWith(command, needsOf(command))).toMatchObject({ code: 0, errors: "" });
});

test.each(
  COMMANDS.flatMap((command) => needsOf(command).map((need) => [command, need.of, need] as const)),
)("%s without the right to %s ends with what is missing", async (command, _, need) => {
  const { code, errors } = await runWith(
    command,
    needsOf(command).filter((one) => one !== need),
  );
  expect(code).toBe(1);
  expect(errors).toMatch(/refused \w+ \/.*\(403 Authorization_RequestDenied\)/);
  expect(errors).toContain(`It takes the role "${need.role}", or of an application `);
  expect(errors).toContain(`${need.permission}.`);
  expect(errors).toContain("docs/entra.md");
});
