import type { ErrorCode } from "../../protocol/errors.ts";
import { LOGS, type Meaning } from "./meaning.ts";

const REPORT = "Report it with the `request-id`.";

/** What the cloud half itself cannot do: 402xx. */
export const SERVICE_ERRORS = {
  noLiveAgent: {
    means: "No agent of the connector was heard within 75 seconds. Nothing was sent.",
    action: "Start the agent, or look at why it is not listening.",
  },
  relayUnavailable: {
    means: "Service Bus cannot be reached or refused the message. Nothing was sent.",
    action: "Check the namespace, the network and the rights of the functions' identity.",
  },
  writesStopped: {
    means:
      "More passwords are being reset than `BRAKE_RESETS_PER_MINUTE`, and `BRAKE_STOPS_WRITES` " +
      "is set. Nothing was sent.",
    action: "Look in the audit log at who resets whose passwords; it ends after a minute.",
  },
  userFactsUnavailable: {
    means: "Microsoft Graph did not answer, or not in a form that is known. Nothing was sent.",
    action: "Check Graph's health and the permissions in Graph of the functions' identity.",
  },
  recordsUnavailable: {
    means: "The tables cannot be read or written. Nothing was sent.",
    action: "Check the storage account and the rights of the functions' identity.",
  },
  trustListUnavailable: {
    means: "There is no trust list, it does not verify, or an old one was put back.",
    action: "Publish the current trust list; find out who wrote to the table.",
  },
  settingsUnusable: {
    means: "The row with the tenant's settings is damaged or of a newer version. Nothing was sent.",
    action: "Update the functions, or see `docs/tenantSettings.md` on how to begin anew.",
  },
  signingUnavailable: {
    means: "The Key Vault did not certify this instance's key. Nothing was sent.",
    action: "Check the vault, its network rules and the right to sign with the signing key.",
  },
  outcomeUnknown: {
    means: "The request was sent, and no verdict came in time. It may still be carried out.",
    action: "Follow `Location`; do not send it again with another key before that has ended.",
  },
  agentSilent: {
    means: "No agent has answered a question in time. Nothing was to be written.",
    action: LOGS,
  },
  signInKeysUnavailable: {
    means: "The tenant's token signing keys cannot be fetched. Nothing was sent.",
    action: "Check that the functions reach the Entra authority.",
  },
  internalError: { means: "A mistake of ours.", action: REPORT },
} as const satisfies Partial<Record<ErrorCode, Meaning>>;
