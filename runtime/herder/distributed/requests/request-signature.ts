import { createHmac, timingSafeEqual } from 'node:crypto'
import { ConnectError } from '../../../../api/index.ts'
import type { SessionKey } from '../../../stores/index.ts'
import type { RequestSignature } from '../../peers.ts'

/** Java `Mac` algorithms and their names in node:crypto. */
const digests: Readonly<Record<string, string>> = {
  HmacMD5: 'md5',
  HmacSHA1: 'sha1',
  HmacSHA224: 'sha224',
  HmacSHA256: 'sha256',
  HmacSHA384: 'sha384',
  HmacSHA512: 'sha512',
}

/** Whether a signature algorithm is supported. */
export const isSignatureAlgorithm = (name: string): boolean => Object.hasOwn(digests, name)

/** Signs a body. Throws `HR_BAD_REQUEST` for an unsupported algorithm. Source: InternalRequestSignature. */
export function signatureOf(body: Buffer, key: SessionKey, algorithm: string): Buffer {
  const digest = isSignatureAlgorithm(algorithm) ? digests[algorithm] : undefined
  if (digest === undefined) throw new ConnectError('HR_BAD_REQUEST', `Algorithm ${algorithm} not available`)
  return createHmac(digest, key.key).update(body).digest()
}

/**
 * Rejects a request of another worker that is not signed with the session key of the cluster.
 *
 * Throws `HR_BAD_REQUEST`, `HR_NOT_READY` or `HR_FORBIDDEN`.
 *
 * Source: DistributedHerder.requestNotSignedProperly, KIP-507.
 */
export function refuseUnsigned(
  signature: RequestSignature | undefined,
  algorithms: readonly string[],
  key: SessionKey | undefined,
): void {
  if (signature === undefined) {
    throw new ConnectError('HR_BAD_REQUEST', 'Internal request missing required signature')
  }
  const { algorithm, body, bytes } = signature
  if (!algorithms.includes(algorithm)) {
    const message =
      `This worker does not support the '${algorithm}' key signing algorithm used by other workers. ` +
      `This worker is currently configured to use: [${algorithms.join(', ')}]. Check that all workers' configuration ` +
      `files permit the same set of signature algorithms, and correct any misconfigured worker and restart it.`
    throw new ConnectError('HR_BAD_REQUEST', message)
  }
  if (key === undefined) {
    const message =
      'This worker is still starting up and has not been able to read a session key from the config topic yet'
    throw new ConnectError('HR_NOT_READY', message)
  }
  const expected = signatureOf(body, key, algorithm)
  if (expected.length !== bytes.length || !timingSafeEqual(expected, bytes)) {
    throw new ConnectError('HR_FORBIDDEN', 'Internal request contained invalid signature.')
  }
}
