import { onSimulated } from "./operations/onSimulated.ts";

const { fixture, directory } = onSimulated();

const PASSWORDS = ["First-Harbour-17", "Second-Meadow-28", "Third-Mountain-39"] as const;

/** Bare: one search for the account, one modify. */
test.each([
  ["unlock", 2],
  ["requireChange", 2],
  ["reset", 2],
  ["change", 3],
] as const)("%s makes %i searches and one modify once it has learnt the rules", async (...row) => {
  const [operation, expected] = row;
  const person = await fixture.person();
  const wishOf = (time: 0 | 1) => {
    const newPassword = PASSWORDS[time + 1] ?? "";
    if (operation === "reset") return { operation, newPassword, mustChange: false } as const;
    return operation === "change"
      ? ({ operation, currentPassword: PASSWORDS[time], newPassword } as const)
      : ({ operation } as const);
  };
  await fixture.run(person, wishOf(0));
  const { searches, modifies } = directory().counters;
  expect(await fixture.run(person, wishOf(1))).toMatchObject({ status: "succeeded" });
  expect(directory().counters.searches - searches).toBe(expected);
  expect(directory().counters.modifies - modifies).toBe(1);
});
