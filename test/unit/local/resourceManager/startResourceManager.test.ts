import { KEY_VAULT, RESOURCE_MANAGER } from "../../../../local/identity/resource.ts";
import {
  type ResourceManager,
  startResourceManager,
} from "../../../../local/resourceManager/startResourceManager.ts";
import { FUNCTIONS, startTenant, type Tenant } from "../../../contract/identityFixture.ts";
import { httpsCall } from "../https.ts";

const SITE = "/subscriptions/1/resourceGroups/rg/providers/Microsoft.Web/sites/func-contoso";
const VERSION = "?api-version=2025-03-01";

let tenant: Tenant;
let manager: ResourceManager;
let mayWrite = true;
const restarts: unknown[] = [];

beforeAll(async () => {
  tenant = await startTenant();
  manager = await startResourceManager({
    certificates: tenant.certificates,
    verify: tenant.identity.verify,
    may: (objectId, action) =>
      objectId === FUNCTIONS.objectId && (mayWrite || !action.endsWith("/write")),
    site: SITE,
    settings: { ONE: "1" },
    restart: async (settings) => void restarts.push(settings),
  });
});
afterAll(async () => {
  await manager.stop();
  await tenant.stop();
});

const tokenFor = (audience: string) =>
  tenant.identity.mintToken({ audience, subject: { kind: "app", application: FUNCTIONS } });

async function call(method: string, path: string, body = "", audience = RESOURCE_MANAGER) {
  const { status, json } = await httpsCall(`${manager.url}${path}`, {
    ca: tenant.certificates.ca,
    method,
    headers: { authorization: `Bearer ${await tokenFor(audience)}` },
    body,
  });
  return { status, json };
}
const put = (properties: unknown) =>
  call("PUT", `${SITE}/config/appsettings${VERSION}`, JSON.stringify({ properties }));

test("settings are listed by POST, and replaced as a whole by PUT", async () => {
  const list = () => call("POST", `${SITE.toUpperCase()}/config/appsettings/list${VERSION}`);
  expect(await list()).toMatchObject({ status: 200, json: { properties: { ONE: "1" } } });
  expect(await put({ TWO: "2" })).toMatchObject({ status: 200 });
  expect((await list()).json).toMatchObject({ name: "appsettings", properties: { TWO: "2" } });
  expect(manager.settings).toEqual({ TWO: "2" });
  expect(restarts).toEqual([{ TWO: "2" }]);
});

test("a token for another resource, a missing version, right or site is refused", async () => {
  const list = `${SITE}/config/appsettings/list`;
  const refusals = [
    [await call("POST", `${list}${VERSION}`, "", KEY_VAULT), 401, "InvalidAuthenticationToken"],
    [await call("POST", list), 400, "MissingApiVersionParameter"],
    [await call("POST", `${list}x${VERSION}`), 404, "ResourceNotFound"],
    [await call("GET", `${list}${VERSION}`), 404, "ResourceNotFound"],
    [await put({ ONE: 1 }), 400, "BadRequest"],
  ] as const;
  for (const [answer, status, code] of refusals)
    expect(answer).toMatchObject({ status, json: { error: { code } } });
  mayWrite = false;
  expect(await put({})).toMatchObject({
    status: 403,
    json: { error: { code: "AuthorizationFailed" } },
  });
  expect(manager.settings).toEqual({ TWO: "2" });
});
