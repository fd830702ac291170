import { startSamba } from "../../local/samba/startSamba.ts";
import { describeWithSamba } from "../describeWithSamba.ts";
import { describeSystem } from "./suite.ts";

describeSystem(
  "the whole system on Samba 4.24",
  (certificates) => startSamba({ version: "4.24", certificates }),
  describeWithSamba,
);
