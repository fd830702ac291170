import { Control } from "ldapts";

/**
 * Keeps a search within the domain of the server: no references to other ones come with the answer
 * (LDAP_SERVER_DOMAIN_SCOPE_OID, MS-ADTS 3.1.1.3.4.1.4). It has no value.
 */
export class DomainScope extends Control {
  static readonly OID = "1.2.840.113556.1.4.1339";

  constructor() {
    super(DomainScope.OID);
  }
}
