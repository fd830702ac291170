import { z } from "zod";
import { ApiError } from "../http/apiError.ts";
import type { GraphCall } from "./graph.ts";

/** Of up to 999 entries each: nobody holds as many roles, or is in as many groups. */
const MOST_PAGES = 20;
const MOST_ENTRIES = 1_000;

interface ListOptions {
  /** Code of Graph's error that says that the tenant has no such thing, so that nobody has any. */
  readonly noneBy?: string;
}

/** Reads a list, whole or not at all. @throws ApiError `userFactsUnavailable` */
export type GraphList = <T>(
  path: string,
  entry: z.ZodType<T>,
  options?: ListOptions,
) => Promise<T[]>;

const refusal = z.object({ error: z.object({ code: z.string().max(128) }) });

/**
 * @param baseUrl of Microsoft Graph: a link to a further page is followed there and nowhere else
 */
export function graphLister(graph: GraphCall, baseUrl: string): GraphList {
  const root = `${new URL(baseUrl).href.replace(/\/$/, "")}`;
  return async (path, entry, { noneBy } = {}) => {
    const page = z.object({
      value: z.array(entry).max(MOST_ENTRIES),
      "@odata.nextLink": z.string().max(8_192).optional(),
    });
    try {
      const found: z.infer<typeof entry>[] = [];
      let next: string | undefined = path;
      for (let pages = 0; next !== undefined; pages += 1) {
        if (pages === MOST_PAGES) throw new Error("Graph's list does not end");
        const { status, bodyAsText } = await graph(next);
        const body: unknown = JSON.parse(bodyAsText ?? "");
        if (status === 400 && noneBy !== undefined && codeIn(body) === noneBy) return [];
        if (status !== 200) throw new Error(`Graph answered ${status}`);
        const { value, "@odata.nextLink": link } = page.parse(body);
        found.push(...value);
        next = link === undefined ? undefined : pathOf(link, root);
      }
      return found;
    } catch (cause) {
      throw new ApiError("userFactsUnavailable", { cause });
    }
  };
}

const codeIn = (body: unknown): string | undefined => refusal.safeParse(body).data?.error.code;

function pathOf(link: string, root: string): string {
  const { href } = new URL(link);
  if (!href.startsWith(`${root}/v1.0/`)) throw new Error("Graph's list goes on elsewhere");
  return href.slice(root.length);
}
