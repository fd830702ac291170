import { replaceValue } from "../../../local/accounts/changes.ts";
import { Gate } from "../../../local/directory/gate.ts";
import type { Operation } from "../../../local/directory/wire/request.ts";
import { onSimulated } from "./operations/onSimulated.ts";

const { fixture, directory } = onSimulated();

test("a reset that leaves 0 though nobody asked for it is told, with the right that is missing", async () => {
  const person = await fixture.person();
  const gate = new Gate();
  // The look after the reset alone asks one object for its key version.
  const isLook = (operation: Operation): boolean =>
    operation.kind === "search" &&
    operation.scope === "base" &&
    operation.attributes.includes("msDS-KeyVersionNumber");
  directory().faults.next("search", { kind: "hold", applied: false, gate }, isLook);
  const wish = { operation: "reset", newPassword: "Second-Meadow-28", mustChange: false } as const;
  const verdict = fixture.run(person, wish);
  await gate.arrived;
  await fixture.administrator.modify(person.dn, replaceValue("pwdLastSet", "0"));
  gate.release();
  expect(await verdict).toEqual({
    status: "succeeded",
    detail: { wasLocked: false, mustChangeUnasked: true },
    directory: {
      server: "dc1.corp.example",
      policyEnforced: true,
      missingRight: "Unexpire-Password",
      keyVersionBefore: 1,
      keyVersionAfter: 2,
    },
  });
});
