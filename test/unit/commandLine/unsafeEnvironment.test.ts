import { unsafeEnvironment } from "../../../commandLine/unsafeEnvironment.ts";

const refused: [string, string[]][] = [
  ["NODE_DEBUG", ["ldapts", "https", "*", " "]],
  ["DEBUG", ["rhea*", "azure:service-bus:info", "-app,*"]],
  ["AZURE_LOG_LEVEL", ["verbose", "error"]],
  ["TYPESPEC_RUNTIME_LOG_LEVEL", ["info"]],
  ["NODE_TLS_REJECT_UNAUTHORIZED", ["0"]],
];
const accepted: [string, (string | undefined)[]][] = [
  ["NODE_DEBUG", [undefined, ""]],
  ["DEBUG", [undefined, ""]],
  ["NODE_TLS_REJECT_UNAUTHORIZED", [undefined, "", "1"]],
  ["NODE_EXTRA_CA_CERTS", ["ca.pem"]],
  ["AZURE_CONFIG_DIR", ["/home/alex/.azure"]],
];
const each = <T>(table: [string, T[]][]) =>
  table.flatMap(([name, values]) => values.map((value) => [name, value] as const));

test.each(each(refused))("%s=%s is refused by its name", (name, value) => {
  expect(unsafeEnvironment({ [name]: value })).toMatch(new RegExp(`^${name}: must not`));
});

test.each(each(accepted))("%s=%s is not", (name, value) => {
  expect(unsafeEnvironment({ [name]: value })).toBeUndefined();
});
