#!/usr/bin/env node
import { runMain } from "../workstation/runMain.ts";
import { commandLine } from "./commandLine.ts";
import { openDesk } from "./openDesk.ts";

runMain((argv, streams) => commandLine(argv, { ...streams, open: openDesk }));
