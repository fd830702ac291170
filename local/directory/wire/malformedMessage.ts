/** Bytes that are no LDAP message (RFC 4511 §4.1.1): the connection cannot go on after them. */
export class MalformedMessage extends Error {
  override readonly name = "MalformedMessage";
}
