import type { Command, Options, Tool } from "../commandLine/tool.ts";
import { OBJECT_ID } from "../workstation/objectId.ts";
import { addAgent } from "./commands/addAgent.ts";
import { init } from "./commands/init.ts";
import { invite } from "./commands/invite.ts";
import { publish } from "./commands/publish.ts";
import { revokeAgent } from "./commands/revokeAgent.ts";
import { replaceSigningKey, rollSigningKey } from "./commands/rollSigningKey.ts";
import { show } from "./commands/show.ts";
import type { Desk } from "./desk.ts";

type Run = (desk: Desk) => Promise<void>;

const OPTIONS = {
  connector: { value: "NAME", meaning: "the connector of an agent that is to be invited" },
  output: { value: "FILE", meaning: "where the invitation is written; it must not be there yet" },
  "service-principal": {
    value: "ID",
    meaning: "object id of the agent's service principal",
    must: OBJECT_ID,
  },
  fingerprint: { value: "TEXT", meaning: "as the agent's host has shown it; --yes needs it" },
  compromised: { meaning: "at once, because somebody else can use the old key" },
  profile: { value: "FILE", meaning: "where the service is and as whom to sign in, as JSON" },
  yes: { meaning: "sign and publish; without it a command only says what it would do" },
  serial: {
    value: "NUMBER",
    meaning: "sign this list and no other one",
    must: [/^[1-9]\d{0,14}$/, "a positive whole number"],
  },
} as const satisfies Options;

const COMMANDS: Readonly<Record<string, Command<typeof OPTIONS, Run>>> = {
  init: {
    does: "root key, signing key, the functions' setting, first trust list",
    needs: ["profile"],
    may: ["yes", "serial"],
    run: () => init,
  },
  invite: {
    does: "write the file that an agent's host enrols with",
    needs: ["connector", "output", "profile"],
    may: [],
    run:
      ({ connector, output }) =>
      (desk) =>
        invite(desk, connector, output),
  },
  "add-agent": {
    does: "enrol an agent, or take a new key of an enrolled one",
    operand: "REQUEST",
    needs: ["service-principal", "profile"],
    may: ["fingerprint", "yes", "serial"],
    run:
      ({ "service-principal": servicePrincipal, fingerprint }, request) =>
      (desk) =>
        addAgent(desk, { request, servicePrincipal, fingerprint: fingerprint || undefined }),
  },
  "revoke-agent": {
    does: "take an agent off the list",
    operand: "ID",
    needs: ["profile"],
    may: ["yes", "serial"],
    run: (_, id) => (desk) => revokeAgent(desk, id),
  },
  "roll-signing-key": {
    does: "go over to a new signing key, step by step",
    needs: ["profile"],
    may: ["compromised", "yes", "serial"],
    wrong: ({ serial, compromised }) =>
      serial !== "" && !compromised
        ? "--serial goes with --compromised only: a planned roll signs three lists"
        : undefined,
    run: ({ compromised }) => (compromised ? replaceSigningKey : rollSigningKey),
  },
  show: {
    does: "the list in force",
    needs: ["profile"],
    may: ["yes"],
    run: () => show,
  },
  publish: {
    does: "put the newest list back where it was altered or removed",
    operand: "FILE",
    needs: ["profile"],
    may: ["yes"],
    run: (_, file) => (desk) => publish(desk, file),
  },
};

/** The operators' command. */
export const TOOL: Tool<typeof OPTIONS, Run> = {
  name: "npm run operator --",
  options: OPTIONS,
  commands: COMMANDS,
  notes:
    "Exit codes: 0 done, 1 refused or failed, 2 wrong command line, " +
    "3 not approved: nothing was signed.",
};
