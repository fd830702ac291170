/** What a link's address names. */
export interface Address {
  readonly kind: "cbs" | "queue" | "management";
  /** In lower case: names of queues do not depend on it. */
  readonly queue: string;
  readonly deadLetters: boolean;
}

const PATTERN = /^\/?(.*?)(\/\$deadletterqueue)?(\/\$management)?$/i;

export function parseAddress(address: string): Address {
  if (address === "$cbs") return { kind: "cbs", queue: "", deadLetters: false };
  const [, queue = "", deadLetters, management] = PATTERN.exec(address) ?? [];
  return {
    kind: management ? "management" : "queue",
    queue: queue.toLowerCase(),
    deadLetters: deadLetters !== undefined,
  };
}

/** The queue of a token's audience: `sb://namespace/queue/...`; empty for the whole namespace. */
export function queueOfAudience(audience: string): string | undefined {
  if (!URL.canParse(audience)) return undefined;
  return parseAddress(decodeURIComponent(new URL(audience).pathname)).queue;
}
