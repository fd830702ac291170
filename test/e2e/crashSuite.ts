import { readUser } from "../../local/accounts/readUser.ts";
import type { LocalDirectory } from "../../local/localDirectory.ts";
import { until } from "../integration/agent/scriptedCloud.ts";
import type { CrashPerson, CrashStack, Heard } from "./crashStack.ts";

/** One way in which the domain controller fails one request. */
export interface DirectoryCell {
  readonly name: string;
  /** Sends the request and lets the directory fail. */
  readonly run: (crash: CrashStack<LocalDirectory>, person: CrashPerson) => Promise<Heard>;
  /** Whether the password is the new one in the end. */
  readonly applied: boolean;
  readonly status: number;
  /** What the operation reads in the end. */
  readonly reads: "succeeded" | "failed" | "running";
  /**
   * What Samba makes of it where that differs: one that was stopped drops what it has not read of
   * a client that is gone by then.
   */
  readonly onSamba?: { readonly applied: boolean; readonly reads: "running" };
}

type Run = DirectoryCell["run"];

/** The directory fails, and is back once the caller was answered. */
const failing =
  (fail: (crash: CrashStack<LocalDirectory>) => void): Run =>
  async (crash, person) => {
    fail(crash);
    const heard = await crash.reset(person);
    back(crash);
    return heard;
  };

/** It fails when the write has left the agent. */
const during =
  (fail: (crash: CrashStack<LocalDirectory>) => void): Run =>
  async (crash, person) => {
    const sent = crash.holdWrite();
    const answer = crash.reset(person);
    await sent;
    fail(crash);
    const heard = await answer;
    back(crash);
    return heard;
  };

/** It fails when the password is set and its answer is on the way. */
const after =
  (fail: (crash: CrashStack<LocalDirectory>) => void): Run =>
  async (crash, person) => {
    const sent = crash.holdWrite();
    const answer = crash.reset(person);
    await sent;
    void crash.proxy.hold("down");
    crash.proxy.release("up");
    const { keyVersion } = person;
    let isSet = false;
    let looking = false;
    await until("it is set", () => {
      if (looking || isSet) return isSet;
      looking = true;
      void readUser(crash.directory, person.name).then((now) => {
        isSet = now.keyVersion > keyVersion;
        looking = false;
      });
      return false;
    });
    fail(crash);
    const heard = await answer;
    back(crash);
    return heard;
  };

const pause = ({ directory, proxy }: CrashStack<LocalDirectory>): void => {
  directory.freeze();
  proxy.release("up");
};
/** As if its process had been killed: connections are reset, and nobody listens. */
const vanish = ({ proxy }: CrashStack<LocalDirectory>): void => {
  proxy.refuses = true;
  proxy.cut();
};
const cut = ({ proxy }: CrashStack<LocalDirectory>): void => proxy.cut();

function back({ directory, proxy }: CrashStack<LocalDirectory>): void {
  directory.thaw();
  proxy.refuses = false;
  proxy.release("down");
}

const unknownThenTrue = { applied: true, status: 500, reads: "succeeded" } as const;
const refused = { applied: false, status: 502, reads: "failed" } as const;
const carriedOut = { applied: true, status: 200, reads: "succeeded" } as const;

/** Before, during and after the write, on any directory. */
export const DIRECTORY_CELLS: readonly DirectoryCell[] = [
  { name: "paused before the write", run: failing(pause), ...refused },
  {
    name: "paused for a moment while the write is on its way",
    run: during((crash) => {
      pause(crash);
      back(crash);
    }),
    ...carriedOut,
  },
  {
    name: "paused while the write is on its way, until nobody waits for it",
    run: during(pause),
    ...unknownThenTrue,
    onSamba: { applied: false, reads: "running" },
  },
  { name: "paused after the write", run: after(pause), ...unknownThenTrue },
  { name: "gone before the write", run: failing(vanish), ...refused },
  {
    name: "gone while the write is on its way, which is lost",
    run: during(vanish),
    applied: false,
    status: 500,
    reads: "running",
  },
  { name: "gone after the write", run: after(vanish), ...unknownThenTrue },
  { name: "cut off before the write", run: failing(cut), ...carriedOut },
  { name: "cut off while the write is on its way: sent again", run: during(cut), ...carriedOut },
  { name: "cut off after the write: observed", run: after(cut), ...carriedOut },
];

/** The directory, the caller's answer, the operation and the logs say the same. */
export async function agree(
  crash: CrashStack<LocalDirectory>,
  person: CrashPerson,
  { applied, reads }: Pick<DirectoryCell, "applied" | "reads">,
): Promise<void> {
  await crash.reads(person, reads);
  expect(await crash.timesSet(person)).toBe(Number(applied));
  expect(await crash.binds(person)).toEqual(
    applied ? { new: "ok", old: "52e" } : { new: "52e", old: "ok" },
  );
  expect(crash.logged(person)).toEqual(new Set(reads === "running" ? [] : [reads]));
}

/** @param get the system, once it runs */
export function describeDirectoryCrashes(
  get: () => CrashStack<LocalDirectory>,
  cells = DIRECTORY_CELLS,
): void {
  test.each(cells.map((cell) => [cell.name, cell] as const))(
    "the domain controller is %s",
    async (_, cell) => {
      const crash = get();
      const person = await crash.person();
      const { status } = await cell.run(crash, person);
      const expected = { ...cell, ...(crash.directory.kind === "samba" && cell.onSamba) };
      await agree(crash, person, expected);
      expect(status).toBe(cell.status);
    },
    90_000,
  );
}
