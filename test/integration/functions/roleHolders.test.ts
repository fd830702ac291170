import { CLOSED, OPEN, roleHolder, sent } from "./roleHolders.ts";
import { TestCloud } from "./testCloud.ts";

describe("for somebody who holds an Entra role", () => {
  let cloud: TestCloud;
  beforeAll(async () => {
    cloud = await TestCloud.start();
  });
  afterAll(() => cloud.half.stop());
  afterEach(() => cloud.half.identity.graph.recover());

  test.each(Object.entries(CLOSED))("%s is refused, and nothing is sent", async (_, act) => {
    const before = sent(cloud);
    const answer = await act(cloud, roleHolder(cloud));
    expect(answer).toMatchObject({ status: 403, code: "targetHoldsRole" });
    expect(sent(cloud)).toBe(before);
  });

  test.each(Object.entries(CLOSED))("%s waits for roles that can be read", async (_, act) => {
    const before = sent(cloud);
    cloud.half.identity.graph.fail({ path: /EligibilityScheduleInstances$/i, status: 403 });
    const answer = await act(cloud, roleHolder(cloud));
    expect(answer).toMatchObject({ status: 503, code: "userFactsUnavailable" });
    expect(sent(cloud)).toBe(before);
  });

  test.each(Object.entries(OPEN))("%s goes on, and asks nobody for roles", async (_, act) => {
    cloud.half.identity.graph.fail({ path: /roleManagement|Of$|Objects$/, status: 403 });
    expect((await act(cloud, roleHolder(cloud))).status).toBeLessThan(300);
  });
});
