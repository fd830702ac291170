import { DirectoryError } from "../../../../agent/directory/directoryError.ts";
import { ServiceAccount } from "../../../../agent/directory/serviceAccount.ts";

const HOLD_MS = 30_000;

/** A directory that accepts one secret, a file with perhaps another one, and a clock. */
function accountOf(accepted: string, file: string) {
  const world = { accepted, file, now: 0, tried: [] as string[], onTry: () => {} };
  const account = new ServiceAccount(
    async () => world.file,
    () => world.now,
  );
  const signIn = () =>
    account.signIn(async (secret) => {
      world.tried.push(secret);
      world.onTry();
      if (secret !== world.accepted)
        throw new DirectoryError("directoryUnreachable", { resultCode: 49 });
      return secret;
    });
  return { world, signIn, account };
}

test("the secret is read for each connection", async () => {
  const { world, signIn } = accountOf("first", "first");
  expect(await signIn()).toBe("first");
  world.accepted = world.file = "second";
  expect(await signIn()).toBe("second");
});

test("a refused secret is held back, and a new one in the file is tried at once", async () => {
  const { world, signIn } = accountOf("second", "first");
  for (let attempt = 0; attempt < 3; attempt += 1)
    await expect(signIn()).rejects.toMatchObject({ evidence: { resultCode: 49 } });
  expect(world.tried).toEqual(["first"]);
  world.file = "second";
  expect(await signIn()).toBe("second");
  expect(world.tried).toEqual(["first", "second"]);
});

test("the held one is tried again when its time is over, once", async () => {
  const { world, signIn } = accountOf("later", "first");
  await expect(signIn()).rejects.toThrow();
  world.now = HOLD_MS - 1;
  await expect(signIn()).rejects.toThrow();
  expect(world.tried).toHaveLength(1);
  world.now = HOLD_MS;
  await expect(signIn()).rejects.toThrow();
  await expect(signIn()).rejects.toThrow();
  expect(world.tried).toHaveLength(2);
  world.now = 3 * HOLD_MS;
  world.accepted = "first";
  expect(await signIn()).toBe("first");
});

/** Asks every second until it has bound so often. @returns seconds from one to the next */
async function triesOf({ world, signIn }: ReturnType<typeof accountOf>, count: number) {
  const times: number[] = [];
  for (let before = world.tried.length; times.length < count; world.now += 1_000) {
    await signIn().catch(() => {});
    if (world.tried.length > before) times.push(world.now / 1_000);
    before = world.tried.length;
  }
  return times.map((time, index) => time - (times[index - 1] ?? time)).slice(1);
}

test("each refusal of the same doubles the pause, up to half an hour", async () => {
  const pauses = await triesOf(accountOf("later", "first"), 10);
  expect(pauses).toEqual([30, 60, 120, 240, 480, 960, 1_800, 1_800, 1_800]);
});

test("the pause is the first one again for another secret, and after a success", async () => {
  const directory = accountOf("later", "first");
  await triesOf(directory, 4);
  directory.world.file = "second";
  expect(await triesOf(directory, 3)).toEqual([30, 60]);
  directory.world.accepted = "second";
  directory.world.now += 1_800_000;
  expect(await directory.signIn()).toBe("second");
  directory.world.accepted = "later";
  expect(await triesOf(directory, 3)).toEqual([30, 60]);
});

test("where the file was rolled during the bind, the new secret is tried within the same job", async () => {
  const { world, signIn } = accountOf("second", "first");
  world.onTry = () => {
    world.file = "second";
  };
  expect(await signIn()).toBe("second");
  expect(world.tried).toEqual(["first", "second"]);
});

test("no secret is no anonymous bind: nothing is tried", async () => {
  const { world, signIn } = accountOf("", "");
  await expect(signIn()).rejects.toMatchObject({ code: "secretUnusable" });
  expect(world.tried).toEqual([]);
});

test("other failures hold nothing back", async () => {
  const { world, signIn } = accountOf("first", "first");
  world.onTry = () => {
    throw new DirectoryError("directoryUnreachable");
  };
  await expect(signIn()).rejects.toThrow("directoryUnreachable");
  world.onTry = () => {};
  expect(await signIn()).toBe("first");
});

describe("many at once", () => {
  const three = (signIn: () => Promise<string>) =>
    Promise.allSettled([signIn(), signIn(), signIn()]);

  test("try a secret that is not known to be good only once, or it would lock the account", async () => {
    const { world, signIn } = accountOf("second", "first");
    const results = await three(signIn);
    expect(results.map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"]);
    expect(world.tried).toEqual(["first"]);
  });

  test("wait for the next of them where the first met nobody", async () => {
    const { world, signIn } = accountOf("second", "first");
    world.onTry = () => {
      if (world.tried.length === 1) throw new DirectoryError("directoryUnreachable");
    };
    await three(signIn);
    expect(world.tried).toEqual(["first", "first"]);
  });

  test("bind side by side once it is known to be good", async () => {
    const { signIn, account } = accountOf("first", "first");
    await signIn();
    let bound = 0;
    const all = Promise.withResolvers<void>();
    const bind = async () => {
      bound += 1;
      if (bound === 3) all.resolve();
      await all.promise;
    };
    await Promise.all([account.signIn(bind), account.signIn(bind), account.signIn(bind)]);
    expect(bound).toBe(3);
  });

  test("do not wait for good for one that hangs", async () => {
    const { account } = accountOf("first", "first");
    const hangs = Promise.withResolvers<void>();
    const first = account.signIn(() => hangs.promise);
    expect(await account.signIn(async () => "bound")).toBe("bound");
    hangs.resolve();
    await first;
  });
});
