import { ERRORS, errorRow, isErrorCode } from "../../../protocol/errors.ts";
import { TEXTS } from "../../../protocol/texts.ts";

const rows = Object.entries(ERRORS);

test("every code has an event id of its own, in the range of its kind", () => {
  const events = rows.map(([, { event }]) => event);
  expect(new Set(events).size).toBe(events.length);
  for (const event of events) expect(event).toBeGreaterThan(40_100);
  for (const event of events) expect(event).toBeLessThan(40_500);
});

test.each(rows)("%s: its text exists and its status is one that callers know", (code, row) => {
  expect(Object.keys(TEXTS)).toContain(row.text);
  expect([400, 401, 403, 404, 409, 412, 413, 422, 423, 429, 500, 502, 503]).toContain(row.status);
  expect(code).toMatch(/^[a-z][a-zA-Z]+$/);
});

test("503 says that nothing was sent, so a client may send the same again", () => {
  for (const [, row] of rows.filter(([, { status }]) => status === 503)) {
    expect(row.event).toBeGreaterThan(40_200);
    expect(row.event).toBeLessThan(40_300);
    expect((row as { retry: boolean }).retry).toBe(true);
  }
});

test("429 is a limit of the service's own, told before anything is sent", () => {
  const limits = rows.filter(([, { status }]) => status === 429).map(([code]) => code);
  expect(limits).toEqual(["resetLimitReached", "changeLimitReached", "tooManyRequests"]);
});

test("an unknown outcome is never what Microsoft's client repeats by itself", () => {
  expect([429, 503, 504]).not.toContain(ERRORS.outcomeUnknown.status);
  expect(ERRORS.outcomeUnknown.retry).toBe(false);
});

test("a code of a newer peer reads as a refusal, names of Object's own are no codes", () => {
  expect(errorRow("somethingNew")).toBe(ERRORS.directoryRefused);
  for (const name of ["toString", "constructor", "__proto__"]) {
    expect(isErrorCode(name)).toBe(false);
    expect(errorRow(name)).toBe(ERRORS.directoryRefused);
  }
});

test("every text is used, and a whole sentence", () => {
  const used = new Set<string>(rows.map(([, { text }]) => text));
  expect(Object.keys(TEXTS).filter((key) => !used.has(key))).toEqual([]);
  for (const text of Object.values(TEXTS)) expect(text).toMatch(/^[A-Z].*\.$/);
});
