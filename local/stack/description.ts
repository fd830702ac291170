import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { SAMPLE_USERS, type SampleKind, userPrincipalName } from "../samples.ts";
import type { Stack } from "./startStack.ts";
import { TENANT_ID } from "./tenant.ts";

/** Callers of whom a token is shown. */
export type SampleToken =
  | "user"
  | "userSteppedUp"
  | "portal"
  | "automation"
  | "helpdesk"
  | "globalAdministrator"
  | "operator";

/** What a running stack says of itself, for scripts, tests and the bench. */
export interface Description {
  readonly api: string;
  readonly tenantId: string;
  readonly tokens: Readonly<Record<SampleToken, string>>;
  readonly users: readonly {
    readonly id: string;
    readonly userPrincipalName: string;
    readonly password: string;
    readonly about: SampleKind;
  }[];
  readonly directory: {
    readonly kind: "simulated" | "samba";
    readonly url: string;
    readonly servername: string;
    readonly caFile: string;
  };
  readonly processes: { readonly functions?: number; readonly agent: number };
  /** Where somebody else is to start the functions' host: what it needs. */
  readonly hostSettings?: { readonly file: string; readonly caFile: string };
  /** Profile of the operators' command: `npm run operator -- show --profile FILE`. */
  readonly operatorProfile: string;
  /** Folder with `functions.log` and `agent.log`. */
  readonly logs: string;
}

export async function describeStack(stack: Stack): Promise<Description> {
  const { kind, url, servername, caFile } = stack.directory;
  const { tokens, processes } = stack;
  return {
    api: stack.api,
    tenantId: TENANT_ID,
    tokens: {
      user: await tokens.user(),
      userSteppedUp: await tokens.userSteppedUp(),
      portal: await tokens.portal(),
      automation: await tokens.automation(),
      helpdesk: await tokens.helpdesk(),
      globalAdministrator: await tokens.globalAdministrator(),
      operator: await tokens.operator(),
    },
    users: SAMPLE_USERS.map((user) => ({
      id: user.id,
      userPrincipalName: userPrincipalName(user),
      password: user.password,
      about: user.about,
    })),
    directory: { kind, url, servername, caFile },
    processes: { functions: processes.functions?.pid, agent: processes.agent.pid },
    hostSettings: stack.hostSettings,
    operatorProfile: join(stack.folder, "operator.json"),
    logs: stack.folder,
  };
}

/** Whole or not at all, and for its owner only: it holds tokens and passwords. */
export async function writeDescription(file: string, description: Description): Promise<void> {
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, `${JSON.stringify(description, null, 2)}\n`, { mode: 0o600 });
  await rename(draft, file);
}
