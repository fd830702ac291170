import type { Change, Entry } from "ldapts";
import type { Account } from "../../../../agent/directory/account.ts";
import type { DirectoryConnection, WriteResult } from "../../../../agent/directory/connection.ts";
import { guardSettings } from "../../../../agent/directory/guard/settings.ts";
import type { DirectoryPool } from "../../../../agent/directory/pool.ts";
import type { OperationSettings } from "../../../../agent/operations/job.ts";
import { BASE_DN, entryOf, OWN_SIDS } from "../directory/guard/entries.ts";

export const SERVER = "dc1.corp.example";
const GUID = "33221100-5544-7766-8899-aabbccddeeff";

/** An account as it was read before a write. */
export const BEFORE: Account = {
  dn: `<GUID=${GUID}>`,
  guid: GUID,
  sid: undefined,
  pwdLastSet: 100n,
  keyVersion: 5n,
  locked: false,
  accountName: "alex",
  displayName: undefined,
  passwordSettings: undefined,
  passwordNotRequired: false,
};

/** The same account, or the canary, as a search finds it. */
export const entry = (wishes: object = {}): Entry =>
  entryOf({ pwdLastSet: "100", "msDS-KeyVersionNumber": "5", ...wishes });

export const refused = (resultCode: number, win32?: string): WriteResult => ({
  kind: "refused",
  refusal: { resultCode, ...(win32 && { win32 }) },
});
export const STALE = refused(16, "00002085");
export const APPLIED: WriteResult = { kind: "applied" };
export const LOST: WriteResult = { kind: "unknown" };

export const SETTINGS = {
  baseDn: BASE_DN,
  sourceAnchorAttribute: "mS-DS-ConsistencyGuid",
  canary: "canary@corp.example",
  guard: guardSettings.parse({}),
} as OperationSettings;

/** A directory that gives the answers it is told to, one after the other; the last one stays. */
export class FakeDirectory {
  /** What was written: the changes of each modify. */
  readonly written: string[][] = [];
  searches = 0;
  private readonly found: (Entry | Error | undefined)[];
  private readonly answers: WriteResult[];

  constructor(found: (Entry | Error | undefined)[], answers: WriteResult[]) {
    this.found = found;
    this.answers = answers;
  }

  get connection(): DirectoryConnection {
    return {
      rootDse: {
        server: SERVER,
        supportedControls: new Set(),
        domain: BASE_DN,
        samba: false,
        ownSids: OWN_SIDS,
      },
      search: async () => {
        this.searches += 1;
        const found = this.found.length > 1 ? this.found.shift() : this.found[0];
        if (found instanceof Error) throw found;
        return found ? [found] : [];
      },
      modify: async (_: string, changes: Change[]) => {
        this.written.push(
          changes.map(({ operation, modification }) => {
            const value = modification.type === "unicodePwd" ? "…" : modification.values;
            return `${operation} ${modification.type} ${value}`;
          }),
        );
        return this.answers.length > 1 ? this.answers.shift() : this.answers[0];
      },
    } as unknown as DirectoryConnection;
  }

  /** One of its own for each test: what is remembered is remembered per pool. */
  pool(tries = 1): DirectoryPool {
    return {
      onServer: async (
        server: string,
        _: number,
        read: (connection: DirectoryConnection) => Promise<unknown>,
      ) => {
        if (server !== SERVER) return undefined;
        let result: unknown;
        for (let made = 0; made < tries; made += 1) result = await read(this.connection);
        return result;
      },
    } as unknown as DirectoryPool;
  }
}
