import { z } from "zod";
import type { TrailFacts } from "../http/trail.ts";

/**
 * At whom a call is aimed, until Graph has said who that is: a call that is refused before, or
 * while Graph is silent, still says it. Object ids only: people type passwords into fields for
 * names, and some of them look like one.
 * @param named object id or user principal name
 */
export const askedFor = (named: string): TrailFacts =>
  z.guid().safeParse(named).success ? { targetId: named.toLowerCase() } : {};
