import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A package whose code stands in a bundle. */
export interface ThirdParty {
  readonly name: string;
  readonly version: string;
  /** As its package.json states it: an SPDX expression. */
  readonly licence: string;
  /** Of its licence and notice files. */
  readonly texts: readonly string[];
}

const FOLDER = /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/;
const LICENCE_FILE = /^(licen[cs]e|copying|notice|copyrightnotice)(\.(md|txt)|-[\w.-]+)?$/i;

/**
 * The packages of which something is in the bundle, in order of their names.
 *
 * @param inputs paths in the repository
 * @throws Error if a package states no licence, or its text cannot be told
 */
export function thirdParties(root: string, inputs: readonly string[]): ThirdParty[] {
  const folders = new Set(inputs.flatMap((path) => FOLDER.exec(path)?.[0] ?? []));
  return [...folders]
    .map((folder) => thirdParty(root, join(root, folder)))
    .sort((a, b) => (`${a.name} ${a.version}` < `${b.name} ${b.version}` ? -1 : 1));
}

function thirdParty(root: string, folder: string): ThirdParty {
  const described: Record<string, unknown> = JSON.parse(
    readFileSync(join(folder, "package.json"), "utf8"),
  );
  const { name, version, license } = described;
  if (typeof name !== "string" || typeof version !== "string" || typeof license !== "string")
    throw new Error(`the package in ${folder} states no name, version or licence`);
  const texts = readdirSync(folder)
    .filter((file) => LICENCE_FILE.test(file))
    .sort()
    .map((file) => readFileSync(join(folder, file), "utf8").replaceAll("\r\n", "\n").trim());
  return {
    name,
    version,
    licence: license,
    texts: texts.length > 0 ? texts : [statedText(root, folder, described)],
  };
}

/**
 * The text of a licence that a package states but does not bring.
 * @throws Error if it is not the one that this repository is under too
 */
function statedText(
  root: string,
  folder: string,
  { license, author }: Record<string, unknown>,
): string {
  const holder = typeof author === "string" ? author : (author as { name?: unknown })?.name;
  if (license !== "MIT" || typeof holder !== "string")
    throw new Error(`the package in ${folder} comes without the text of its licence`);
  const own = readFileSync(join(root, "LICENSE"), "utf8").trim();
  return own.replace(/^Copyright .*$/m, () => `Copyright (c) ${holder}`);
}

const RULE = `\n\n${"-".repeat(80)}\n\n`;

/** What is shipped beside a bundle: the names, versions and licence texts of what is in it. */
export const licencesText = (packages: readonly ThirdParty[]): string =>
  `${[
    "Code of these packages is part of this program. Each is under the licence that is named.",
    ...packages.map(({ name, version, licence, texts }) =>
      [`${name} ${version} (${licence})`, ...texts].join("\n\n"),
    ),
  ].join(RULE)}\n`;
