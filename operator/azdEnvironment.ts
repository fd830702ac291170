import { execFile } from "node:child_process";
import { basename, dirname, resolve } from "node:path";
import type { PublicKey } from "@password-writeback/protocol/trustList.ts";
import { z } from "zod";

/** A name of azd's that is neither an option nor another folder. */
export const azdName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._()-]{0,63}$/);

/** Where azd keeps the values of one environment. */
export interface AzdEnvironment {
  readonly name: string;
  /** Folder of the project. */
  readonly project: string;
}

/** Milliseconds that azd may take. */
const AZD_MS = 60_000;

/** The environment that a file belongs to; undefined for one that lies elsewhere. */
export function azdEnvironmentOf(file: string): AzdEnvironment | undefined {
  const folder = dirname(resolve(file));
  const name = azdName.safeParse(basename(folder));
  const isOne = name.success && basename(dirname(folder)) === ".azure";
  return isOne ? { name: name.data, project: dirname(dirname(folder)) } : undefined;
}

/** A coordinate may begin with a hyphen: behind `--` it is no option. */
const valuesOf = ({ x, y }: PublicKey): readonly (readonly string[])[] => [
  ["--", "ROOT_PUBLIC_KEY_X", x],
  ["--", "ROOT_PUBLIC_KEY_Y", y],
];

/** What a person types where azd cannot be run from here. */
export const azdLines = (key: PublicKey, environment?: AzdEnvironment): string =>
  valuesOf(key)
    .map((words) =>
      ["  azd env set", ...(environment ? ["-e", environment.name] : []), ...words].join(" "),
    )
    .join("\n");

/**
 * Puts the root key into an environment, so that the next `azd provision` keeps it in the
 * functions' settings.
 * @returns whether azd did it; it may not be there
 */
export async function keepInAzd(key: PublicKey, environment: AzdEnvironment): Promise<boolean> {
  const { name, project } = environment;
  for (const words of valuesOf(key))
    if (!(await runAzd(["env", "set", "-e", name, "--cwd", project, "--no-prompt", ...words])))
      return false;
  return true;
}

/**
 * Not started in the project's folder: Windows looks there for the program first, and the folder
 * of a profile may be somebody else's.
 */
const runAzd = (argv: readonly string[]): Promise<boolean> =>
  new Promise((done) => {
    execFile("azd", argv, { env: process.env, timeout: AZD_MS, windowsHide: true }, (error) =>
      done(!error),
    );
  });
