import { join, relative } from "node:path";
import type { Description } from "./description.ts";

const PASSWORD_METHOD = "28c10230-6103-485e-b985-444c60001490";

/** What the start script prints when everything is ready. */
export function greeting(description: Description, seconds: number): string {
  const { api, users, directory, logs } = description;
  const folder = relative(process.cwd(), logs);
  const [first, second] = users;
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
Password Writeback is ready (${seconds.toFixed(1)} s).

  API         ${api}
  Directory   ${directory.url} (${directory.kind})
  Logs        ${folder}/functions.log, ${folder}/agent.log

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
