import { KEY_NAMES } from "@password-writeback/protocol/keyNames.ts";
import { type Half, queuesOf } from "@password-writeback/protocol/queues.ts";
import type { Role } from "./roles.ts";

/**
 * Who has rights: the identity of the functions, the group of the agents, that of the operators.
 */
export type Principal = Half | "operators";

export interface Resource {
  readonly kind: "queue" | "key" | "account" | "component";
  /** Of a queue its own; else what the templates call it. */
  readonly name: string;
}

export interface RoleNeed {
  readonly who: Principal;
  readonly role: Role;
  readonly on: Resource;
  /** What it is needed for. */
  readonly to: string;
}

const key = (which: keyof typeof KEY_NAMES): Resource => ({ kind: "key", name: KEY_NAMES[which] });
const account = (name: "host" | "records"): Resource => ({ kind: "account", name });

const KEYS: readonly RoleNeed[] = [
  {
    who: "functions",
    role: "signer",
    on: key("signing"),
    to: "sign the certificate of each instance",
  },
  {
    who: "functions",
    role: "Key Vault Reader",
    on: key("root"),
    to: "read its tag: the serial of the newest trust list",
  },
  {
    who: "operators",
    role: "Key Vault Crypto Officer",
    on: key("root"),
    to: "sign trust lists and count them in its tag",
  },
  {
    who: "operators",
    role: "keeper",
    on: key("signing"),
    to: "make new versions, disable old ones",
  },
];

const OTHERS: readonly RoleNeed[] = [
  {
    who: "functions",
    role: "Storage Blob Data Owner",
    on: account("host"),
    to: "read the package, hold the leases of the host",
  },
  {
    who: "functions",
    role: "Storage Table Data Contributor",
    on: account("records"),
    to: "make the tables, read and write their rows",
  },
  {
    who: "functions",
    role: "Monitoring Metrics Publisher",
    on: { kind: "component", name: "monitoring" },
    to: "write telemetry",
  },
];

/**
 * Every role that somebody needs in Azure, each on one resource: one description for the templates,
 * the stand-ins and the page of the rights.
 * @param connectors names; each has a queue
 */
export const roleNeeds = (connectors: readonly string[]): RoleNeed[] => [
  ...queuesOf(connectors).flatMap(({ name, sender, receiver }): RoleNeed[] => {
    const on: Resource = { kind: "queue", name };
    return [
      { who: sender, role: "Azure Service Bus Data Sender", on, to: "send" },
      { who: receiver, role: "Azure Service Bus Data Receiver", on, to: "receive" },
    ];
  }),
  ...KEYS,
  ...OTHERS,
];
