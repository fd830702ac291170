import { readFileSync } from "node:fs";
import { USAGE as ENTRA_USAGE } from "../../../infra/entra/commandLine.ts";
import { USAGE as OPERATOR_USAGE } from "../../../operator/commandLine.ts";
import { readDeployment } from "../../../scripts/hooks/deployment.ts";
import { leftToDo } from "../../../scripts/hooks/leftToDo.ts";
import { DEPLOYED } from "./deployed.ts";

test("what is left to do are commands that exist, with the values of the deployment", () => {
  const told = leftToDo(readDeployment(DEPLOYED));
  expect(told).toContain("The functions do not run yet");
  expect(told).toMatch(
    /^ +npm run operator -- init --profile \.azure\/writeback-test\/operator\.json --yes$/m,
  );
  expect(OPERATOR_USAGE).toMatch(/^ {2}init /m);
  expect(told).toContain(`-- functions --profile entra.json --identity ${DEPLOYED.TENANT_ID}`);
  expect(ENTRA_USAGE).toMatch(/^ {2}functions /m);
  expect(ENTRA_USAGE).toContain("--identity ID");
});

test("once the root key is known the functions are not said to stand still", () => {
  const told = leftToDo(readDeployment({ ...DEPLOYED, ROOT_PUBLIC_KEY_X: "x" }));
  expect(told).toContain("the functions know the root key");
  expect(told).not.toContain("do not run yet");
  const step = /step (\d+) of docs\/deploy\.md/.exec(told)?.[1];
  expect(readFileSync("docs/deploy.md", "utf8")).toContain(`\n## ${step}. The first agent\n`);
});

test("each value that a hook reads is one that azd has: its own, a parameter, or an output", () => {
  const template = readFileSync("infra/main.bicep", "utf8");
  const parameters = readFileSync("infra/main.parameters.json", "utf8");
  const names = [...Object.keys(DEPLOYED), "ROOT_PUBLIC_KEY_X", "ROOT_PUBLIC_KEY_Y"];
  const isKnown = (name: string) =>
    template.includes(`output ${name} `) || new RegExp(`\\$\\{${name}[=}]`).test(parameters);
  expect(names.filter((name) => !isKnown(name))).toEqual([]);
});

test("values that are missing or wrong are named, and never shown", () => {
  const { API_URL: _, ...rest } = DEPLOYED;
  const read = () => readDeployment({ ...rest, TENANT_ID: "not-a-tenant", AZURE_ENV_NAME: "../x" });
  expect(read).toThrow(/of: AZURE_ENV_NAME, API_URL, TENANT_ID$/);
  expect(read).not.toThrow(/not-a-tenant/);
});
