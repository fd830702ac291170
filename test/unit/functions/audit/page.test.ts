import { readFileSync } from "node:fs";
import { ACTIVITIES } from "../../../../functions/audit/activity.ts";
import type { AuditRecord } from "../../../../functions/audit/auditRecord.ts";
import { directoryAudit } from "../../../../functions/audit/directoryAudit.ts";
import { routes } from "../../../../functions/routes.ts";

const page = readFileSync("docs/audit.md", "utf8");
const host = JSON.parse(readFileSync("host.json", "utf8"));

test("docs/audit.md has a row for each route that is recorded, and no other", () => {
  const rows = page.split("\n").filter((line) => /^\| `(GET|POST|PUT|PATCH) \//.test(line));
  const expected = routes.flatMap(({ method, route, activity }) =>
    activity ? [`| \`${method} /${route}\` | ${activity.name} | ${activity.category} |`] : [],
  );
  expect(rows.sort()).toEqual(expected.sort());
});

test("it names every activity", () => {
  const names = Object.values(ACTIVITIES).map(({ name }) => name);
  expect(names.filter((name) => !page.includes(name))).toEqual([]);
});

const EVERYTHING: AuditRecord = {
  id: "3f0c6c1e-8a42-4b5e-9d57-0f7a1f1b2c3d",
  at: Date.UTC(2026, 10, 20, 8, 15, 30),
  activity: ACTIVITIES.adminReset.name,
  category: "UserManagement",
  type: "Update",
  result: "success",
  actorKind: "user",
  actorId: "5a3f1c00-0000-4000-8000-000000000011",
  actorName: "helpdesk@corp.example",
  application: "7d3c2f10-0000-4000-8000-00000000b001",
  tokenId: "dXRpLTAwMDE",
  targetId: "5a3f1c00-0000-4000-8000-000000000012",
  targetName: "alex@corp.example",
  address: "203.0.113.7",
  requestId: "11111111-2222-4333-8444-555555555555",
  clientRequestId: "11111111-2222-4333-8444-555555555555",
  operationId: "3f0c6c1e-8a42-4b5e-9d57-0f7a1f1b2c3d",
  operation: "reset",
  origin: "admin",
  connector: "corp",
  agent: "agent-1",
  server: "dc1.corp.example",
  keyVersionBefore: 4,
  keyVersionAfter: 5,
};

test("its example is a record as it is read", () => {
  const example = /```json\n([\s\S]*?)\n```/.exec(page)?.[1] ?? "";
  expect(JSON.parse(example)).toEqual(directoryAudit(EVERYTHING));
});

test("it explains every detail that a record can have", () => {
  const rest = { proof: "sms", replayed: true, corrects: "x", recovered: true } as const;
  const asApplication = { ...EVERYTHING, ...rest, actorKind: "application" } as const;
  const keys = [EVERYTHING, asApplication]
    .flatMap((record) => directoryAudit(record).additionalDetails)
    .map(({ key }) => key);
  const rows = page.split("\n").filter((line) => line.startsWith("| `"));
  expect(keys.filter((key) => !rows.some((row) => row.includes(`\`${key}\``)))).toEqual([]);
});

test("the copy in the workspace is whole: the host samples no traces", () => {
  const { excludedTypes } = host.logging.applicationInsights.samplingSettings;
  expect(excludedTypes.split(";")).toContain("Trace");
  expect(host.logging.logLevel.Function).toBe("Information");
});
