import type { TLSSocket } from "node:tls";
import type { Counters } from "./counters.ts";
import type { Domain } from "./domain/domain.ts";
import { CODE } from "./failure.ts";
import type { Fault, Faults } from "./faults.ts";
import { execute, type Session } from "./operations/execute.ts";
import { Pages } from "./search/pages.ts";
import { Frames } from "./wire/frames.ts";
import { MalformedMessage } from "./wire/malformedMessage.ts";
import { type Operation, type Request, readRequest } from "./wire/request.ts";
import { Answer } from "./wire/response.ts";

/** Time in milliseconds by which the answer to an operation is held back; its effect is at once. */
export type Latency = (operation: Operation) => number;

/** Told of each operation that was carried out, before its answer, and of its result code. */
export type CarriedOut = (operation: Operation, code: number) => void;

/** What all connections of one directory share. */
export interface Service {
  readonly domain: Domain;
  readonly faults: Faults;
  readonly counters: Counters;
  readonly latency: Latency | undefined;
  readonly carriedOut: CarriedOut | undefined;
  /** True while nothing may be answered. */
  readonly isFrozen: () => boolean;
  /** Runs work later, unless the directory has ended by then. */
  readonly later: (work: () => void, milliseconds: number) => void;
}

const GARBAGE = Buffer.from("HTTP/1.1 400 Bad Request\r\n\r\n");
const MALFORMED = "00000057: LdapErr: DSID-0C0C0095, comment: Error decoding ldap message, data 0";

/** Serves one client: bytes in, answers out, in the order of the requests unless delayed. */
export class Connection {
  private readonly service: Service;
  private readonly socket: TLSSocket;
  private readonly abort: () => void;
  private readonly frames = new Frames();
  private readonly session: Session;
  private held: Buffer[] = [];

  /** @param abort resets the connection without a closing handshake */
  constructor(service: Service, socket: TLSSocket, abort: () => void) {
    this.service = service;
    this.socket = socket;
    this.abort = abort;
    this.session = { domain: service.domain, pages: new Pages(), identity: undefined };
    socket.on("data", (chunk: Buffer) => this.receive(chunk));
    socket.on("error", () => socket.destroy());
  }

  private receive(chunk: Buffer): void {
    try {
      for (const frame of this.frames.push(chunk)) {
        if (this.socket.writableEnded || this.socket.destroyed) return;
        this.handle(readRequest(frame));
      }
    } catch (error) {
      if (!(error instanceof MalformedMessage)) throw error;
      const diagnostic = `${MALFORMED}, v4563\0`;
      this.end(Answer.noticeOfDisconnection({ code: CODE.protocolError, diagnostic }));
    }
  }

  /** Says a last thing and listens no more. */
  private end(last: Buffer): void {
    this.socket.end(last);
    this.socket.removeAllListeners("data").resume();
  }

  private handle(request: Request): void {
    const { operation } = request;
    if (operation.kind === "unbind") {
      this.socket.end();
      return;
    }
    if (operation.kind === "modify") this.service.counters.modifies += 1;
    const fault = this.service.faults.take(operation);
    if (fault) {
      this.fail(request, fault);
      return;
    }
    const answer = this.carryOut(request);
    const delay = this.service.latency?.(operation) ?? 0;
    if (delay > 0) this.service.later(() => this.send(answer), delay);
    else this.send(answer);
  }

  private carryOut(request: Request): Buffer {
    const { answer, result } = execute(this.session, request);
    this.service.counters.count(request.operation, result);
    this.service.carriedOut?.(request.operation, result.code);
    return answer;
  }

  private fail(request: Request, fault: Fault): void {
    switch (fault.kind) {
      case "late":
        this.service.later(() => this.send(this.carryOut(request)), fault.milliseconds);
        return;
      case "hold": {
        const done = fault.applied ? this.carryOut(request) : undefined;
        fault.gate.wait(() => this.send(done ?? this.carryOut(request)));
        return;
      }
      case "refuse": {
        const { kind: _, ...result } = fault;
        this.send(new Answer(request.id).result(request.operation.kind, result).finish());
        return;
      }
      case "disconnect":
        if (fault.applied) this.carryOut(request);
        this.end(Answer.noticeOfDisconnection({ code: fault.code }));
        return;
      default:
        if (fault.applied) this.carryOut(request);
        if (fault.kind === "drop") this.abort();
        if (fault.kind === "garbage") this.send(fault.bytes ?? GARBAGE);
    }
  }

  private send(answer: Buffer): void {
    if (answer.length === 0 || this.socket.destroyed || this.socket.writableEnded) return;
    if (this.service.isFrozen()) this.held.push(answer);
    else this.socket.write(answer);
  }

  /** Takes in nothing more until {@link thaw}. */
  freeze(): void {
    this.socket.pause();
  }

  thaw(): void {
    const held = this.held;
    this.held = [];
    for (const answer of held) this.send(answer);
    this.socket.resume();
  }
}
