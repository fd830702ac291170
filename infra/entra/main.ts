#!/usr/bin/env node
import { commandLine } from "./commandLine.ts";
import { openDesk } from "./openDesk.ts";

commandLine(process.argv.slice(2), {
  print: (text) => process.stdout.write(`${text}\n`),
  complain: (text) => process.stderr.write(text),
  open: openDesk,
}).then(
  (code) => process.exit(code),
  (error: unknown) => {
    const name = error instanceof Error ? error.name : "unknown error";
    process.stderr.write(`The command failed: ${name}\n`);
    process.exit(1);
  },
);
