/** How a client proved itself to Entra (`azpacr`): not at all, by a secret, by a certificate. */
export type ClientProof = "0" | "1" | "2";

/** Who called, as a verified token says. */
export interface Caller {
  readonly kind: "user" | "application";
  /** Object id: of the user, or of the application's service principal. */
  readonly id: string;
  /** Client id of the application that got the token. */
  readonly application: string;
  /** Delegated permissions; empty for an application. */
  readonly scopes: readonly string[];
  /** App roles: of the application, or assigned to the user. */
  readonly roles: readonly string[];
  /** Not known: a token without it passes no guard that asks for a certificate. */
  readonly clientProof?: ClientProof | undefined;
  /** Authentication contexts that the user's sign-in satisfied (`acrs`). */
  readonly contexts?: readonly string[] | undefined;
  /** What the client says it can do (`xms_cc`); `cp1`: it understands claims challenges. */
  readonly capabilities?: readonly string[] | undefined;
  /** Entra's id of the token (`uti`), for the audit record. */
  readonly tokenId?: string | undefined;
  /** What the token calls a user: it may change hands, so it is for the audit record alone. */
  readonly name?: string | undefined;
}
