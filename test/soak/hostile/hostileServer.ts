import { createServer, type Server } from "node:net";
import { createSecureContext, TLSSocket } from "node:tls";
import type { LocalCertificates } from "../../../local/certificates.ts";
import { Frames } from "../../../local/directory/wire/frames.ts";
import { type Request, readRequest } from "../../../local/directory/wire/request.ts";
import { Answer as Message } from "../../../local/directory/wire/response.ts";
import type { Answer, Question } from "./hostileConnection.ts";
import { modifyOf, questionOf } from "./hostileConnection.ts";

/** Bytes to send for a question. */
export type Reply = (question: Question | "bind", request: Request, healthy: Buffer) => Buffer;

/** Milliseconds after which a connection is closed on which a client waits in vain. */
const HANG_UP_MS = 25;
const NAME = "dc1.corp.example";

const ADDRESS = "127.0.0.1";

/** A TLS listener that reads LDAP requests as they are and answers whatever bytes it is told. */
export class HostileServer {
  readonly url: string;
  readonly servername = NAME;
  readonly ca: string;
  answer: (question: Question) => Answer = () => ({ kind: "lost" });
  reply: Reply = (_, __, healthy) => healthy;
  private readonly server: Server;
  private readonly open = new Set<TLSSocket>();

  private constructor(server: Server, port: number, ca: string) {
    this.server = server;
    this.url = `ldaps://${ADDRESS}:${port}`;
    this.ca = ca;
  }

  static async start(certificates: LocalCertificates): Promise<HostileServer> {
    const leaf = await certificates.leaf("dc1", [NAME, ADDRESS, "localhost"]);
    const context = createSecureContext({ cert: leaf.certificate, key: leaf.key });
    const server = createServer({ noDelay: true, pauseOnConnect: true });
    await new Promise<void>((resolve) => server.listen(0, ADDRESS, resolve));
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("no TCP address");
    const hostile = new HostileServer(server, address.port, certificates.ca);
    server.on("connection", (socket) => {
      socket.on("error", () => socket.destroy());
      hostile.serve(new TLSSocket(socket, { isServer: true, secureContext: context }));
    });
    return hostile;
  }

  async stop(): Promise<void> {
    for (const socket of this.open) socket.destroy();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private serve(socket: TLSSocket): void {
    const frames = new Frames();
    let hangUp: NodeJS.Timeout | undefined;
    this.open.add(socket);
    socket.on("error", () => socket.destroy());
    socket.once("close", () => {
      clearTimeout(hangUp);
      this.open.delete(socket);
    });
    socket.on("data", (chunk: Buffer) => {
      clearTimeout(hangUp);
      for (const frame of frames.push(chunk)) socket.write(this.bytesFor(readRequest(frame)));
      hangUp = setTimeout(() => socket.destroy(), HANG_UP_MS);
    });
  }

  private bytesFor(request: Request): Buffer {
    const { id, operation } = request;
    if (operation.kind === "bind")
      return this.reply("bind", request, new Message(id).result("bind", { code: 0 }).finish());
    if (operation.kind !== "search" && operation.kind !== "modify") return Buffer.alloc(0);
    const question =
      operation.kind === "modify"
        ? modifyOf(operation.changes.flatMap(({ values }) => values))
        : questionOf(operation.dn, {
            scope: operation.scope === "one" ? "sub" : operation.scope,
            attributes: operation.attributes,
            filter: operation.filter,
          });
    return this.reply(question, request, encode(id, operation.kind, this.answer(question)));
  }
}

/** An answer as bytes; a lost one is none. */
function encode(id: number, kind: "search" | "modify", answer: Answer): Buffer {
  if (answer.kind === "lost") return Buffer.alloc(0);
  const message = new Message(id);
  if (answer.kind === "refused") {
    const code = Math.max(-2_147_483_648, answer.resultCode);
    return message.result(kind, { code, diagnostic: answer.diagnostic }).finish();
  }
  if (answer.kind === "entries")
    for (const entry of answer.entries) {
      const dn = entry.find(([name]) => name === "dn")?.[1][0] ?? "";
      message.entry({
        dn: dn.toString(),
        attributes: entry
          .filter((each, at) => at > 0 || each[0] !== "dn")
          .map(([name, values]) => [name, values.map((value) => Buffer.from(value as Buffer))]),
      });
    }
  return message.result(kind, { code: 0 }).finish();
}
