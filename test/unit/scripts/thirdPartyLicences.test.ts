import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { licencesText, thirdParties } from "../../../scripts/build/thirdPartyLicences.ts";

const root = mkdtempSync(join(tmpdir(), "licences-"));
afterAll(() => rmSync(root, { recursive: true }));
writeFileSync(join(root, "LICENSE"), "MIT License\n\nCopyright (c) us\n\nPermission is granted.\n");

/** Puts a package where npm would. @returns a file of it, as the bundler names it */
function install(name: string, described: object, texts: Record<string, string> = {}): string {
  const folder = join(root, "node_modules", name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, "package.json"),
    JSON.stringify({ name, version: "1.0.0", ...described }),
  );
  for (const [file, text] of Object.entries(texts)) writeFileSync(join(folder, file), text);
  return `node_modules/${name}/lib/index.js`;
}

describe("the licences of what is bundled", () => {
  it("are those of each package once, with its own texts", () => {
    const one = install(
      "one",
      { license: "ISC" },
      { LICENCE: "of one", "CopyrightNotice.txt": "©" },
    );
    const two = install("@scope/two", { license: "MIT" }, { "license.md": "of two\r\n" });
    const found = thirdParties(root, [one, two, one, "functions/main.ts"]);
    expect(found).toMatchObject([
      { name: "@scope/two", licence: "MIT", texts: ["of two"] },
      { name: "one", licence: "ISC", texts: ["©", "of one"] },
    ]);
    expect(licencesText(found)).toContain("one 1.0.0 (ISC)\n\n©\n\nof one\n");
  });

  it("are written out where a package names the MIT licence without its text", () => {
    const bare = install("bare", { license: "MIT", author: "A. Person <a@example.com>" });
    const [{ texts } = { texts: [] }] = thirdParties(root, [bare]);
    expect(texts).toEqual([
      "MIT License\n\nCopyright (c) A. Person <a@example.com>\n\nPermission is granted.",
    ]);
  });

  it("stop the build where a text or the licence itself is unknown", () => {
    const textless = install("textless", { license: "Apache-2.0", author: "A. Person" });
    expect(() => thirdParties(root, [textless])).toThrow(/textless comes without the text/);
    const nameless = install("nameless", { license: "MIT" });
    expect(() => thirdParties(root, [nameless])).toThrow(/nameless comes without the text/);
    const silent = install("silent", {}, { LICENSE: "of silent" });
    expect(() => thirdParties(root, [silent])).toThrow(/silent states no/);
  });
});
