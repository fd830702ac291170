import { parseArgs } from "node:util";
import { enroll } from "./commands/enroll.ts";
import { rotate } from "./commands/rotate.ts";
import { run } from "./commands/run.ts";
import { trust } from "./commands/trust.ts";
import { ConfigurationError } from "./configuration.ts";
import { refuseUnsafeEnvironment } from "./environment.ts";

export const USAGE = `Usage: password-writeback-agent run --config FILE
       password-writeback-agent enroll --invitation FILE --id ID --folder DIR
                                       [--directory FILE] [--client-id GUID]
       password-writeback-agent rotate-key --config FILE [--certificate | --use-certificate]
       password-writeback-agent trust LIST --config FILE

  run         carry out requests from the cloud until told to stop
  enroll      make this agent's keys and configuration, and a request for the operator;
              repeated with --directory or --client-id it adds what was not known before
  rotate-key  make a new key, or a new certificate, and a request for the operator
  trust       take a trust list by hand

  --config FILE       configuration of this agent, as JSON
  --invitation FILE   what the operator handed over
  --id ID             name of the agent: lower-case letters, digits and hyphens
  --folder DIR        where the agent's files are to lie
  --directory FILE    the section "directory" of the configuration, as JSON
  --client-id GUID    of the agent's application in Microsoft Entra
  --certificate       a new certificate instead of a new encryption key
  --use-certificate   put the new certificate in use, if Entra takes it
`;

const OPTIONS = {
  config: { type: "string" },
  invitation: { type: "string" },
  id: { type: "string" },
  folder: { type: "string" },
  directory: { type: "string" },
  "client-id": { type: "string" },
  certificate: { type: "boolean" },
  "use-certificate": { type: "boolean" },
} as const;

/** What was asked for; undefined where the command line is none. */
type Command = ((tell: (text: string) => void) => Promise<number>) | undefined;

/** Exit codes: 0 done, 1 a file or setting cannot be used, 2 the command line cannot. */
export async function commandLine(
  argv: readonly string[],
  complain: (text: string) => void,
  tell: (text: string) => void = (text) => void process.stdout.write(text),
): Promise<number> {
  const command = parse(argv);
  if (command === undefined) {
    complain(USAGE);
    return 2;
  }
  try {
    refuseUnsafeEnvironment(process.env);
    return await command(tell);
  } catch (error) {
    const told = explained(error);
    if (told === undefined) throw error;
    complain(`${told}\n`);
    return 1;
  }
}

/** A file's own error names the file and what is wrong with it; it holds nothing of its content. */
function explained(error: unknown): string | undefined {
  if (error instanceof ConfigurationError) return error.message;
  const { code, syscall, path } = error as NodeJS.ErrnoException;
  return syscall === undefined || path === undefined ? undefined : `${path}: ${code}`;
}

function parse(argv: readonly string[]): Command {
  try {
    const { positionals, values } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: OPTIONS,
    });
    const [name = "", ...operands] = positionals;
    const given = Object.keys(values);
    return COMMANDS.get(name)?.(values, operands, given);
  } catch {
    return undefined;
  }
}

type Values = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>["values"];
type Reader = (values: Values, operands: readonly string[], given: readonly string[]) => Command;

const only = (given: readonly string[], ...allowed: string[]): boolean =>
  given.every((name) => allowed.includes(name));

const COMMANDS: ReadonlyMap<string, Reader> = new Map(
  Object.entries<Reader>({
    run: ({ config }, operands, given) =>
      config !== undefined && operands.length === 0 && only(given, "config")
        ? () => run(config)
        : undefined,
    enroll: ({ invitation, id, folder, directory, "client-id": clientId }, operands, given) =>
      invitation !== undefined &&
      id !== undefined &&
      folder !== undefined &&
      operands.length === 0 &&
      only(given, "invitation", "id", "folder", "directory", "client-id")
        ? (tell) => enroll({ invitation, id, folder, directory, clientId }, tell)
        : undefined,
    "rotate-key": (values, operands, given) => {
      const { config, certificate, "use-certificate": useCertificate } = values;
      const isOne = !(certificate && useCertificate);
      const fits = only(given, "config", "certificate", "use-certificate");
      if (config === undefined || operands.length > 0 || !fits || !isOne) return undefined;
      const what = certificate ? "certificate" : useCertificate ? "useCertificate" : "key";
      return (tell) => rotate(config, what, tell);
    },
    trust: ({ config }, [file, ...more], given) =>
      config !== undefined && file !== undefined && more.length === 0 && only(given, "config")
        ? (tell) => trust(file, config, tell)
        : undefined,
  }),
);
