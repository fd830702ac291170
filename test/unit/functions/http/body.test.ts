import { password } from "@password-writeback/protocol/password.ts";
import { z } from "zod";
import { readBody } from "../../../../functions/http/body.ts";
import { HttpRequest } from "../../../../local/host/azureFunctions.ts";

const schema = z.strictObject({
  newPassword: password,
  mustChange: z.boolean().optional(),
  proof: z.strictObject({ methods: z.array(z.string().max(5)) }).optional(),
});
const request = (body: string | Uint8Array | undefined, headers: Record<string, string> = {}) =>
  new HttpRequest({
    method: "POST",
    url: "http://127.0.0.1/v1.0/x",
    headers,
    ...(body === undefined ? {} : { body: { bytes: Buffer.from(body) } }),
  });
const read = (body: string | Uint8Array | undefined, headers?: Record<string, string>) =>
  readBody(request(body, headers), schema);
const CANARY = "Canary-41";

test("a body reads as it was sent, nothing trimmed", async () => {
  expect(await read('{"newPassword":" \\u00e9e\\u0301\\t"}')).toEqual({
    newPassword: " ée\u0301\t",
  });
});

test.each<[string, string | Uint8Array | undefined, string, string | undefined]>([
  ["none", undefined, "bodyMissing", "body"],
  ["empty", "", "bodyMissing", "body"],
  ["a blank", " ", "invalidRequest", "body"],
  ["not JSON", `{"newPassword":"${CANARY}"`, "invalidRequest", "body"],
  ["a form", `newPassword=${CANARY}`, "invalidRequest", "body"],
  ["not UTF-8", Uint8Array.from([0x7b, 0xff, 0x7d]), "invalidRequest", "body"],
  ["a list", `["${CANARY}"]`, "invalidRequest", "body"],
  ["null", "null", "invalidRequest", "body"],
  ["a number for a password", '{"newPassword":41}', "invalidRequest", "newPassword"],
  ["a missing member", "{}", "invalidRequest", "newPassword"],
  [
    "a wrong type",
    `{"newPassword":"${CANARY}","mustChange":"${CANARY}"}`,
    "invalidRequest",
    "mustChange",
  ],
  ["an unknown member", `{"newPassword":"${CANARY}","force":true}`, "invalidRequest", "force"],
  [
    "an unknown member inside",
    `{"newPassword":"a","proof":{"methods":[],"x":1}}`,
    "invalidRequest",
    "proof.x",
  ],
  [
    "a wrong place in a list",
    `{"newPassword":"a","proof":{"methods":["a","${CANARY}"]}}`,
    "invalidRequest",
    "proof.methods.1",
  ],
  ["a member that is no name", `{"newPassword":"a","<b>${CANARY}":1}`, "invalidRequest", "body"],
  ["__proto__", `{"newPassword":"a","__proto__":{"x":1}}`, "invalidRequest", "body"],
  ["an empty password", '{"newPassword":""}', "passwordUnusable", "newPassword"],
  ["a long password", `{"newPassword":"${CANARY.repeat(40)}"}`, "passwordUnusable", "newPassword"],
  ["a lone surrogate", '{"newPassword":"a\\ud83d"}', "passwordUnusable", "newPassword"],
])("%s", async (_, body, code, target) => {
  const error = await read(body).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ name: "ApiError", code, target });
  expect(`${JSON.stringify(error)}${(error as Error).stack}`).not.toContain(CANARY);
});

test("16 KiB is read, a byte more is not", async () => {
  const filled = (length: number) => '{"newPassword":"a"}'.padEnd(length);
  expect(await read(filled(16_384))).toEqual({ newPassword: "a" });
  await expect(read(filled(16_385))).rejects.toMatchObject({ code: "bodyTooLarge", status: 413 });
});

test("a body that is announced as too large is not read at all", async () => {
  const announced = { "content-length": "16385" };
  await expect(read("{}", announced)).rejects.toMatchObject({ code: "bodyTooLarge" });
});

test("the bytes of a body are overwritten once it is read, and where it cannot be", async () => {
  for (const text of ['{"newPassword":"Amber-Lighthouse-7"}', '{"newPassword":"Amber-Li']) {
    const sent = request(text);
    const bytes = await sent.clone().arrayBuffer();
    jest.spyOn(sent, "arrayBuffer").mockResolvedValue(bytes);
    await readBody(sent, schema).catch(() => {});
    expect(Buffer.from(bytes)).toEqual(Buffer.alloc(text.length));
  }
});
