import { GRAPH_PERMISSIONS } from "../../../functions/access/permissions.ts";
import { TestCloud } from "./testCloud.ts";

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await TestCloud.start({
    ACCEPT_GRAPH_PERMISSIONS: "true",
    PORTAL_MAY_USE_SECRET: "true",
    STEP_UP_ROUTES: '{"adminUnlockAccount":"c7"}',
  });
});
afterAll(() => cloud.half.stop());

/** What comes of a call that its guard lets pass, or not. */
const codeOf = async (path: string, token: Promise<string>) =>
  (await cloud.send(path, { token: await token, body: {} })).code;

const OWN = "/v1.0/me/changePassword";

test.each(GRAPH_PERMISSIONS.self)("%s is as good as this API's own permission", async (scp) => {
  const { tokens } = cloud.half;
  const token = () => tokens.userSteppedUp(undefined, { scp });
  expect(await codeOf(OWN, token())).toBe("invalidRequest");
  expect(await codeOf("/v1.0/me/resetPassword", token())).toBe("accessDenied");
  expect(await codeOf(OWN, tokens.user(undefined, { scp: `x${scp}` }))).toBe("accessDenied");
});

test("a portal may prove itself with a secret, but not with nothing", async () => {
  const { tokens } = cloud.half;
  const path = "/v1.0/selfService/resetPassword";
  expect(await codeOf(path, tokens.portal({ azpacr: "1" }))).toBe("invalidRequest");
  expect(await codeOf(path, tokens.portal({ azpacr: "0" }))).toBe("accessDenied");
  expect(await codeOf("/v1.0/probe", tokens.operator({ azpacr: "1" }))).toBe("accessDenied");
});

test("a route that is named asks for its context", async () => {
  const { tokens } = cloud.half;
  const path = "/v1.0/users/nobody@corp.example/unlockAccount";
  expect(await codeOf(path, tokens.helpdesk())).toBe("stepUpRequired");
  expect(await codeOf(path, tokens.helpdesk({ acrs: ["c1"] }))).toBe("stepUpRequired");
  expect(await codeOf(path, tokens.helpdesk({ xms_cc: undefined }))).toBe("stepUpNotPossible");
  expect(await codeOf(path, tokens.helpdesk({ acrs: ["c7"] }))).toBe("userNotFound");
});
