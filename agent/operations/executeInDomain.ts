import type { Verdict } from "@password-writeback/protocol/outcome.ts";
import type { AccountRequest, Request } from "@password-writeback/protocol/request.ts";
import { DirectoryError } from "../directory/directoryError.ts";
import { countMatches } from "../directory/findAccount.ts";
import { execute } from "./execute.ts";
import { failed } from "./failed.ts";
import type { Job } from "./job.ts";

/** One configured domain: how the agent gets at it, and what holds there. */
export type Domain = Pick<Job, "pool" | "settings">;

/**
 * Carries out one request in the one domain that has its target; a probe in every domain. Every
 * definite failure comes back as a verdict.
 */
export async function executeInDomain(
  domains: readonly Domain[],
  request: Request,
  job: Omit<Job, keyof Domain>,
): Promise<Verdict> {
  const within = (domain: Domain) => execute(request, { ...job, ...domain });
  if (request.operation === "probe") return worst(await Promise.all(domains.map(within)));
  try {
    return await within(await domainOf(domains, request, job));
  } catch (error) {
    if (!(error instanceof DirectoryError)) throw error;
    return failed(error);
  }
}

/**
 * Looks for the target in all domains, at the same time. One that cannot be read may hold a second
 * account with the same anchor: nothing is done then.
 * @throws DirectoryError `directoryUserAmbiguous`, `directoryUserNotFound`, `directoryUnreachable`
 */
async function domainOf(
  domains: readonly Domain[],
  { target }: AccountRequest,
  job: Omit<Job, keyof Domain>,
): Promise<Domain> {
  const [only, ...more] = domains;
  // The search that the operation makes anyway finds none or several as well.
  if (only && more.length === 0) return only;
  const matches = await Promise.all(
    domains.map(({ pool, settings }) =>
      pool.look(job.remaining(), (connection) => countMatches(connection, target, settings)),
    ),
  );
  const total = matches.reduce((sum, count) => sum + count, 0);
  if (total > 1) throw new DirectoryError("directoryUserAmbiguous");
  const domain = domains[matches.indexOf(1)];
  if (!domain) throw new DirectoryError("directoryUserNotFound");
  return domain;
}

const worst = (verdicts: readonly Verdict[]): Verdict =>
  verdicts.find(({ status }) => status !== "succeeded") ??
  verdicts[0] ?? { status: "failed", code: "directoryUnreachable" };
