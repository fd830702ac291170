import { dirname, join, relative } from "node:path";
import { HEARTBEAT_SECONDS } from "../../protocol/heartbeat.ts";
import type { Description } from "./description.ts";

const PASSWORD_METHOD = "28c10230-6103-485e-b985-444c60001490";

/** What the start script prints when everything that it starts is ready. */
export function greeting(description: Description, seconds: number): string {
  const { api, users, directory, logs } = description;
  const folder = relative(process.cwd(), logs);
  const [first, second] = users;
  const logFiles = [...(description.processes.functions ? ["functions.log"] : []), "agent.log"];
  const call = (path: string, token: keyof Description["tokens"], body: unknown) =>
    [
      `curl -i ${api}${path} \\`,
      `  -H "Authorization: Bearer $(cat ${join(folder, `${token}.token`)})" \\`,
      `  -H "Content-Type: application/json" \\`,
      `  -d '${JSON.stringify(body)}'`,
    ].join("\n");
  const people = users.map(
    (user) => `  ${user.userPrincipalName.padEnd(20)} ${user.password.padEnd(22)} ${user.about}`,
  );
  return `
${opening(description, seconds)}

  API         ${api}
  Directory   ${directory.url} (${directory.kind})
  Logs        ${logFiles.map((name) => join(folder, name)).join(", ")}

Sample people and their passwords:
${people.join("\n")}

${first?.userPrincipalName} changes the password:

${call("/v1.0/me/changePassword", "user", {
  currentPassword: first?.password,
  newPassword: "Amber-Kettle-19",
})}

The same person, having forgotten it, resets it after a stronger sign-in:

${call("/v1.0/me/resetPassword", "userSteppedUp", { newPassword: "Willow-Lantern-52" })}

The help desk resets the password of ${second?.userPrincipalName}:

${call(
  `/v1.0/users/${second?.userPrincipalName}/authentication/methods/${PASSWORD_METHOD}/resetPassword`,
  "helpdesk",
  { newPassword: "Copper-Window-28" },
)}

The round trip through relay, agent and directory, writing nothing:

${call("/v1.0/probe", "operator", { connector: "corp" })}

The operator looks at the trust list:

npm run operator -- show --profile ${relative(process.cwd(), description.operatorProfile)}

Tokens, each in a file ${join(folder, "<name>.token")}:
  ${Object.keys(description.tokens).join(", ")}

Every other call, portals' too: docs/calls.md. How to enrol a second agent: README.md.

Ctrl-C ends it.
`;
}

function opening({ hostSettings, api }: Description, seconds: number): string {
  const after = `(${seconds.toFixed(1)} s)`;
  if (!hostSettings) return `Password Writeback is ready ${after}.`;
  const folder = dirname(hostSettings.file);
  return `Everything but the functions' host is ready ${after}. Start that in another terminal:

  cd ${relative(process.cwd(), folder) || "."}
  NODE_EXTRA_CA_CERTS="${hostSettings.caFile}" func start

It finds its settings in ${relative(process.cwd(), hostSettings.file)} and serves ${api}. The agent tries
again within ${HEARTBEAT_SECONDS} s: the calls below work from then on.`;
}
