import { rolesInPlay } from "../../../../functions/access/rolesInPlay.ts";
import type { ApiCall } from "../../../../functions/http/apiCall.ts";
import type { HeldRoles, Roles } from "../../../../functions/people/roles.ts";
import type { Origin, Request } from "../../../../protocol/request.ts";
import { partsWith } from "../partsWith.ts";

const CALLER = "5a3f1c00-0000-4000-8000-000000000001";
const PERSON = "5a3f1c00-0000-4000-8000-0000000000fa";
const OTHER = "5a3f1c00-0000-4000-8000-0000000000fb";
const NOTHING: HeldRoles = { roles: new Set(), marks: new Set() };

/** Begins a call, and says what was read by then and afterwards. */
function begin(
  user: string,
  origin: Origin,
  operation: Request["operation"] = "reset",
  selfServiceForRoleHolders = false,
) {
  const read: string[] = [];
  const roles: Pick<Roles, "rightsOf" | "heldBy"> = {
    rightsOf: async (id) => {
      read.push(`rights of ${id}`);
      return new Set<string>();
    },
    heldBy: async (id) => {
      read.push(`held by ${id}`);
      return NOTHING;
    },
  };
  const parts = partsWith({ roles: roles as Roles, selfServiceForRoleHolders });
  const call = { caller: { id: CALLER } } as ApiCall;
  return { inPlay: rolesInPlay(user, { operation, origin }, call, parts), read };
}

test("of an administrator's call both are read at once, and once", async () => {
  const { inPlay, read } = begin(PERSON.toUpperCase(), "admin");
  const both = [`rights of ${CALLER}`, `held by ${PERSON.toUpperCase()}`];
  expect(read).toEqual(both);
  await inPlay.caller();
  await inPlay.target(PERSON);
  expect(read).toEqual(both);
});

test("with a name the person's roles wait for the id", async () => {
  const { inPlay, read } = begin("alex@corp.example", "admin");
  expect(read).toEqual([`rights of ${CALLER}`]);
  await inPlay.target(PERSON);
  expect(read).toEqual([`rights of ${CALLER}`, `held by ${PERSON}`]);
});

test("what was read of another id than the person's counts for nothing", async () => {
  const { inPlay, read } = begin(OTHER, "portal");
  await inPlay.target(PERSON);
  expect(read).toEqual([`held by ${OTHER}`, `held by ${PERSON}`]);
});

test.each<[Origin, Request["operation"], boolean, boolean]>([
  ["self", "change", false, false],
  ["self", "passwordRules", false, false],
  ["self", "reset", false, true],
  ["self", "unlock", false, true],
  ["self", "reset", true, false],
  ["portal", "change", false, true],
  ["portal", "passwordRules", false, true],
  ["portal", "reset", true, false],
  ["automation", "unlock", false, true],
  ["automation", "reset", true, true],
  ["admin", "passwordRules", true, true],
])(
  "%s, %s, holders of roles let in: %p; their roles are read: %p",
  (origin, operation, letIn, expected) => {
    const { read } = begin(PERSON, origin, operation, letIn);
    expect(read.includes(`held by ${PERSON}`)).toBe(expected);
  },
);

test("roles that cannot be read disturb nobody who does not ask for them", async () => {
  const failing = async () => {
    throw new Error("not read");
  };
  const roles = { rightsOf: failing, heldBy: failing } as unknown as Roles;
  const parts = partsWith({ roles, selfServiceForRoleHolders: false });
  const call = { caller: { id: CALLER } } as ApiCall;
  const inPlay = rolesInPlay(PERSON, { operation: "reset", origin: "admin" }, call, parts);
  await new Promise((resolve) => setImmediate(resolve));
  await expect(inPlay.caller()).rejects.toThrow("not read");
  await expect(inPlay.target(PERSON)).rejects.toThrow("not read");
});
