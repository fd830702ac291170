import { oneOf } from "../commandLine/oneOf.ts";
import type { Program } from "../commandLine/program.ts";
import type { Options } from "../commandLine/tool.ts";
import type { LocalCertificates } from "./certificates.ts";
import { startSimulatedDirectory } from "./directory/startSimulatedDirectory.ts";
import type { LocalDirectory } from "./localDirectory.ts";
import { startSamba } from "./samba/startSamba.ts";

/** Where the settings of somebody else's host go unless told. */
export const HOST_SETTINGS = "dist/functions/local.settings.json";
const DIRECTORIES = {
  simulated: (certificates: LocalCertificates) => startSimulatedDirectory({ certificates }),
  samba: (certificates: LocalCertificates) => startSamba({ version: "4.24", certificates }),
} as const;
type DirectoryName = keyof typeof DIRECTORIES;

/** What `npm start` was asked for. */
export interface StartOptions {
  readonly directory: DirectoryName;
  readonly startDirectory: (certificates: LocalCertificates) => Promise<LocalDirectory>;
  readonly port: number | undefined;
  /** Where addresses, tokens and people go as JSON. */
  readonly describe: string | undefined;
  /** Where the settings of somebody else's host go; undefined where ours runs. */
  readonly hostSettingsFile: string | undefined;
}

const OPTIONS = {
  directory: oneOf(Object.keys(DIRECTORIES), "the directory behind the agent (simulated)"),
  port: {
    value: "NUMBER",
    meaning: "port of the API (7071, or a free one if that is taken)",
    must: [/^[1-9]\d{0,4}$/, "a port"],
  },
  describe: { value: "FILE", meaning: "also write addresses, tokens and people to FILE as JSON" },
  "no-host": { meaning: "leave the functions' host to func, or to whatever else runs it" },
  settings: { value: "FILE", meaning: `where that host's settings go (${HOST_SETTINGS})` },
} as const satisfies Options;

/** `npm start`. */
export const START: Program<typeof OPTIONS, StartOptions> = {
  name: "npm start --",
  does: "the whole system on this machine, until Ctrl-C",
  options: OPTIONS,
  needs: [],
  may: ["directory", "port", "describe", "no-host", "settings"],
  wrong: ({ port, settings, "no-host": noHost }) => {
    if (Number(port) > 65_535) return "--port must be a port";
    return settings !== "" && !noHost ? "--settings goes with --no-host only" : undefined;
  },
  run: ({ directory, port, describe, settings, "no-host": noHost }) => {
    const name = (directory || "simulated") as DirectoryName;
    return {
      directory: name,
      startDirectory: DIRECTORIES[name],
      port: port === "" ? undefined : Number(port),
      describe: describe || undefined,
      hostSettingsFile: noHost ? settings || HOST_SETTINGS : undefined,
    };
  },
};
