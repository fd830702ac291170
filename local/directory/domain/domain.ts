import type { Delegations } from "../accounts/delegations.ts";
import type { Entry } from "../store/entry.ts";
import type { Store } from "../store/store.ts";
import type { Condition } from "./condition.ts";

/** One domain as its controller serves it. */
export interface Domain {
  readonly store: Store;
  /** Head of the domain's naming context: it holds the password policy. */
  readonly head: Entry;
  readonly configuration: Entry;
  /** The controller's NTDS settings object: `dsServiceName`. */
  readonly settings: Entry;
  readonly administrator: Entry;
  readonly delegations: Delegations;
  /** `corp.example` */
  readonly dnsName: string;
  /** `CORP` */
  readonly netbiosName: string;
  /** Host name of the controller. */
  readonly host: string;
  readonly condition: Condition;
}
