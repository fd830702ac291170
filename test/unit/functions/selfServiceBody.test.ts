import { z } from "zod";
import { freshProof, selfServiceMembers } from "../../../functions/operations/selfServiceBody.ts";
import { partsWith } from "./partsWith.ts";

const NOW = Date.parse("2027-01-15T08:00:00Z");
const parts = partsWith({ now: () => NOW, proofMaxAge: 900_000 });
const proofAt = (time: string) => ({ methods: ["mobilePhone", "email"], time });

test("the record keeps the portal's word: methods and time", () => {
  expect(freshProof(proofAt("2027-01-15T09:00:00+01:00"), parts)).toBe(
    "mobilePhone,email at 2027-01-15T08:00:00.000Z",
  );
});

test.each([
  ["2027-01-15T07:45:00Z", true],
  ["2027-01-15T07:44:59Z", false],
  ["2027-01-15T08:01:00Z", true],
  ["2027-01-15T08:01:01Z", false],
])("a proof of %s: %p", (time, isFresh) => {
  const take = () => freshProof(proofAt(time), parts);
  if (isFresh) expect(take()).toContain("mobilePhone");
  else expect(take).toThrow(expect.objectContaining({ code: "proofTooOld", target: "proof.time" }));
});

test.each<[string, object]>([
  ["no methods", { methods: [], time: "2027-01-15T08:00:00Z" }],
  ["a method with a line break", { methods: ["a\nb"], time: "2027-01-15T08:00:00Z" }],
  ["eleven methods", { methods: Array(11).fill("sms"), time: "2027-01-15T08:00:00Z" }],
  ["a time without an offset", { methods: ["sms"], time: "2027-01-15T08:00:00" }],
  ["a number for a time", { methods: ["sms"], time: NOW }],
  ["an unknown member", { methods: ["sms"], time: "2027-01-15T08:00:00Z", answer: "x" }],
])("a proof with %s is no proof", (_, proof) => {
  const body = z.strictObject(selfServiceMembers);
  expect(body.safeParse({ user: "alex@corp.example", proof }).success).toBe(false);
});
