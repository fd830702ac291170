import type { TableClient } from "@azure/data-tables";
import { RestError } from "@azure/data-tables";
import type { GroundRows } from "../../../../functions/records/groundRows.ts";
import { SettingsStore } from "../../../../functions/records/settingsStore.ts";

const failure = (statusCode: number) => new RestError("no", { statusCode });

/** A store on one row; `meet` happens at each write before it is made. */
function storeOn(meet: (write: number) => void) {
  let row: { json: string; etag: string } | undefined;
  let writes = 0;
  const put = (json: string) => {
    writes += 1;
    row = { json, etag: `tag${writes}` };
  };
  const write = async ({ json }: { json: string }, known: string | undefined) => {
    meet(writes);
    if (known !== row?.etag) throw failure(row && known === undefined ? 409 : 412);
    put(json);
  };
  const table = {
    createEntity: (entity: { json: string }) => write(entity, undefined),
    updateEntity: (entity: { json: string }, _: string, { etag }: { etag: string }) =>
      write(entity, etag),
  } as unknown as TableClient;
  const ground = async () => ({ settings: row }) as unknown as GroundRows;
  return { store: new SettingsStore(table, ground), put, at: () => row?.json };
}
const on = { features: { passwordWritebackEnabled: true } };
const nobodyTold = () => {};

test("a change that others get in before is made on what they have left", async () => {
  const { store, put, at } = storeOn((write) => {
    if (write === 0) put('{"version":1,"helpContact":"first@contoso.example"}');
    else if (write === 1) put('{"version":1,"helpContact":"second@contoso.example","mail":1}');
  });
  const told: (string | null)[] = [];
  const { settings } = await store.change(on, undefined, ({ helpContact }) => {
    told.push(helpContact);
  });
  expect(told).toEqual([null, "first@contoso.example", "second@contoso.example"]);
  expect(settings).toMatchObject({ ...on, helpContact: "second@contoso.example" });
  expect(JSON.parse(at() ?? "")).toEqual({
    version: 1,
    mail: 1,
    helpContact: "second@contoso.example",
    ...on,
  });
});

test("with an entity tag the same is refused", async () => {
  const { store, put } = storeOn((write) => {
    if (write === 0) put('{"version":1,"helpContact":"first@contoso.example"}');
  });
  const { etag } = await store.current();
  await expect(store.change(on, [etag], nobodyTold)).rejects.toMatchObject({
    code: "settingsChanged",
  });
});

test("who never gets a turn is told that nothing was changed", async () => {
  let count = 0;
  const { store, put, at } = storeOn(() => {
    count += 1;
    put(`{"version":1,"helpContact":"help${count}@contoso.example"}`);
  });
  await expect(store.change(on, undefined, nobodyTold)).rejects.toMatchObject({
    code: "recordsUnavailable",
  });
  expect(at()).not.toContain("features");
});

test("a table that does not answer is not taken for another's change", async () => {
  let tries = 0;
  const { store } = storeOn(() => {
    tries += 1;
    throw failure(500);
  });
  await expect(store.change(on, undefined, nobodyTold)).rejects.toMatchObject({
    code: "recordsUnavailable",
  });
  expect(tries).toBe(1);
});

test("the contact is that of the settings that were read last", async () => {
  const { store, put } = storeOn(nobodyTold);
  expect(store.helpContact).toBeNull();
  put('{"version":1,"helpContact":"help@contoso.example"}');
  await store.current();
  expect(store.helpContact).toBe("help@contoso.example");
  put("{");
  await expect(store.current()).rejects.toMatchObject({ code: "settingsUnusable" });
  expect(store.helpContact).toBe("help@contoso.example");
});
