import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Broker, type BrokerOptions, startBroker } from "../../../local/broker/startBroker.ts";
import { LocalCertificates } from "../../../local/certificates.ts";
import type { BusUnderTest } from "./busUnderTest.ts";
import { suiteQueues } from "./suiteQueues.ts";
import { type TokenIssuer, tokenIssuer } from "./tokenIssuer.ts";

const NAMESPACE = "contoso.servicebus.windows.net";

/** The local broker with the suite's queues, and the tests' token issuer. */
export interface TestBroker extends BusUnderTest {
  readonly broker: Broker;
  readonly issuer: TokenIssuer;
  readonly certificate: BrokerOptions["certificate"];
  /** Mistakes of the broker itself: none, at the end of every test. */
  readonly internalErrors: readonly unknown[];
}

export async function startTestBroker(): Promise<TestBroker> {
  const folder = await mkdtemp(join(tmpdir(), "bus-"));
  const certificates = await LocalCertificates.open(folder);
  const issuer = await tokenIssuer(NAMESPACE);
  const internalErrors: unknown[] = [];
  const certificate = await certificates.leaf("bus", ["127.0.0.1"]);
  const broker = await startBroker({
    queues: suiteQueues,
    certificate,
    verifyToken: issuer.verifyToken,
    mayUse: issuer.mayUse,
    onInternalError: (error) => internalErrors.push(error),
  });
  return {
    broker,
    issuer,
    certificate,
    internalErrors,
    namespace: NAMESPACE,
    customEndpointAddress: broker.url,
    ca: certificates.ca,
    credential: (who) => issuer.credential(who),
    stop: async () => {
      await broker.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
