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
  readonly clientProof?: ClientProof;
}
