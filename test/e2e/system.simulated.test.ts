import { startSimulatedDirectory } from "../../local/directory/startSimulatedDirectory.ts";
import { describeSystem } from "./suite.ts";

describeSystem("the whole system on the simulated directory", (certificates) =>
  startSimulatedDirectory({ certificates }),
);
