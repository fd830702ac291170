import { askedFor } from "../../../../functions/audit/askedFor.ts";

test("an object id is noted before anybody has looked it up", () => {
  expect(askedFor("5A3F1C00-0000-4000-8000-000000000011")).toEqual({
    targetId: "5a3f1c00-0000-4000-8000-000000000011",
  });
});

test.each([
  "",
  "..",
  "alex@corp.example",
  "S3cret@2026.typed-into-the-wrong-field",
  "x' or '1' eq '1",
])("%j is not: it may be anything that somebody typed", (named) => {
  expect(askedFor(named)).toEqual({});
});
