import { randomBytes, webcrypto } from "node:crypto";
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { isIP } from "node:net";
import { join } from "node:path";
import "reflect-metadata";
import * as x509 from "@peculiar/x509";

x509.cryptoProvider.set(webcrypto);

/** A certificate with its key, as PEM text and as files that only the owner can read. */
export interface Leaf {
  readonly certificate: string;
  readonly key: string;
  readonly certificateFile: string;
  readonly keyFile: string;
}

const EC = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const RSA = {
  name: "RSASSA-PKCS1-v1_5",
  hash: "SHA-256",
  modulusLength: 2048,
  publicExponent: new Uint8Array([1, 0, 1]),
} as const;
const DAY_MS = 86_400_000;

const validity = (days: number) => ({
  notBefore: new Date(Date.now() - DAY_MS),
  notAfter: new Date(Date.now() + days * DAY_MS),
});
const serialNumber = (): string => `00${randomBytes(15).toString("hex")}`;
const keyPem = async (key: webcrypto.CryptoKey): Promise<string> =>
  x509.PemConverter.encode(await webcrypto.subtle.exportKey("pkcs8", key), "PRIVATE KEY");

async function readPair(folder: string): Promise<Leaf | undefined> {
  const certificateFile = join(folder, "certificate.pem");
  const keyFile = join(folder, "key.pem");
  try {
    const [certificate, key] = await Promise.all([
      readFile(certificateFile, "utf8"),
      readFile(keyFile, "utf8"),
    ]);
    return { certificate, key, certificateFile, keyFile };
  } catch {
    return undefined;
  }
}

/** Certificate and key appear together: of several makers at once the first one's pair stays. */
async function writePair(folder: string, certificate: string, key: string): Promise<Leaf> {
  const draft = await mkdtemp(`${folder}-`);
  await writeFile(join(draft, "key.pem"), key, { mode: 0o600 });
  await writeFile(join(draft, "certificate.pem"), certificate, { mode: 0o600 });
  await rename(draft, folder).catch(() => rm(draft, { recursive: true }));
  const pair = await readPair(folder);
  if (!pair) throw new Error(`no certificate in ${folder}`);
  return pair;
}

/** The certificate authority of this machine's local stack, made once and kept in a folder. */
export class LocalCertificates {
  private readonly folder: string;
  private readonly authority: Leaf;

  private constructor(folder: string, authority: Leaf) {
    this.folder = folder;
    this.authority = authority;
  }

  static async open(folder: string): Promise<LocalCertificates> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const base = join(folder, "ca");
    const known = await readPair(base);
    if (known) return new LocalCertificates(folder, known);
    const keys = await webcrypto.subtle.generateKey(EC, true, ["sign", "verify"]);
    const certificate = await x509.X509CertificateGenerator.createSelfSigned({
      serialNumber: serialNumber(),
      name: "CN=Password Writeback local CA",
      ...validity(3650),
      signingAlgorithm: EC,
      keys,
      extensions: [
        new x509.BasicConstraintsExtension(true, 0, true),
        new x509.KeyUsagesExtension(
          x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign,
          true,
        ),
        await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      ],
    });
    const pair = await writePair(base, certificate.toString("pem"), await keyPem(keys.privateKey));
    return new LocalCertificates(folder, pair);
  }

  /** PEM of the authority, for `ca` options. */
  get ca(): string {
    return this.authority.certificate;
  }

  /** File of the authority, for `NODE_EXTRA_CA_CERTS`. */
  get caFile(): string {
    return this.authority.certificateFile;
  }

  /**
   * A certificate for a server (or, with RSA keys, for a client assertion: MSAL refuses EC).
   * Made at the first call for a name, then read from the folder.
   */
  async leaf(name: string, hosts: readonly string[], kind: "ec" | "rsa" = "ec"): Promise<Leaf> {
    const base = join(this.folder, name);
    const known = await readPair(base);
    if (known) return known;
    const algorithm = kind === "ec" ? EC : RSA;
    const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
    const authority = new x509.X509Certificate(this.authority.certificate);
    const certificate = await x509.X509CertificateGenerator.create({
      serialNumber: serialNumber(),
      subject: `CN=${hosts[0] ?? name}`,
      issuer: authority.subject,
      ...validity(800),
      signingAlgorithm: EC,
      publicKey: keys.publicKey,
      signingKey: await this.authorityKey(),
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension([
          x509.ExtendedKeyUsage.serverAuth,
          x509.ExtendedKeyUsage.clientAuth,
        ]),
        new x509.SubjectAlternativeNameExtension(
          hosts.map((value) => ({ type: isIP(value) ? "ip" : "dns", value })),
        ),
        await x509.AuthorityKeyIdentifierExtension.create(authority.publicKey),
      ],
    });
    return writePair(base, certificate.toString("pem"), await keyPem(keys.privateKey));
  }

  private async authorityKey(): Promise<webcrypto.CryptoKey> {
    const der = x509.PemConverter.decodeFirst(this.authority.key);
    return webcrypto.subtle.importKey("pkcs8", der, EC, false, ["sign"]);
  }
}
