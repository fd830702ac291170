import type { Command, Options, Tool } from "../commandLine/tool.ts";
import { enroll } from "./commands/enroll.ts";
import { rotate } from "./commands/rotate.ts";
import { run } from "./commands/run.ts";
import { trust } from "./commands/trust.ts";

/** Returns the exit code. */
type Run = (tell: (text: string) => void) => Promise<number>;

const OPTIONS = {
  config: { value: "FILE", meaning: "configuration of this agent, as JSON" },
  invitation: { value: "FILE", meaning: "what the operator handed over" },
  id: { value: "ID", meaning: "name of the agent: lower-case letters, digits and hyphens" },
  folder: { value: "DIR", meaning: "where the agent's files are to lie" },
  directory: { value: "FILE", meaning: 'the section "directory" of the configuration, as JSON' },
  "client-id": { value: "GUID", meaning: "of the agent's application in Microsoft Entra" },
  certificate: { meaning: "a new certificate instead of a new encryption key" },
  "use-certificate": { meaning: "put the new certificate in use, if Entra takes it" },
} as const satisfies Options;

const COMMANDS: Readonly<Record<string, Command<typeof OPTIONS, Run>>> = {
  run: {
    does: "carry out requests from the cloud until told to stop",
    needs: ["config"],
    may: [],
    run:
      ({ config }) =>
      () =>
        run(config),
  },
  enroll: {
    does: `make this agent's keys and configuration, and a request for the operator;
      repeated with --directory or --client-id it adds what was not known before`,
    needs: ["invitation", "id", "folder"],
    may: ["directory", "client-id"],
    run: ({ invitation, id, folder, directory, "client-id": clientId }) => {
      const more = { directory: directory || undefined, clientId: clientId || undefined };
      return (tell) => enroll({ invitation, id, folder, ...more }, tell);
    },
  },
  "rotate-key": {
    does: "make a new key, or a new certificate, and a request for the operator",
    needs: ["config"],
    may: ["certificate", "use-certificate"],
    wrong: ({ certificate, "use-certificate": useCertificate }) =>
      certificate && useCertificate
        ? "--certificate and --use-certificate exclude each other"
        : undefined,
    run: ({ config, certificate, "use-certificate": useCertificate }) => {
      const what = certificate ? "certificate" : useCertificate ? "useCertificate" : "key";
      return (tell) => rotate(config, what, tell);
    },
  },
  trust: {
    does: "take a trust list by hand",
    operand: "LIST",
    needs: ["config"],
    may: [],
    run:
      ({ config }, file) =>
      (tell) =>
        trust(file, config, tell),
  },
};

/** The agent's command. */
export const TOOL: Tool<typeof OPTIONS, Run> = {
  name: "password-writeback-agent",
  options: OPTIONS,
  commands: COMMANDS,
  notes: "Exit codes: 0 done, 1 a file or setting cannot be used, 2 wrong command line.",
};
