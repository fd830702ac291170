import { TableClient } from "@azure/data-tables";
import { FIRST_TRUST_ROW, FIRST_TRUST_TABLE } from "../../../functions/records/firstTrustList.ts";
import { TRUST_ROW } from "../../../functions/records/groundRows.ts";
import { TABLES } from "../../../functions/records/tableDescriptions.ts";
import type { Stack } from "../../../local/stack/startStack.ts";

const { partitionKey, rowKey } = TRUST_ROW;

/** A table, with the operator's rights. */
function open({ identity, applications, tables }: Stack, name: string): TableClient {
  return new TableClient(tables.url, name, {
    getToken: async () => ({
      token: await identity.mintToken({
        audience: "https://storage.azure.com",
        subject: { kind: "app", application: applications.operator },
      }),
      expiresOnTimestamp: Date.now() + 3_600_000,
    }),
  });
}

/** The trust list in force, as it was signed, in either version's place. */
export async function published(stack: Stack): Promise<string> {
  const { partitionKey: first, rowKey: current } = FIRST_TRUST_ROW;
  const { jws } = await open(stack, TABLES.ground.name)
    .getEntity<{ jws: string }>(partitionKey, rowKey)
    .catch(() => open(stack, FIRST_TRUST_TABLE).getEntity<{ jws: string }>(first, current));
  return jws;
}

/** Puts the trust list in force where the first version read it, and nowhere else. */
export async function publishAsFirst(stack: Stack): Promise<void> {
  const jws = await published(stack);
  const first = open(stack, FIRST_TRUST_TABLE);
  await first.createTable();
  await first.upsertEntity({ ...FIRST_TRUST_ROW, jws }, "Replace");
  await open(stack, TABLES.ground.name).deleteEntity(partitionKey, rowKey);
}
