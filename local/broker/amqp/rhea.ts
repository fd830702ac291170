/**
 * The parts of rhea 3.0.5 that the broker uses, narrowly typed: rhea's own typings lack fields
 * and say `any`. What is marked private is not part of rhea's interface, so its version is pinned
 * and the bus suite covers each use.
 */
import rhea from "rhea";

/** A value with its AMQP type, ready to be written. */
export interface Typed {
  readonly value: unknown;
}

/** An error as AMQP carries it. */
export interface AmqpError {
  readonly condition: string;
  readonly description: string;
}

/** A decoded message. Bodies are a data section, an amqp-value (as it is), or absent. */
export interface AmqpMessage {
  durable?: boolean;
  priority?: number;
  ttl?: number;
  delivery_count?: number;
  message_id?: string | number | Buffer;
  correlation_id?: string | number | Buffer;
  reply_to?: string;
  group_id?: string;
  message_annotations?: Record<string, unknown>;
  application_properties?: Record<string, unknown>;
  body?: unknown;
}

/** A data section: one piece of bytes, or several if `multiple`. */
export interface BodySection {
  readonly content: unknown;
  readonly multiple?: boolean;
  collect_sections(sections: Typed[]): void;
}

/** What the peer said about a delivery of ours. */
export interface Outcome {
  readonly undeliverable_here?: boolean;
  readonly message_annotations?: Record<string, unknown>;
  readonly error?: { readonly info?: Record<string, unknown> };
}

export interface Delivery {
  settled: boolean;
  remote_settled: boolean;
  readonly remote_state?: Outcome;
  update(settled: boolean, state: Typed): void;
  accept(): void;
  reject(error: AmqpError): void;
  /** Ours: the lock under which the message was sent. */
  lockToken?: string;
  /** Ours: the disposition has been dealt with. */
  answered?: boolean;
}

export interface Terminus {
  readonly address?: string;
  readonly filter?: Record<string, unknown>;
}

interface Attach {
  snd_settle_mode?: number;
  rcv_settle_mode?: number;
  source?: unknown;
  target?: unknown;
  max_message_size?: number;
  properties?: Record<string, unknown>;
}

export interface Link {
  readonly name: string;
  readonly source?: Terminus | null;
  readonly target?: Terminus | null;
  readonly session: Session;
  /** `attach`: what the broker answers; may be changed while the open event runs. */
  readonly local: { readonly attach: Attach };
  readonly remote: { readonly attach: Attach };
  /** Private. */
  readonly state: { local_open: boolean; open_requests: number };
  set_source(terminus: Terminus): void;
  set_target(terminus: Terminus): void;
  is_open(): boolean;
  close(error?: AmqpError): void;
  on(event: string, listener: (context: LinkContext) => void): this;
}

/** A link on which the broker sends. */
export interface Sender extends Link {
  readonly credit: number;
  send(message: AmqpMessage): Delivery;
  send(encoded: Buffer, tag: Buffer | undefined, format: number): Delivery;
  set_drained(drained: boolean): void;
}

export interface Session {
  /** Private: `next_delivery_id` counts what was queued, `next_pending_delivery` what was sent. */
  readonly outgoing: {
    available(): number;
    readonly next_delivery_id: number;
    readonly next_pending_delivery: number;
  };
}

/** What comes with an event of a link. */
export interface LinkContext {
  readonly session?: Session;
  readonly sender?: Sender;
  readonly receiver?: Link;
  /** Decoded if the message's format is 0, its bytes otherwise. */
  readonly message?: AmqpMessage | Buffer;
  readonly format?: number;
  readonly delivery?: Delivery;
}

/** What rhea needs of a socket. */
export interface ByteStream {
  write(data: Buffer): void;
  end(): void;
  destroy(): void;
  on(event: string, handler: (argument?: unknown) => void): void;
  removeAllListeners(event: string): void;
  get_id_string(): string;
}

export interface Connection {
  accept(stream: ByteStream): void;
  close(error?: AmqpError): void;
  on(event: string, listener: (context: LinkContext) => void): this;
  on(event: "error", listener: (error: unknown) => void): this;
}

export interface Container {
  readonly sasl_server_mechanisms: { enable_anonymous(): void };
  create_connection(options: Readonly<Record<string, unknown>>): Connection;
}

interface Composite {
  described(): Typed;
}

interface Rhea {
  create_container(options: Readonly<Record<string, unknown>>): Container;
  readonly types: {
    readonly Writer: new () => { write(value: Typed): void; toBuffer(): Buffer };
    wrap_int(value: number): Typed;
    wrap_long(value: Buffer): Typed;
    wrap_ulong(value: number): Typed;
    wrap_symbol(value: string): Typed;
    wrap_uuid(value: Buffer): Typed;
    wrap_array(values: readonly unknown[], typeCode: number): Typed;
    wrap_map(values: Readonly<Record<string, unknown>>): Typed;
    wrap_symbolic_map(values: Readonly<Record<string, unknown>>): Typed;
    described(descriptor: Typed, value: Typed): Typed;
    wrap(value: unknown): Typed;
  };
  readonly message: {
    decode(encoded: Buffer): AmqpMessage;
    header(fields: Readonly<Record<string, unknown>>): Composite;
    properties(fields: AmqpMessage): Composite;
    accepted(): Composite;
    rejected(fields: { readonly error: AmqpError }): Composite;
  };
}

export const { create_container: createContainer, types, message: codec } = rhea as unknown as Rhea;
