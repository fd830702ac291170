import type { Description } from "./description.ts";

const quoted = (value: unknown): string => `'${JSON.stringify(value)}'`;

/** What the start script prints when everything is ready. */
export function greeting(description: Description, seconds: number): string {
  const { api, tokens, users, directory, logs } = description;
  const [first, second] = users;
  const call = (path: string, token: string, body: unknown) =>
    [
      `curl -i ${api}${path} \\`,
      `  -H "Authorization: Bearer ${token}" \\`,
      `  -H "Content-Type: application/json" \\`,
      `  -d ${quoted(body)}`,
    ].join("\n");
  const people = users.map(
    (user) => `  ${user.userPrincipalName.padEnd(20)} ${user.password.padEnd(22)} ${user.about}`,
  );
  return `
Password Writeback is ready (${seconds.toFixed(1)} s).

  API         ${api}
  Directory   ${directory.url} (${directory.kind})
  Logs        ${logs}

Sample people and their passwords:
${people.join("\n")}

${first?.userPrincipalName} changes the password:

${call("/v1.0/me/changePassword", tokens.user, {
  currentPassword: first?.password,
  newPassword: "Amber-Kettle-19",
})}

The help desk resets the password of ${second?.userPrincipalName}:

${call(
  `/v1.0/users/${second?.userPrincipalName}/authentication/methods/28c10230-6103-485e-b985-444c60001490/resetPassword`,
  tokens.helpdesk,
  { newPassword: "Copper-Window-28" },
)}

The round trip through relay, agent and directory, writing nothing:

${call("/v1.0/probe", tokens.globalAdministrator, { connector: "corp" })}

Ctrl-C ends it.
`;
}
