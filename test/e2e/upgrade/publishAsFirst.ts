import { TableClient } from "@azure/data-tables";
import { FIRST_TRUST_ROW, FIRST_TRUST_TABLE } from "../../../functions/records/firstTrustList.ts";
import { TRUST_ROW } from "../../../functions/records/groundRows.ts";
import { TABLES } from "../../../functions/records/tableDescriptions.ts";
import type { Stack } from "../../../local/stack/startStack.ts";

/** Puts the trust list in force where the first version reads it: a table of its own. */
export async function publishAsFirst({ identity, applications, tables }: Stack): Promise<void> {
  const credential = {
    getToken: async () => ({
      token: await identity.mintToken({
        audience: "https://storage.azure.com",
        subject: { kind: "app", application: applications.operator },
      }),
      expiresOnTimestamp: Date.now() + 3_600_000,
    }),
  };
  const { partitionKey, rowKey } = TRUST_ROW;
  const today = new TableClient(tables.url, TABLES.ground.name, credential);
  const { jws } = await today.getEntity<{ jws: string }>(partitionKey, rowKey);
  const first = new TableClient(tables.url, FIRST_TRUST_TABLE, credential);
  await first.createTable();
  await first.upsertEntity({ ...FIRST_TRUST_ROW, jws }, "Replace");
}
