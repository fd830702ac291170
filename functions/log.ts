/** Fields of a log record. Never a password, a key, a token or a text of somebody else's. */
export interface LogFields {
  readonly [name: string]: string | number | boolean | undefined;
}

/** Where operators read what happened; both hosts bring their own. */
export interface Log {
  info(event: string, fields: LogFields): void;
  error(event: string, fields: LogFields): void;
}
