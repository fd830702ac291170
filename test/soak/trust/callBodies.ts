/** Found in a log, an answer or an audit record, it says that a password got there. */
export const CURRENT = "Fuzz-Canary-Current-41";
export const NEW = "Fuzz-Canary-New-52";

/** Milliseconds since 1970 at which every call arrives. */
export const NOW = Date.UTC(2027, 0, 15, 8);

const proof = { methods: ["mobilePhone"], time: new Date(NOW).toISOString() };
const user = "alex@corp.example";
const one = { currentPassword: CURRENT, newPassword: NEW };

/** A body that each route takes, by name of the route. Others have none, or one of their own. */
export const CALL_BODIES: Readonly<Record<string, object>> = {
  changeOwnPassword: one,
  resetOwnPassword: { newPassword: NEW },
  selfServiceChangePassword: { user, proof, ...one },
  selfServiceResetPassword: { user, proof, newPassword: NEW },
  selfServiceUnlockAccount: { user, proof },
  selfServicePasswordRules: { user },
  adminResetPassword: { newPassword: NEW, requireChangeOnNextSignIn: true },
  probe: { connector: "corp" },
  changeSettings: {
    features: { passwordWritebackEnabled: true, accountUnlockEnabled: false },
    selfService: { scope: "all", includeGroups: [], excludeGroups: [], licenseRequired: false },
    administrators: { passwordResetEnabled: true },
    helpContact: "helpdesk@corp.example",
  },
  agentHeartbeat: {
    version: 1,
    nonce: "n".repeat(22),
    counter: 7,
    agentVersion: "1.0.0",
    state: "listening",
    relay: "up",
    directory: { state: "up", server: "dc1.corp.example", policyHints: true },
    serial: 1,
  },
  agentOutcomes: {
    version: 1,
    outcomes: [
      {
        version: 1,
        request: "3f0c6c1e-8a42-4b5e-9d57-0f7a1f1b2c3d",
        agent: "agent-1",
        status: "succeeded",
      },
    ],
  },
};

/**
 * Called by agents, of which any may be newer: what they add is left out, what is known is needed.
 */
const OF_AGENTS: ReadonlySet<string> = new Set(["agentHeartbeat", "agentOutcomes"]);
const PASSWORDS = ["currentPassword", "newPassword"];

const isPassword = (value: unknown): boolean =>
  typeof value === "string" &&
  value.length > 0 &&
  value.length <= 256 &&
  value.isWellFormed() &&
  !value.includes("\0");

/** Whether one object has every member of another one. */
const holds = (whole: object, part: object): boolean =>
  Object.keys(part).every((name) => Object.hasOwn(whole, name));

/**
 * Whether a body may be taken, by nothing but its own text: JSON in UTF-8, with no other members
 * than the route knows, if it is not an agent's, and passwords that can be typed. Written apart
 * from the schemas, to judge them.
 */
export function mayBeTaken(route: string, bytes: Uint8Array): boolean {
  const known = CALL_BODIES[route];
  if (!known) return true;
  let parsed: unknown;
  try {
    parsed = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return false;
  }
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) return false;
  return (
    bytes.length <= 16_384 &&
    (OF_AGENTS.has(route) ? holds(parsed, known) : holds(known, parsed)) &&
    PASSWORDS.filter((name) => name in known).every((name) =>
      isPassword((parsed as Record<string, unknown>)[name]),
    )
  );
}
