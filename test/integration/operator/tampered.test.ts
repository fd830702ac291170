import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ROOT_KEY_NAME } from "../../../local/stack/operator.ts";
import { copyFile } from "../../../operator/openDesk.ts";
import { enrolmentFingerprint } from "../../../protocol/enrolment.ts";
import { publicKey, verifyTrustList } from "../../../protocol/trustList.ts";
import { CommandError } from "../../../workstation/commandError.ts";
import type { TestCloud } from "../functions/testCloud.ts";
import { startOperated, type Workstation } from "./operatorFixture.ts";

const SECOND = "7d3c2f10-0000-4000-8000-00000000b902";
const ROW = { partitionKey: "ground", rowKey: "trust" };

let cloud: TestCloud;
let desk: Workstation;
let stop: () => Promise<void>;
beforeAll(async () => {
  ({ cloud, desk, stop } = await startOperated());
  await desk.run(["show"]);
});
afterAll(() => stop());

const jwsInForce = async (): Promise<string> => {
  const row = await cloud.table("ground").getEntity<{ jws: string }>("ground", "trust");
  return row.jws;
};
const counted = () => cloud.half.running.parts.newestSerial();
const ids = async (): Promise<string[]> => {
  const root = (await cloud.half.vault.ensureKey(ROOT_KEY_NAME)).publicJwk;
  const { agents } = await verifyTrustList(await jwsInForce(), publicKey.parse(root), 0);
  return agents.map(({ id }) => id);
};
/** The command that adds another agent. */
const adding = async (): Promise<string[]> => {
  const request = await desk.request("agent-2");
  return [
    ...["add-agent", request.file, "--service-principal", SECOND, "--yes"],
    ...["--fingerprint", enrolmentFingerprint(request)],
  ];
};
const revoke = () => desk.run(["revoke-agent", "agent-2", "--yes"]);

describe("a list that somebody has tampered with", () => {
  const put = (jws: string) => cloud.table("ground").upsertEntity({ ...ROW, jws }, "Replace");
  const commands = [["show"], ["revoke-agent", "agent-1", "--yes"], ["roll-signing-key", "--yes"]];

  test("stops every command; the copy beside the profile puts the newest one back", async () => {
    const old = await jwsInForce();
    await desk.run(await adding());
    const newest = await jwsInForce();
    const spoilt = newest.replace(/.{8}$/, "AAAAAAAA");
    for (const [jws, reason] of [
      [old, "an old one was put back"],
      [spoilt, "not by the root key"],
      ["", "not by the root key"],
    ] as const) {
      await put(jws);
      for (const argv of commands)
        expect(await desk.run(argv)).toMatchObject({
          code: 1,
          errors: expect.stringContaining(reason),
        });
      const back = ["publish", copyFile(desk.profileFile)];
      expect((await desk.run(back)).code).toBe(3);
      expect(await desk.run([...back, "--yes"])).toMatchObject({ code: 0 });
      expect(await jwsInForce()).toBe(newest);
    }
    const file = join(desk.folder, "old.trustList");
    await writeFile(file, old);
    expect(await desk.run(["publish", file, "--yes"])).toMatchObject({ code: 1 });
    await revoke();
  });

  test("put back while it is being published counts all the same, and is told", async () => {
    const old = await jwsInForce();
    const argv = await adding();
    const before = await counted();
    const { code, errors } = await desk.run(argv, (given) => {
      const { count } = given.authority;
      given.authority.count = async (...args) => {
        await put(old);
        return count.apply(given.authority, args);
      };
      return given;
    });
    expect([code, errors]).toEqual([1, expect.stringContaining("is there no more")]);
    expect(await counted()).toBe(before + 1);
    expect(await desk.run(["publish", copyFile(desk.profileFile), "--yes"])).toMatchObject({
      code: 0,
    });
    expect(await ids()).toContain("agent-2");
    await revoke();
  });

  test("put back before it was counted is known by the copy, which stays the newest", async () => {
    const old = await jwsInForce();
    await desk.run(await adding(), (given) => {
      given.authority.count = () => Promise.reject(new CommandError("killed"));
      return given;
    });
    const newest = await jwsInForce();
    await put(old);
    for (const argv of commands)
      expect(await desk.run(argv)).toMatchObject({
        code: 1,
        errors: expect.stringContaining("this operator has seen list"),
      });
    await desk.run(["publish", copyFile(desk.profileFile), "--yes"]);
    expect(await jwsInForce()).toBe(newest);
    await revoke();
  });

  test("or removed is no first list", async () => {
    const newest = await jwsInForce();
    await cloud.table("ground").deleteEntity(ROW.partitionKey, ROW.rowKey);
    expect(await desk.run(["init", "--yes"])).toMatchObject({
      code: 1,
      errors: expect.stringContaining("taken away"),
    });
    await desk.run(["publish", copyFile(desk.profileFile), "--yes"]);
    expect(await jwsInForce()).toBe(newest);
  });
});
