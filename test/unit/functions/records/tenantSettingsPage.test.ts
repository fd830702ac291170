import { readFileSync } from "node:fs";
import {
  DEFAULT_SETTINGS,
  settingsChange,
  settingsOf,
} from "../../../../functions/records/tenantSettings.ts";
import { ERRORS, isErrorCode } from "../../../../protocol/errors.ts";

const page = readFileSync("docs/tenantSettings.md", "utf8");
const { helpContact, ...groups } = DEFAULT_SETTINGS;
const defaults = {
  ...Object.fromEntries(
    Object.entries(groups).flatMap(([group, members]) =>
      Object.entries(members).map(([name, value]) => [`${group}.${name}`, value]),
    ),
  ),
  helpContact,
};

test("every member is on the page, with its default, and no other", () => {
  const rows = [...page.matchAll(/^\| `([\w.]+)` \| `(.+?)` \|/gm)];
  const told = Object.fromEntries(rows.map(([, name, value]) => [name, JSON.parse(value ?? "")]));
  expect(told).toEqual(defaults);
});

test("the codes that it names exist, and those of the settings are all there", () => {
  const named = new Set([...page.matchAll(/`(\w+)`/g)].map(([, word]) => String(word)));
  const codes = Object.entries(ERRORS)
    .filter(([, { event }]) => event >= 40_140 && event < 40_150)
    .map(([code]) => code);
  expect(codes.filter((code) => !named.has(code))).toEqual([]);
  const looksLikeOne = /(Disabled|Unusable|Unavailable|Changed|InScope|Excluded|Licensed)$/;
  expect([...named].filter((word) => looksLikeOne.test(word) && !isErrorCode(word))).toEqual([]);
});

test("its examples are what can be sent and what is answered", () => {
  const sent = /-d '(\{.*\})'/.exec(page)?.[1] ?? "";
  expect(settingsChange.safeParse(JSON.parse(sent)).success).toBe(true);
  const { id: _, ...answered } = JSON.parse(/```json\n([\s\S]*?)```/.exec(page)?.[1] ?? "");
  expect(settingsOf({ version: 1, ...answered })).toEqual(answered);
});
