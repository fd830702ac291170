import { createPrivateKey, X509Certificate } from "node:crypto";
import "reflect-metadata";
import * as x509 from "@peculiar/x509";
import {
  CERTIFICATE_DAYS,
  selfSignedCertificate,
} from "../../../../agent/enrolment/selfSignedCertificate.ts";

const NOW = Date.UTC(2026, 10, 21, 12);

test("RSA of 3072 bits, signed by itself, in time for 400 days, for signatures and nothing else", async () => {
  const { key, certificate } = await selfSignedCertificate("agent-2", NOW);
  const read = new X509Certificate(certificate);
  expect(read.subject).toBe("CN=agent-2");
  expect(read.issuer).toBe(read.subject);
  expect(read.verify(read.publicKey)).toBe(true);
  expect(read.checkPrivateKey(createPrivateKey(key))).toBe(true);
  expect(read.publicKey.asymmetricKeyDetails).toMatchObject({ modulusLength: 3_072 });
  expect(read.ca).toBe(false);
  expect(read.validFromDate).toEqual(new Date(NOW - 86_400_000));
  expect(read.validToDate).toEqual(new Date(NOW + CERTIFICATE_DAYS * 86_400_000));
  // Another library as the referee.
  const other = new x509.X509Certificate(certificate);
  expect(await other.verify({ signatureOnly: true })).toBe(true);
  const usages = other.getExtension(x509.KeyUsagesExtension);
  expect([usages?.critical, usages?.usages]).toEqual([true, x509.KeyUsageFlags.digitalSignature]);
  const constraints = other.getExtension(x509.BasicConstraintsExtension);
  expect([constraints?.critical, constraints?.ca]).toEqual([true, false]);
}, 30_000);
