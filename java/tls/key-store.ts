import { readFile } from 'node:fs/promises'
import type { SecureContextOptions } from 'node:tls'
import { ConnectError } from '../../api/index.ts'

const PEM_CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g
const PEM_KEY = /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]+?-----END [A-Z ]*PRIVATE KEY-----/
const JKS_MAGIC = 0xfeedfeed

/**
 * Reads the certificates of a trust store file, as PEM. Detects PEM and PKCS12 by content.
 *
 * Throws `HR_CONFIG_INVALID` if the file does not exist or is a JKS store, or if the password is wrong.
 */
export async function readTrustStore(
  configKey: string,
  path: string,
  password: string | undefined,
): Promise<string[]> {
  const bytes = await readStoreFile(configKey, path)
  return isPem(bytes)
    ? pemCertificates(bytes.toString('latin1'))
    : pkcs12Certificates(configKey, path, bytes, password)
}

/**
 * Reads the client's key and certificates as options of node:tls. Throws the same errors as
 * {@link readTrustStore}.
 */
export async function readKeyStore(configKey: string, path: string): Promise<SecureContextOptions> {
  const bytes = await readStoreFile(configKey, path)
  return isPem(bytes) ? pemIdentity(bytes.toString('latin1')) : { pfx: bytes }
}

export function pemCertificates(text: string): string[] {
  return text.match(PEM_CERTIFICATE) ?? []
}

export function pemIdentity(text: string): SecureContextOptions {
  const key = PEM_KEY.exec(text)?.[0]
  return { cert: pemCertificates(text).join('\n'), ...(key === undefined ? {} : { key }) }
}

async function readStoreFile(configKey: string, path: string): Promise<Buffer> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    const message = `Failed to read the file ${path} of ${configKey}`
    throw new ConnectError('HR_CONFIG_INVALID', message, { cause, configKey })
  })
  if (bytes.length >= 4 && bytes.readUInt32BE(0) === JKS_MAGIC) throw refusedJks(configKey, path)
  return bytes
}

const isPem = (bytes: Buffer): boolean => bytes.includes('-----BEGIN ')

/** Differs: JKS, Java's own format, is not supported. */
function refusedJks(configKey: string, path: string): ConnectError {
  const target = `${path.replace(/\.jks$/i, '')}.p12`
  const command = `keytool -importkeystore -srckeystore ${path} -destkeystore ${target} -deststoretype PKCS12`
  const message = `${configKey}: ${path} is a JKS key store, which is not supported. Convert it to PKCS12: ${command}`
  return new ConnectError('HR_CONFIG_INVALID', message, { configKey })
}

/** Uses node-forge, because node:tls reads PKCS12 only with a private key, which trust stores do not have. */
async function pkcs12Certificates(
  configKey: string,
  path: string,
  bytes: Buffer,
  password: string | undefined,
): Promise<string[]> {
  const { default: forge } = await import('node-forge')
  try {
    const store = forge.pkcs12.pkcs12FromAsn1(forge.asn1.fromDer(bytes.toString('latin1')), password ?? '')
    const { certBag = '' } = forge.pki.oids
    const bags = store.getBags({ bagType: certBag })[certBag] ?? []
    return bags.map((bag) => {
      // forge keeps a certificate with an unsupported key type, such as an elliptic curve, as raw ASN.1
      const der = forge.asn1.toDer(bag.cert ? forge.pki.certificateToAsn1(bag.cert) : bag.asn1).getBytes()
      return forge.pem.encode({ type: 'CERTIFICATE', body: der })
    })
  } catch (cause) {
    const message = `${configKey}: ${path} is neither PEM nor a PKCS12 store that the given password opens`
    throw new ConnectError('HR_CONFIG_INVALID', message, { cause, configKey })
  }
}
