import type { Principal, Resource, RoleNeed } from "../infra/needs/roleNeeds.ts";
import { OWN_ROLES } from "../infra/needs/roles.ts";
import { markdownTable } from "./markdown.ts";

const INTRODUCTION = `# Rights in Azure

Who needs which role, each on one resource and on nothing above it. The templates in \`infra/\` assign all of this, those
of the operators only with a group given; the stand-ins of the local service grant the same. Beside
these \`init\` needs *Website Contributor* on the site, [for once](enrolment.md#the-operators-command): nobody has it
standing. Which permissions in Microsoft Graph the functions need:
[administrators.md](administrators.md#what-is-read-from-microsoft-graph).

This page is written by \`npm run docs\` from \`infra/needs/\`.
`;

const WHO: Readonly<Record<Principal, string>> = {
  functions: "identity of the functions",
  agents: "group of the agents",
  operators: "group of the operators",
};

function resourceText({ kind, name }: Resource): string {
  if (kind === "queue") return `queue \`${name}\``;
  if (kind === "key") return `${name} key`;
  return kind === "account" ? `storage account of the ${name}` : "Application Insights";
}

/** The page of all role assignments: a row each, and the roles of our own. */
export function rightsPage(needs: readonly RoleNeed[]): string {
  const rows = needs.map(({ who, role, on, to }) => [WHO[who], role, resourceText(on), to]);
  const own = Object.entries(OWN_ROLES).map(([name, actions]) => [
    name,
    actions.map((action) => `\`${action}\``).join(", "),
  ]);
  return `${INTRODUCTION}
${markdownTable(["Who", "Role", "On", "To"], rows)}

## Roles of our own

Azure has none for keys that is as narrow. The templates define them in the resource group.

${markdownTable(["Role", "Data actions, and no others"], own)}
`;
}
