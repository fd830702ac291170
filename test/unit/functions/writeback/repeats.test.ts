import type { Reservations } from "../../../../functions/records/reservations.ts";
import type { Intent } from "../../../../functions/writeback/intent.ts";
import { findEarlier, repeatedBy, repeatNames } from "../../../../functions/writeback/repeats.ts";
import { partsWith } from "../partsWith.ts";
import { AT, callWith, OPERATION_ID, USER } from "./call.ts";

const target = { id: USER, userPrincipalName: "a@b", sourceAnchor: "wP/uAAAAAAAA/oD/AAAAEQ==" };
const intent: Intent = { operation: "change", origin: "self", connector: "corp", target };
const ASKED = "change|a@b";
const names = (headers: Record<string, string>, asked = ASKED, tenant = "t1") =>
  repeatNames(callWith(headers), asked, tenant);
const KEY = { "idempotency-key": "key-1" };
const ID = { "client-request-id": "request-0001" };

test("a call without key and without an id of its own has no name to be found by", () => {
  expect(names({})).toEqual({ key: undefined, retry: undefined });
});

test("the key is the caller's, the route's and the tenant's own", () => {
  const { key } = names(KEY);
  expect(key).toBe(names(KEY).key);
  expect(names(KEY, ASKED, "t2").key).not.toBe(key);
  const call = callWith(KEY);
  expect(repeatNames({ ...call, route: "probe" }, ASKED, "t1").key).not.toBe(key);
  const other = { ...call.caller, id: "somebody else" };
  expect(repeatNames({ ...call, caller: other }, ASKED, "t1").key).not.toBe(key);
});

test("the retry is the caller's, for one account and one operation", () => {
  const { retry } = names(ID);
  expect(retry).toBe(names(ID).retry);
  expect(names(ID, "change|A@B").retry).toBe(retry);
  expect(names(ID, "unlock|a@b").retry).not.toBe(retry);
  expect(names(ID, "change|other@b").retry).not.toBe(retry);
});

test("a call that is not marked as a retry forgets what its id stood for", async () => {
  const dropped: string[] = [];
  const drop = async (name: string) => void dropped.push(name);
  const holder = async () => undefined;
  const parts = partsWith({ reservations: { drop, holder } as unknown as Reservations });
  const marked = { ...ID, "retry-attempt": "1" };
  for (const headers of [{}, KEY, marked, ID])
    await findEarlier(callWith(headers), names(headers), parts);
  expect(dropped).toEqual([names(ID).retry]);
});

test.each(["", " ", "with space", "ü", "k".repeat(256)])("the key %p is refused", (key) => {
  const call = callWith();
  const headers = new Headers();
  const get = (name: string) => (name === "idempotency-key" ? key : headers.get(name));
  const request = { ...call.request, headers: { ...headers, get } };
  const wrong = { ...call, request: request as unknown as typeof call.request };
  expect(() => repeatNames(wrong, ASKED, "t1")).toThrow(
    expect.objectContaining({ code: "invalidRequest", target: "Idempotency-Key" }),
  );
});

describe("what a call repeats", () => {
  const reservation = (subject: string) => ({
    operationId: OPERATION_ID,
    callerId: USER,
    subject,
    until: AT,
  });
  const find = async (
    headers: Record<string, string>,
    held: Partial<Record<"key" | "retry", string>>,
  ) => {
    const own = names(headers);
    const holder = async (name: string) => {
      if (name === own.key && held.key) return reservation(held.key);
      return name === own.retry && held.retry ? reservation(held.retry) : undefined;
    };
    const drop = async () => {};
    const parts = partsWith({ reservations: { holder, drop } as unknown as Reservations });
    return repeatedBy(await findEarlier(callWith(headers), own, parts), intent);
  };
  const subject = `change|${USER}`;

  test("the operation that has its key", async () => {
    expect(await find(KEY, { key: subject })).toBe(OPERATION_ID);
    expect(await find(KEY, {})).toBeUndefined();
  });
  test("a key of another operation or person is refused", async () => {
    for (const other of [`unlock|${USER}`, "change|other"])
      await expect(find(KEY, { key: other })).rejects.toMatchObject({
        code: "idempotencyKeyReused",
        status: 422,
      });
  });
  test("the same id only if it is marked as a retry", async () => {
    expect(await find(ID, { retry: subject })).toBeUndefined();
    for (const mark of ["0", "-1", "no", ""])
      expect(await find({ ...ID, "retry-attempt": mark }, { retry: subject })).toBeUndefined();
    expect(await find({ ...ID, "retry-attempt": "1" }, { retry: subject })).toBe(OPERATION_ID);
    expect(await find({ "retry-attempt": "1" }, { retry: subject })).toBeUndefined();
  });
  test("a retry that names somebody else by the same name repeats nothing", async () => {
    const marked = { ...ID, "retry-attempt": "1" };
    expect(await find(marked, { retry: "change|other" })).toBeUndefined();
  });
});
