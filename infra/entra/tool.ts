import { oneOf } from "../../commandLine/oneOf.ts";
import type { Command, Options, Tool } from "../../commandLine/tool.ts";
import { OBJECT_ID } from "../../workstation/objectId.ts";
import { agent } from "./commands/agent.ts";
import { api } from "./commands/api.ts";
import { client } from "./commands/client.ts";
import { functions } from "./commands/functions.ts";
import type { Desk } from "./desk.ts";
import { REDIRECT_ADDRESS } from "./redirectAddress.ts";
import { APP_ROLES, SCOPES } from "./registration.ts";

type Run = (desk: Desk) => Promise<void>;

/** Agents get theirs by their request alone. */
const CLIENT_ROLES = APP_ROLES.filter(
  ({ value, allowedMemberTypes }) =>
    allowedMemberTypes.includes("Application") && value !== "Agent",
).map(({ value }) => value);

const CLIENT_SCOPES = SCOPES.map(({ value }) => value);

const OPTIONS = {
  identity: {
    value: "ID",
    meaning: "object id (principal id) of the functions' managed identity",
    must: OBJECT_ID,
  },
  fingerprint: { value: "TEXT", meaning: "as the agent's host has shown it" },
  name: {
    value: "NAME",
    meaning: "what the client is called, in small letters: portal",
    must: [/^[a-z](?:[a-z0-9-]{0,30}[a-z0-9])?$/, "small letters, digits and hyphens, 32 at most"],
  },
  certificate: { value: "FILE", meaning: "the client's certificate, PEM, without a private key" },
  role: {
    ...oneOf(CLIENT_ROLES, `app role that it acts with by itself: ${CLIENT_ROLES.join(", ")}`),
    value: "ROLE",
  },
  scope: {
    ...oneOf(CLIENT_SCOPES, `scope that it acts with for people: ${CLIENT_SCOPES.join(", ")}`),
    value: "SCOPE",
  },
  redirect: {
    value: "URL",
    meaning: "where people come back to from their sign-in",
    must: REDIRECT_ADDRESS,
  },
  profile: { value: "FILE", meaning: "which tenant, and as whom to sign in, as JSON" },
  "what-if": { meaning: "say what would be done, and do nothing" },
} as const satisfies Options;

const COMMANDS: Readonly<Record<string, Command<typeof OPTIONS, Run>>> = {
  api: {
    does: "the API's registration, its service principal, the groups",
    needs: ["profile"],
    may: ["what-if"],
    run: () => api,
  },
  functions: {
    does: "what the functions' identity may read in Microsoft Graph",
    needs: ["identity", "profile"],
    may: ["what-if"],
    run:
      ({ identity }) =>
      (desk) =>
        functions(desk, identity),
  },
  agent: {
    does: "an application for the agent that has written the request",
    operand: "REQUEST",
    needs: ["profile"],
    may: ["fingerprint", "what-if"],
    wrong: ({ fingerprint, "what-if": whatIf }) =>
      fingerprint === "" && !whatIf
        ? "--fingerprint is missing; only --what-if goes without it"
        : undefined,
    run:
      ({ fingerprint }, request) =>
      (desk) =>
        agent(desk, request, fingerprint || undefined),
  },
  client: {
    does: "an application for a program that calls the API: a portal, a tool",
    needs: ["name", "certificate", "profile"],
    may: ["role", "scope", "redirect", "what-if"],
    run:
      ({ name, certificate, role, scope, redirect }) =>
      (desk) =>
        client(
          desk,
          {
            ...{ name, certificate, role: role || undefined, scope: scope || undefined },
            redirect: redirect || undefined,
          },
          Date.now(),
        ),
  },
};

/** The command that sets up the tenant. */
export const TOOL: Tool<typeof OPTIONS, Run> = {
  name: "npm run entra --",
  options: OPTIONS,
  commands: COMMANDS,
  notes: `Run again, a command does what is missing or wrong and nothing else.
Exit codes: 0 done, 1 refused or failed, 2 wrong command line.`,
};
