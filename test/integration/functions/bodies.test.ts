import { connect } from "node:net";
import { TestCloud } from "./testCloud.ts";

const CANARY = "Canary-Harbour-41";
const OWN = "/v1.0/me/changePassword";
const PORTAL = "/v1.0/selfService/resetPassword";
const proof = () => ({ methods: ["email"], time: new Date().toISOString() });
const good = { currentPassword: CANARY, newPassword: CANARY };

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await TestCloud.start();
});
afterAll(() => cloud.half.stop());
beforeEach(() => cloud.half.heartbeat());

/** Sends bytes as they are and reads the whole answer. */
async function raw(headers: readonly string[], body: string): Promise<string> {
  const token = await cloud.half.tokens.user();
  const { hostname, port } = new URL(cloud.half.url);
  const head = [
    `POST ${OWN} HTTP/1.1`,
    `Host: ${hostname}:${port}`,
    `Authorization: Bearer ${token}`,
    "Connection: close",
    ...headers,
  ];
  return new Promise((resolve, reject) => {
    let text = "";
    const socket = connect(Number(port), hostname, () =>
      socket.write(`${head.join("\r\n")}\r\n\r\n${body}`),
    );
    socket.on("data", (data) => {
      text += data;
    });
    socket.on("error", reject);
    socket.on("close", () => resolve(text));
  });
}
const chunk = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`;

test.each<[string, readonly string[], string]>([
  ["an empty body", ["Content-Length: 0"], ""],
  ["no body at all", [], ""],
  ["an empty body in chunks", ["Transfer-Encoding: chunked"], "0\r\n\r\n"],
  [
    "a good body in chunks",
    ["Transfer-Encoding: chunked"],
    `${chunk(JSON.stringify(good))}0\r\n\r\n`,
  ],
])("%s is 400 and names the body", async (_, headers, body) => {
  const answer = await raw(headers, body);
  expect(answer).toMatch(/^HTTP\/1\.1 400 /);
  expect(answer).toContain('"code":"bodyMissing"');
  expect(answer).toContain('"target":"body"');
  expect(answer).not.toContain(CANARY);
});

test("what is not JSON is 400 and names the body", async () => {
  const body = `{"currentPassword":"${CANARY}",`;
  const answer = await raw([`Content-Length: ${body.length}`], body);
  expect(answer).toMatch(/^HTTP\/1\.1 400 /);
  expect(answer).toContain('"code":"invalidRequest"');
  expect(answer).not.toContain(CANARY);
});

test.each<[string, string, unknown, number, string, string | undefined]>([
  ["a list", OWN, [CANARY], 400, "invalidRequest", "body"],
  ["a text", OWN, CANARY, 400, "invalidRequest", "body"],
  ["nothing in it", OWN, {}, 400, "invalidRequest", "currentPassword"],
  ["a missing password", OWN, { currentPassword: CANARY }, 400, "invalidRequest", "newPassword"],
  [
    "a number for a password",
    OWN,
    { ...good, newPassword: 41 },
    400,
    "invalidRequest",
    "newPassword",
  ],
  ["an unknown member", OWN, { ...good, force: CANARY }, 400, "invalidRequest", "force"],
  ["a member of another route", OWN, { ...good, user: CANARY }, 400, "invalidRequest", "user"],
  ["an empty password", OWN, { ...good, newPassword: "" }, 400, "passwordUnusable", "newPassword"],
  [
    "a password of 257 units",
    OWN,
    { ...good, newPassword: "a".repeat(257) },
    400,
    "passwordUnusable",
    "newPassword",
  ],
  [
    "a password of 129 two-unit characters",
    OWN,
    { ...good, newPassword: "🔑".repeat(129) },
    400,
    "passwordUnusable",
    "newPassword",
  ],
  ["a NUL", OWN, { ...good, newPassword: `${CANARY}\0` }, 400, "passwordUnusable", "newPassword"],
  [
    "a lone surrogate",
    OWN,
    { ...good, currentPassword: `${CANARY}\ud83d` },
    400,
    "passwordUnusable",
    "currentPassword",
  ],
  [
    "a body of 17 KiB",
    OWN,
    { ...good, more: CANARY.repeat(1_024) },
    413,
    "bodyTooLarge",
    undefined,
  ],
  ["no user", PORTAL, { newPassword: CANARY, proof: proof() }, 400, "invalidRequest", "user"],
  [
    "a user that is a path",
    PORTAL,
    { user: "../me", newPassword: CANARY, proof: proof() },
    400,
    "invalidRequest",
    "user",
  ],
  ["no proof", PORTAL, { user: "a@b", newPassword: CANARY }, 400, "invalidRequest", "proof"],
  [
    "a proof without methods",
    PORTAL,
    { user: "a@b", newPassword: CANARY, proof: { ...proof(), methods: [] } },
    400,
    "invalidRequest",
    "proof.methods",
  ],
  [
    "a proof with an answer in it",
    PORTAL,
    { user: "a@b", newPassword: CANARY, proof: { ...proof(), answer: CANARY } },
    400,
    "invalidRequest",
    "proof.answer",
  ],
  [
    "a proof of yesterday",
    PORTAL,
    { user: "a@b", newPassword: CANARY, proof: { ...proof(), time: "2026-01-01T00:00:00Z" } },
    403,
    "proofTooOld",
    "proof.time",
  ],
])("%s: refused, the field named, no value told", async (_, path, body, status, code, target) => {
  const { tokens } = cloud.half;
  const token = path === OWN ? await tokens.user() : await tokens.portal();
  const answer = await cloud.send(path, { token, body });
  expect([answer.status, answer.code, answer.body.error?.target]).toEqual([status, code, target]);
  expect(`${answer.text}${cloud.half.logged.join()}`).not.toContain(CANARY);
});

test("a body of a megabyte is refused", async () => {
  const token = await cloud.half.tokens.user();
  const answer = await fetch(new URL(OWN, cloud.half.url), {
    method: "POST",
    headers: { Authorization: `Bearer ${token}` },
    body: JSON.stringify({ ...good, more: "a".repeat(1_048_576) }),
  });
  expect(answer.status).toBe(413);
});

test("an Idempotency-Key that is none is refused and not echoed", async () => {
  const person = cloud.person();
  for (const key of [`${CANARY} ${CANARY}`, CANARY.repeat(20)]) {
    const answer = await cloud.change(person, { "Idempotency-Key": key });
    expect(answer).toMatchObject({ status: 400, code: "invalidRequest" });
    expect(answer.body.error?.target).toBe("Idempotency-Key");
    expect(answer.text).not.toContain(CANARY);
  }
});

test("nothing of all this reached the relay", () => {
  expect(cloud.half.agent.messages).toEqual([]);
});
