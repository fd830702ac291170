import { z } from "zod";

const seconds = (fallback: number) => z.coerce.number().int().positive().default(fallback);
/** Each is kept in one row, so there cannot be very many. */
const count = (fallback: number) => z.coerce.number().int().min(1).max(50).default(fallback);
const rate = (fallback: number) => z.coerce.number().int().min(0).default(fallback);

/** Settings of the throttle (`docs/throttle.md`). The first three are Microsoft's. */
export const throttleSettings = {
  /** Resets and unlocks of one's own account in a window that may fail. */
  THROTTLE_RESETS: count(5),
  THROTTLE_WINDOW_SECONDS: seconds(3_600),
  /** Seconds without resets and unlocks once that many have failed. */
  THROTTLE_BLOCK_SECONDS: seconds(86_400),
  /** New passwords in a window that the directory's policy may refuse. */
  THROTTLE_POLICY_REFUSALS: count(20),
  /** Wrong current passwords; fewer where the directory would lock the account for as many. */
  THROTTLE_WRONG_PASSWORDS: count(5),
  /** Calls of one signed-in person, and from one address, at each instance; 0: any number. */
  RATE_REQUESTER_PER_MINUTE: rate(30),
  RATE_ADDRESS_PER_MINUTE: rate(600),
  /** Resets of everybody's by everybody in a minute from which on an alert is raised. */
  BRAKE_RESETS_PER_MINUTE: z.coerce.number().int().positive().default(100),
  /** Whether nothing is written for a minute then. */
  BRAKE_STOPS_WRITES: z
    .enum(["true", "false"])
    .default("false")
    .transform((text) => text === "true"),
};
