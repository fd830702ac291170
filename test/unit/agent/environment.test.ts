import { ConfigurationError } from "../../../agent/configuration.ts";
import { refuseUnsafeEnvironment } from "../../../agent/environment.ts";

const refused: [string, string[]][] = [
  ["NODE_DEBUG", ["ldapts", "http,ldapts", "LDAPTS", "ldap*", "*", " ldapts "]],
  [
    "DEBUG",
    ["rhea", "rhea*", "rhea:frames", "rh*", "app rhea:raw", "azure*", "azure:*", "*", "A*"],
  ],
  ["DEBUG", ["app,*:frames", "azure:service-bus:info", "-app,*"]],
  ["NODE_TLS_REJECT_UNAUTHORIZED", ["0"]],
];
const accepted: [string, (string | undefined)[]][] = [
  ["NODE_DEBUG", [undefined, "", "http", "tls,net", "ldap", "xldapts"]],
  ["DEBUG", [undefined, "", "app", "app:*", "-rhea", "rhe", "express:*,body*"]],
  ["NODE_TLS_REJECT_UNAUTHORIZED", [undefined, "", "1"]],
];
const each = <T>(table: [string, T[]][]) =>
  table.flatMap(([name, values]) => values.map((value) => [name, value] as const));

test.each(each(refused))("%s=%s is refused by its name", (name, value) => {
  const start = () => refuseUnsafeEnvironment({ [name]: value });
  expect(start).toThrow(ConfigurationError);
  expect(start).toThrow(`${name}: must not`);
});

test.each(each(accepted))("%s=%s is not", (name, value) => {
  expect(() => refuseUnsafeEnvironment({ [name]: value })).not.toThrow();
});
