import { writeFileSync } from "node:fs";
import { ERRORS } from "../protocol/errors.ts";
import { MEANINGS } from "./errorMeanings.ts";
import { errorsPage } from "./errorsPage.ts";

/** Writes the pages that are made from tables in the code. */
writeFileSync(new URL("../docs/errors.md", import.meta.url), errorsPage(ERRORS, MEANINGS));
