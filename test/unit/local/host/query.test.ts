import { joinedQuery } from "../../../../local/host/query.ts";

it("hands over the values of a repeated key as one, as the Functions host does", () => {
  const query = new URLSearchParams("a=1&b=x%20y&a=2&a=&__proto__=z");
  expect(Object.entries(joinedQuery(query))).toEqual([
    ["a", "1,2,"],
    ["b", "x y"],
    ["__proto__", "z"],
  ]);
});
