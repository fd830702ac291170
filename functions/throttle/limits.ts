import type { Configuration } from "../configuration.ts";
import type { BrakeSettings } from "./brake.ts";
import type { RateLimits } from "./rates.ts";

/** How much may go wrong on one account. Times in milliseconds. */
export interface Limits {
  readonly resets: number;
  readonly policyRefusals: number;
  readonly wrongPasswords: number;
  readonly window: number;
  readonly block: number;
}

export const limitsOf = (settings: Configuration): Limits => ({
  resets: settings.THROTTLE_RESETS,
  policyRefusals: settings.THROTTLE_POLICY_REFUSALS,
  wrongPasswords: settings.THROTTLE_WRONG_PASSWORDS,
  window: settings.THROTTLE_WINDOW_SECONDS * 1_000,
  block: settings.THROTTLE_BLOCK_SECONDS * 1_000,
});

export const rateLimitsOf = (settings: Configuration): RateLimits => ({
  requester: settings.RATE_REQUESTER_PER_MINUTE,
  address: settings.RATE_ADDRESS_PER_MINUTE,
});

export const brakeSettingsOf = (settings: Configuration): BrakeSettings => ({
  perMinute: settings.BRAKE_RESETS_PER_MINUTE,
  stops: settings.BRAKE_STOPS_WRITES,
});
