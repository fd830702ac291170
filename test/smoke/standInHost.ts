import { readFileSync } from "node:fs";
import type { HostSettings } from "../../local/stack/hostSettings.ts";

/** Takes the place of `func start`: our own host, with the settings of the folder that it is in. */
const { Values, Host }: HostSettings = JSON.parse(readFileSync("local.settings.json", "utf8"));
Object.assign(process.env, Values);
process.argv.push("--port", String(Host.LocalHttpPort));
await import("../../local/host/main.ts");
