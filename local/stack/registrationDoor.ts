import { randomBytes, timingSafeEqual } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { type JsonServer, serveJson } from "../http/jsonServer.ts";
import type { Registrations } from "./registrations.ts";

/** Name of the file that says where the door is, in the folder of the stack. */
const FILE = "registration.json";
const PATH = "/agents";

const door = z.object({ url: z.string(), key: z.string() });
const registered = z.object({ clientId: z.uuid(), objectId: z.uuid() });
export type Registered = z.infer<typeof registered>;

/**
 * Opens a way into the running stack's tenant, on loopback, for whoever may read its folder: what
 * an administrator does in Entra when an agent is enrolled.
 */
export async function openDoor(folder: string, registrations: Registrations): Promise<JsonServer> {
  const key = randomBytes(24).toString("base64url");
  const server = await serveJson({
    handle: async ({ method, path, headers, body }) => {
      if (method !== "POST" || path !== PATH) return { status: 404 };
      if (!isSame(headers.authorization ?? "", `Bearer ${key}`)) return { status: 401 };
      try {
        const { clientId, objectId } = await registrations.register(JSON.parse(body));
        return { status: 200, body: { clientId, objectId } };
      } catch {
        return { status: 400 };
      }
    },
  });
  await writeFile(join(folder, FILE), JSON.stringify({ url: server.url, key }), { mode: 0o600 });
  return server;
}

/** Has the stack in a folder register an agent. @throws Error that says what to do */
export async function registerThere(folder: string, request: string): Promise<Registered> {
  const text = await readFile(join(folder, FILE), "utf8").catch(() => {
    throw new Error(`no stack is running in ${folder}; start it with npm start`);
  });
  const { url, key } = door.parse(JSON.parse(text));
  const answer = await fetch(`${url}${PATH}`, {
    method: "POST",
    headers: { Authorization: `Bearer ${key}` },
    body: request,
  });
  if (answer.status !== 200) throw new Error("the file is no request of an agent");
  return registered.parse(await answer.json());
}

const isSame = (one: string, other: string): boolean =>
  one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other));
