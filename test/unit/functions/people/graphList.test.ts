import { z } from "zod";
import type { GraphCall } from "../../../../functions/people/graph.ts";
import { graphLister } from "../../../../functions/people/graphList.ts";

const FIRST = "/v1.0/users/x/ownedObjects?$select=id";

/** Reads a list of numbers from a Graph that answers with these pages in turn. */
function reading(pages: readonly object[], baseUrl = "https://graph.example") {
  const asked: string[] = [];
  const graph = async (path: string) => {
    asked.push(path);
    return { status: 200, bodyAsText: JSON.stringify(pages[asked.length - 1] ?? {}) };
  };
  return { read: () => graphLister(graph as GraphCall, baseUrl)(FIRST, z.number()), asked };
}
const linked = (link: string) => ({ value: [1], "@odata.nextLink": link });

test("pages are read to the end, at the addresses that Graph gives", async () => {
  const { read, asked } = reading([
    linked("https://graph.example/v1.0/users/x/ownedObjects?$skiptoken=a%20b"),
    linked("https://GRAPH.example:443/v1.0/other?$skiptoken=c"),
    { value: [2, 3] },
  ]);
  expect(await read()).toEqual([1, 1, 2, 3]);
  expect(asked).toEqual([
    FIRST,
    "/v1.0/users/x/ownedObjects?$skiptoken=a%20b",
    "/v1.0/other?$skiptoken=c",
  ]);
});

test("so are those of a Graph that lives at another address", async () => {
  const { read, asked } = reading(
    [linked("https://127.0.0.1:8443/v1.0/x?y=1"), { value: [] }],
    "https://127.0.0.1:8443",
  );
  expect(await read()).toEqual([1]);
  expect(asked[1]).toBe("/v1.0/x?y=1");
});

test.each([
  "https://graph.example.evil/v1.0/users",
  "https://evil/v1.0/users",
  "http://graph.example/v1.0/users",
  "https://graph.example:444/v1.0/users",
  "https://graph.example@evil/v1.0/users",
  "https://user@graph.example/v1.0/users",
  "https://graph.example/beta/users",
  "https://graph.example/v1.0/../beta/users",
  "https://graph.example",
  "/v1.0/users",
  "",
])("a link to %p is not followed, and the list counts as unread", async (link) => {
  const { read, asked } = reading([linked(link), { value: [2] }]);
  await expect(read()).rejects.toMatchObject({ code: "userFactsUnavailable" });
  expect(asked).toEqual([FIRST]);
});

test("a list without an end is given up after 20 pages", async () => {
  const endless = Array.from({ length: 30 }, () => linked("https://graph.example/v1.0/again"));
  const { read, asked } = reading(endless);
  await expect(read()).rejects.toMatchObject({ code: "userFactsUnavailable" });
  expect(asked).toHaveLength(20);
});

test("a page of more than 1000 entries is none of Graph's", async () => {
  const { read } = reading([{ value: Array.from({ length: 1_001 }, () => 1) }]);
  await expect(read()).rejects.toMatchObject({ code: "userFactsUnavailable" });
});
