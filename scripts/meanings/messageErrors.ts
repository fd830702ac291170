import type { ErrorCode } from "../../protocol/errors.ts";
import type { Meaning } from "./meaning.ts";

/** What is wrong with messages, lists and keys: 404xx, and those of operators and agents. */
export const MESSAGE_ERRORS = {
  envelopeMalformed: {
    means: "A message on the relay is no envelope that can be read.",
    action: "Find out who may send to the queue.",
  },
  envelopeTooLarge: {
    means: "A message on the relay is larger than any envelope.",
    action: "Find out who may send to the queue.",
  },
  envelopeNotForThisAgent: {
    means: "A request was sealed before this agent was enrolled, or for others.",
    action: "Nothing, if it passes; else publish a trust list that names this agent's key.",
  },
  requestVersionUnsupported: {
    means: "The functions send a format that this agent does not know.",
    action: "Update the agent.",
  },
  requestSignatureInvalid: {
    means: "A request was not signed by the instance that it names.",
    action: "Find out who may send to the queue.",
  },
  requestAudienceWrong: {
    means: "A request was made for another connector or tenant.",
    action: "Check which queue the agent listens on.",
  },
  requestFromFuture: {
    means: "A request was made more than a minute ahead of the agent's corrected clock.",
    action: "Check the clocks.",
  },
  requestRepeated: {
    means: "A request came a second time; it is never executed again.",
    action: "Nothing.",
  },
  certificateInvalid: {
    means: "The instance's certificate has ended, or the trust list does not name its signer.",
    action: "Publish a trust list with the signing key in use.",
  },
  trustListInvalid: {
    means: "A trust list is not signed by the root key that was pinned.",
    action: "Find out who wrote to the table.",
  },
  trustListOutdated: {
    means: "A trust list has a lower serial than one seen before.",
    action: "Publish the current list; find out who put back the old one.",
  },
  heartbeatAnswerInvalid: {
    means: "The answer to a heartbeat is not signed over this heartbeat.",
    action: "Check for a proxy that answers in the API's place.",
  },
  replyInvalid: {
    means: "A reply was not sealed with the key of the request; it was ignored.",
    action: "Find out who may send to the queue `replies`.",
  },
  agentNotListed: {
    means: "The trust list has no such agent, or names another service principal for it.",
    action: "Enrol the agent; check the certificate it signs in with.",
  },
  trustListRefused: {
    means:
      "A list to be published is not signed by the root key, contradicts itself, or is of a time " +
      "to come.",
    action: "Publish with the operator's command; `target` names what is wrong.",
  },
  trustListSuperseded: {
    means: "A list to be published does not follow the one in force: another one came first.",
    action: "Run the operator's command again: it starts from the list in force.",
  },
  trustListNotFound: {
    means: "No trust list was published yet.",
    action: "Run `init` of the operator's command.",
  },
  enrolmentInvalid: {
    means: "An invitation or a request to enrol is not whole, or its proof does not hold.",
    action: "Make it anew on the agent's host and carry it over unchanged.",
  },
  agentKeyExpired: {
    means: "The agent's encryption key is older than 180 days. Nothing is sealed for it any more.",
    action: "Run `rotate-key` on its host, and `add-agent` with the request that it writes.",
  },
} as const satisfies Partial<Record<ErrorCode, Meaning>>;
