import type { LocalDirectory } from "../../local/localDirectory.ts";
import { startSamba } from "../../local/samba/startSamba.ts";
import { describeWithSamba } from "../describeWithSamba.ts";
import { CrashStack } from "./crashStack.ts";
import { DIRECTORY_CELLS, describeDirectoryCrashes } from "./crashSuite.ts";

const CELLS = /^(paused|cut off while)/;

describeWithSamba("crashes of Samba 4.24", () => {
  let crash: CrashStack<LocalDirectory>;
  beforeAll(async () => {
    crash = await CrashStack.start((certificates) => startSamba({ version: "4.24", certificates }));
  }, 180_000);
  afterAll(() => crash?.stop(), 60_000);

  describeDirectoryCrashes(
    () => crash,
    DIRECTORY_CELLS.filter(({ name }) => CELLS.test(name)),
  );

  // The last ones: it does not come back.
  test("killed while the write is on its way: nobody is told that it failed", async () => {
    const person = await crash.person();
    const bystander = await crash.person();
    const sent = crash.holdWrite();
    const answer = crash.reset(person);
    await sent;
    await crash.directory.kill();
    crash.proxy.cut();
    expect(await answer).toMatchObject({ status: 500, code: "outcomeUnknown" });
    expect(await crash.operation(person)).toBe("running");
    expect(crash.logged(person)).toEqual(new Set());

    expect(await crash.reset(bystander)).toMatchObject({
      status: 502,
      code: "directoryUnreachable",
    });
    expect(await crash.operation(bystander)).toBe("failed");
  }, 60_000);
});
