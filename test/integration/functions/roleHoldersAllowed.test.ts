import { CLOSED, OPEN, roleHolder } from "./roleHolders.ts";
import { TestCloud } from "./testCloud.ts";

describe("where the setting lets holders of roles help themselves", () => {
  let cloud: TestCloud;
  beforeAll(async () => {
    cloud = await TestCloud.start({ SELF_SERVICE_FOR_ROLE_HOLDERS: "true" });
  });
  afterAll(() => cloud.half.stop());

  test.each(Object.entries({ ...CLOSED, ...OPEN }))("%s is done", async (_, act) => {
    expect((await act(cloud, roleHolder(cloud))).status).toBeLessThan(300);
  });

  test("administrators still need a role for them", async () => {
    const person = roleHolder(cloud);
    cloud.half.identity.roles.set({ assigned: [] });
    const answer = await cloud.adminReset(person);
    expect(answer).toMatchObject({ status: 403, code: "insufficientRole" });
  });
});
