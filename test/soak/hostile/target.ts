import { guardSettings } from "../../../agent/directory/guard/settings.ts";
import type { OperationSettings } from "../../../agent/operations/job.ts";
import { BASE_DN, STAFF_OU } from "../../../local/samples.ts";
import { outcome, type Verdict } from "../../../protocol/outcome.ts";
import { TARGET_SID } from "./healthy.ts";
import { FROZEN_OU } from "./names.ts";

const CURRENT = "Old-Zebrafish-31";
export const NEXT = "New-Zebrafish-42";
/** Part of every password: never to be seen in anything that comes out of the agent. */
const SECRET = "Zebrafish";

export const SETTINGS: OperationSettings = {
  baseDn: BASE_DN,
  sourceAnchorAttribute: "mS-DS-ConsistencyGuid",
  canary: "svc-canary@corp.example",
  allowWeakerEnforcement: false,
  guard: guardSettings.parse({ scope: { in: [STAFF_OU], out: [FROZEN_OU] } }),
};

export const OPERATIONS = [
  { operation: "reset", newPassword: NEXT, mustChange: false },
  { operation: "reset", newPassword: NEXT, mustChange: true },
  { operation: "change", currentPassword: CURRENT, newPassword: NEXT },
  { operation: "unlock" },
  { operation: "requireChange" },
] as const;
export type Wished = (typeof OPERATIONS)[number];

export const target = {
  id: "5a3f1c00-0000-4000-8000-000000000011",
  sourceAnchor: Buffer.alloc(16, 0xfe).toString("base64"),
  sid: `S-1-5-21-${[12, 16, 20, 24].map((at) => TARGET_SID.readUInt32LE(at)).join("-")}`,
  userPrincipalName: "alex@corp.example",
};

/** How a modify was answered, for certain. */
export type Certain = "success" | "refusal" | "nothing";

/**
 * What a verdict must be by how the modifies were answered that were sent.
 * @throws Error that says which rule the verdict breaks
 */
export function checkVerdict(verdict: Verdict, sent: readonly Certain[], told: unknown): void {
  outcome.parse({ version: 1, request: target.id, agent: "agent-1", ...verdict });
  const { status, code } = verdict;
  const [first, ...more] = sent;
  const broken = (what: string): Error => new Error(`${status} ${what}: ${sent}`);
  if (status === "succeeded" && !sent.includes("success")) throw broken("without a success");
  if (status === "failed" && first !== undefined && first !== "refusal")
    throw broken("without a refusal of the first modify");
  if (status === "failed" && more.includes("success")) throw broken("in spite of a success");
  if (status !== "succeeded" && code === undefined) throw broken("without a code");
  if (JSON.stringify([verdict, told]).includes(SECRET)) throw broken("with a password in a text");
}
