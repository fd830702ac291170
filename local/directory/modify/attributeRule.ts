import type { Identity } from "../accounts/identity.ts";
import type { Domain } from "../domain/domain.ts";
import type { Change } from "../wire/request.ts";
import type { Draft } from "./draft.ts";

/** One modify in the works. */
export interface Modification {
  readonly domain: Domain;
  readonly identity: Identity;
  readonly draft: Draft;
  /** The request asks for history and minimum age on a reset. */
  readonly hinted: boolean;
}

/** What is special about writing one attribute. */
export interface AttributeRule {
  /**
   * Refuses writers without the right.
   *
   * @throws LdapFailure
   */
  readonly checkAccess: (modification: Modification, changes: readonly Change[]) => void;
  /**
   * Puts the changes of this attribute, in the order of the request, into the draft.
   *
   * @throws LdapFailure
   */
  readonly apply: (modification: Modification, changes: readonly Change[]) => void;
}
