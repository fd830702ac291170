/** What a receiver says about a message that it holds. */
export type Settlement =
  | { readonly kind: "complete" }
  | { readonly kind: "abandon"; readonly properties?: Readonly<Record<string, unknown>> }
  | { readonly kind: "defer"; readonly properties?: Readonly<Record<string, unknown>> }
  | {
      readonly kind: "deadLetter";
      readonly reason?: string;
      readonly description?: string;
      readonly properties?: Readonly<Record<string, unknown>>;
    };
