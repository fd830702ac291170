/** Where the list in force lies. Both throw CommandError. */
export interface TrustListPlace {
  /** As it was signed, not verified; undefined where none was published. */
  read(): Promise<string | undefined>;
  /** Puts a signed list in force; refused where it does not follow the one there. */
  publish(jws: string): Promise<void>;
}
