import { randomUUID } from "node:crypto";
import { odata, RestError, type TableClient } from "@azure/data-tables";

const statusOf = (error: unknown): number | undefined =>
  error instanceof RestError ? error.statusCode : undefined;

const row = (rowKey: string, more: object = {}) => ({ partitionKey: "p", rowKey, ...more });

/**
 * What the functions need of a table service. `open` gives a client of a table that nobody else
 * uses, before it was made.
 */
export function tablesSuite(open: () => TableClient): void {
  let table: TableClient;

  beforeEach(async () => {
    table = open();
    await table.createTable();
  });
  afterEach(() => table.deleteTable());

  test("a row that exists can't be created again", async () => {
    await table.createEntity(row("one", { text: "first" }));
    const again = table.createEntity(row("one", { text: "second" }));
    await expect(again).rejects.toMatchObject({ statusCode: 409 });
    expect((await table.getEntity("p", "one")).text).toBe("first");
  });

  test("an update with an old ETag is refused, one with the right ETag done", async () => {
    const { etag: old = "" } = await table.createEntity(row("one", { count: 1 }));
    await table.updateEntity(row("one", { count: 2 }), "Replace", { etag: old });
    const late = table.updateEntity(row("one", { count: 3 }), "Replace", { etag: old });
    await expect(late).rejects.toMatchObject({ statusCode: 412 });
    const read = await table.getEntity("p", "one");
    expect(read.count).toBe(2);
    await table.updateEntity(row("one", { count: 4 }), "Replace", { etag: read.etag });
    expect((await table.getEntity("p", "one")).count).toBe(4);
  });

  test("of 20 who create the same row at once, one wins", async () => {
    const attempts = Array.from({ length: 20 }, (_, by) => table.createEntity(row("one", { by })));
    const results = await Promise.allSettled(attempts);
    const winners = results.flatMap(({ status }, by) => (status === "fulfilled" ? [by] : []));
    expect(winners).toHaveLength(1);
    for (const result of results) {
      if (result.status === "rejected") expect(statusOf(result.reason)).toBe(409);
    }
    expect((await table.getEntity("p", "one")).by).toBe(winners[0]);
  });

  test("of 20 who update the same version at once, one wins", async () => {
    const { etag = "" } = await table.createEntity(row("one", { by: -1 }));
    const attempts = Array.from({ length: 20 }, (_, by) =>
      table.updateEntity(row("one", { by }), "Merge", { etag }),
    );
    const results = await Promise.allSettled(attempts);
    const winners = results.flatMap(({ status }, by) => (status === "fulfilled" ? [by] : []));
    expect(winners).toHaveLength(1);
    for (const result of results) {
      if (result.status === "rejected") expect(statusOf(result.reason)).toBe(412);
    }
    expect((await table.getEntity("p", "one")).by).toBe(winners[0]);
  });

  test("a row that isn't there is not found, also for an update", async () => {
    await expect(table.getEntity("p", "none")).rejects.toMatchObject({ statusCode: 404 });
    const update = table.updateEntity(row("none"), "Merge");
    await expect(update).rejects.toMatchObject({ statusCode: 404 });
  });

  test("a merge keeps the other properties, a replace doesn't", async () => {
    await table.createEntity(row("one", { kept: "a", changed: "b" }));
    await table.updateEntity(row("one", { changed: "c" }), "Merge");
    expect(await table.getEntity("p", "one")).toMatchObject({ kept: "a", changed: "c" });
    await table.updateEntity(row("one", { changed: "d" }), "Replace");
    expect((await table.getEntity("p", "one")).kept).toBeUndefined();
  });

  test("64-bit integers, dates, booleans and bytes come back as they were", async () => {
    const at = new Date("2026-11-03T10:20:30.123Z");
    const bytes = new Uint8Array([0, 1, 254, 255]);
    const large = 9_007_199_254_740_993n;
    await table.createEntity(row("one", { large, at, yes: true, bytes, text: "é 漢 ' \" \\" }));
    const read = await table.getEntity("p", "one");
    expect(read.large).toBe(large);
    expect(read.at).toEqual(at);
    expect(read.yes).toBe(true);
    expect(Buffer.from(read.bytes as Uint8Array)).toEqual(Buffer.from(bytes));
    expect(read.text).toBe("é 漢 ' \" \\");
  });

  test("a filter takes quotes, dates and 64-bit integers as values", async () => {
    const early = new Date("2026-11-03T10:00:00Z");
    const late = new Date("2026-11-03T11:00:00Z");
    await table.createEntity(row("1", { name: "O'Neill", at: early, size: 5n }));
    await table.createEntity(row("2", { name: "Okafor", at: late, size: 9_000_000_000n }));
    const found = async (filter: string) => {
      const keys: (string | undefined)[] = [];
      for await (const { rowKey } of table.listEntities({ queryOptions: { filter } })) {
        keys.push(rowKey);
      }
      return keys;
    };
    expect(await found(odata`name eq ${"O'Neill"}`)).toEqual(["1"]);
    expect(await found(odata`PartitionKey eq ${"p"} and at gt ${early}`)).toEqual(["2"]);
    expect(await found(odata`size lt ${6n}`)).toEqual(["1"]);
    expect(await found(odata`PartitionKey eq ${"other"}`)).toEqual([]);
  });

  test("a range of row keys comes in order", async () => {
    for (const key of ["2026-3", "2026-1", "2026-2", "2025-9"]) await table.createEntity(row(key));
    const filter = odata`PartitionKey eq ${"p"} and RowKey ge ${"2026"} and RowKey lt ${"2027"}`;
    const keys: (string | undefined)[] = [];
    for await (const { rowKey } of table.listEntities({ queryOptions: { filter } })) {
      keys.push(rowKey);
    }
    expect(keys).toEqual(["2026-1", "2026-2", "2026-3"]);
  });

  test("a deleted row is gone; a delete with an old ETag is refused", async () => {
    const { etag: old = "" } = await table.createEntity(row("one", { count: 1 }));
    await table.updateEntity(row("one", { count: 2 }), "Replace");
    await expect(table.deleteEntity("p", "one", { etag: old })).rejects.toMatchObject({
      statusCode: 412,
    });
    await table.deleteEntity("p", "one");
    await expect(table.getEntity("p", "one")).rejects.toMatchObject({ statusCode: 404 });
  });

  test("a transaction writes all of its rows or none", async () => {
    await table.createEntity(row("taken"));
    const attempt = table.submitTransaction([
      ["create", row("new")],
      ["create", row("taken")],
    ]);
    await expect(attempt).rejects.toMatchObject({ statusCode: 409 });
    await expect(table.getEntity("p", "new")).rejects.toMatchObject({ statusCode: 404 });
    await table.submitTransaction([
      ["create", row("new")],
      ["update", row("taken", { text: "done" }), "Merge"],
    ]);
    expect((await table.getEntity("p", "taken")).text).toBe("done");
  });
}

/** A name that no other table has: letters and digits only. */
export const tableName = (): string => `t${randomUUID().replaceAll("-", "")}`;
