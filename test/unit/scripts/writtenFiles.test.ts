import { readFileSync } from "node:fs";
import { writtenFiles } from "../../../scripts/writtenFiles.ts";

test.each(Object.entries(writtenFiles()))("%s is what npm run docs writes", (path, text) => {
  expect(readFileSync(path, "utf8")).toBe(text);
});
