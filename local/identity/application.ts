/** An app registration (or managed identity) of the local tenant, with its service principal. */
export interface Application {
  readonly clientId: string;
  /** Object id of the service principal: `oid` of its own tokens. */
  readonly objectId: string;
  readonly name: string;
  /** PEM certificates that it may sign client assertions with. */
  readonly certificates?: readonly string[];
  /** Does the managed-identity endpoint serve it? */
  readonly managedIdentity?: boolean;
  /**
   * App roles granted to it, by resource: the client id of another application, or the address of
   * a Microsoft service such as `https://graph.microsoft.com`.
   */
  readonly appRoles?: Readonly<Record<string, readonly string[]>>;
}
