import { readFileSync } from "node:fs";
import { routes } from "../../../functions/routes.ts";
import { TestCloud } from "./testCloud.ts";

/** Calls and bodies as `docs/calls.md` shows them; `none` is none. */
const SHOWN = [
  ...readFileSync("docs/calls.md", "utf8").matchAll(/^\| `([A-Z]+ \S+)` \| (?:`(.*?)`|none)/gm),
].map(([, call = "", body]) => ({ call, body }));

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await TestCloud.start();
});
afterAll(() => cloud.half.stop());

test("the page shows every call that may have a body, agents' own aside", () => {
  const wanted = routes
    .filter(({ method, name }) => method !== "GET" && !name.startsWith("agent"))
    .map(({ method, route }) => `${method} /${route}`);
  expect(SHOWN.map(({ call }) => call).sort()).toEqual(wanted.sort());
});

test.each(SHOWN)("$call is answered with the body shown", async ({ call, body }) => {
  const { tokens, running } = cloud.half;
  const person = cloud.person();
  cloud.answers(person, ({ operation }) => ({
    status: "succeeded",
    ...(operation === "passwordRules" && { detail: { rules: {} } }),
  }));
  const [method = "", path = ""] = call.split(" ");
  const tokenOf = (): Promise<string> => {
    if (path.startsWith("/v1.0/me/")) return tokens.userSteppedUp(person);
    if (path.startsWith("/v1.0/selfService/")) return tokens.portal();
    const isHelp = path.startsWith("/v1.0/users/") && !path.endsWith("/unblock");
    return isHelp ? tokens.helpdesk() : tokens.operator();
  };
  const list = await running.parts.publishedList.read();
  const given = body
    ?.replace("sam@corp.example", person.id)
    .replace(/"time":"[^"]+"/, `"time":"${new Date().toISOString()}"`)
    .replace("…", list?.jws ?? "");
  const answer = await cloud.send(path.replace("{id}", person.id), {
    token: await tokenOf(),
    method,
    ...(given !== undefined && { body: JSON.parse(given) }),
  });
  expect([answer.code, Math.floor(answer.status / 100)]).toEqual([undefined, 2]);
});
