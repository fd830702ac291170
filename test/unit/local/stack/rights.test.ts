import { queueRights } from "../../../../local/stack/queueRights.ts";
import { applications } from "../../../../local/stack/tenant.ts";
import { vaultRights } from "../../../../local/stack/vaultRights.ts";

const leaf = { certificate: "", key: "", certificateFile: "", keyFile: "" };
const apps = applications(leaf);
type Who = keyof typeof apps;
const READS = ["get root", "get signing", "list root", "list signing"];

test.each<[Who, string[]]>([
  ["functions", [...READS, "sign signing"]],
  [
    "operator",
    [...READS, "create root", "create signing", "update root", "update signing", "sign root"],
  ],
  ["agent", []],
  ["portal", []],
])("with keys %s may do this and nothing else", (who, expected) => {
  const { objectId } = apps[who];
  const may = vaultRights(apps);
  const allowed = (["get", "list", "create", "update", "sign"] as const).flatMap((operation) =>
    ["root", "signing", "another"]
      .filter((key) => may(objectId, key, operation))
      .map((key) => `${operation} ${key}`),
  );
  expect(allowed.sort()).toEqual([...expected].sort());
});

test.each<[Who, string[]]>([
  ["functions", ["listen replies", "send requests-corp"]],
  ["agent", ["listen requests-corp", "send replies"]],
  ["operator", []],
  ["portal", []],
])("with queues %s may do this and nothing else", (who, expected) => {
  const { objectId } = apps[who];
  const may = queueRights(apps);
  const allowed = (["listen", "send"] as const).flatMap((right) =>
    ["requests-corp", "requests-emea", "replies", "another"]
      .filter((queue) => may(objectId, queue, right))
      .map((queue) => `${right} ${queue}`),
  );
  expect(allowed).toEqual(expected);
});
