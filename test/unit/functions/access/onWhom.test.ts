import { GUARDS, type Guard } from "../../../../functions/access/guard.ts";
import { onWhom } from "../../../../functions/access/onWhom.ts";
import type { Asked } from "../../../../functions/access/permit.ts";
import { partsWith } from "../partsWith.ts";
import { callWith, USER } from "../writeback/call.ts";

const OTHER = "5a3f1c00-0000-4000-8000-000000000099";

const asked = (guard: Guard, id: string): Asked =>
  ({ facts: { id }, call: { ...callWith(), guard } }) as Asked;
const refusalOf = (guard: Guard, id: string): Promise<string | undefined> =>
  onWhom(asked(guard, id), partsWith({})).then(
    () => undefined,
    ({ code }: { code: string }) => code,
  );

test.each<[keyof typeof GUARDS, string | undefined, string | undefined]>([
  ["user", undefined, "accessDenied"],
  ["userStepUp", undefined, "accessDenied"],
  ["admin", "ownAccount", undefined],
  ["adminOrAutomation", "ownAccount", undefined],
  ["portal", undefined, undefined],
])("guard %s: oneself %s, others %s", async (name, oneself, others) => {
  expect(await refusalOf(GUARDS[name], USER)).toBe(oneself);
  expect(await refusalOf(GUARDS[name], USER.toUpperCase())).toBe(oneself);
  expect(await refusalOf(GUARDS[name], OTHER)).toBe(others);
});
