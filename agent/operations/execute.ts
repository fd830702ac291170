import type { Verdict } from "@password-writeback/protocol/outcome.ts";
import type { Request } from "@password-writeback/protocol/request.ts";
import { DirectoryError } from "../directory/directoryError.ts";
import { change } from "./change.ts";
import { failed } from "./failed.ts";
import type { Job } from "./job.ts";
import { passwordRules } from "./passwordRules.ts";
import { probe } from "./probe.ts";
import { requireChange } from "./requireChange.ts";
import { reset } from "./reset.ts";
import { unlock } from "./unlock.ts";

/** Carries out one request. Every definite failure comes back as a verdict. */
export async function execute(request: Request, job: Job): Promise<Verdict> {
  try {
    return await dispatch(request, job);
  } catch (error) {
    if (!(error instanceof DirectoryError)) throw error;
    return failed(error);
  }
}

function dispatch(request: Request, job: Job): Promise<Verdict> {
  switch (request.operation) {
    case "change":
      return change(request, job);
    case "reset":
      return reset(request, job);
    case "unlock":
      return unlock(request, job);
    case "requireChange":
      return requireChange(request, job);
    case "probe":
      return probe(job);
    case "passwordRules":
      return passwordRules(request, job);
  }
}
