import type { TableDescription } from "../functions/records/tableDescriptions.ts";
import { markdownTable } from "./markdown.ts";

const INTRODUCTION = `# Tables

What is kept in the storage account of the records (\`TABLES_URL\`). The functions make the tables at their start and
write the rows; nobody else needs a standing right there. No row holds a password, or anything derived from one. What
each table is worth when it is lost: [operations.md](operations.md#the-tables).

This page is written by \`npm run docs\` from \`functions/records/tableDescriptions.ts\`.
`;

const rows = (tables: readonly TableDescription[]): string =>
  markdownTable(
    ["Table", "Holds", "Written upon", "Kept"],
    tables.map(({ name, holds, writtenUpon, kept }) => [`\`${name}\``, holds, writtenUpon, kept]),
  );

/** The page of all tables: a row each. @param old what no version of today makes */
export const tablesPage = (
  tables: readonly TableDescription[],
  old: readonly TableDescription[],
): string => `${INTRODUCTION}
${rows(tables)}

## Of older versions

Not made any more, and read where they are there.

${rows(old)}
`;
