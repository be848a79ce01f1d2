import { generateKeySync } from 'node:crypto'
import type { DistributedWorkerConfig } from '../../../config/index.ts'
import type { SessionKey } from '../../stores/index.ts'

const BITS_PER_BYTE = 8
/** Default key sizes of Java's key generators, in bits. */
const defaultBits: Readonly<Record<string, number>> = {
  HmacSHA1: 512,
  HmacSHA256: 256,
  HmacSHA384: 384,
  HmacSHA512: 512,
}

/** Creates a session key for signing requests between workers. Source: KIP-507. */
export function newSessionKey(config: DistributedWorkerConfig, now: number): SessionKey {
  const algorithm = config['inter.worker.key.generation.algorithm']
  const length = config['inter.worker.key.size'] ?? defaultBits[algorithm] ?? 256
  return { key: generateKeySync('hmac', { length }).export(), algorithm, createdAt: now }
}

/**
 * When the leader must rotate the session key, in milliseconds since the epoch: 0 when there is none or it
 * does not match the configuration, Infinity when it never expires.
 */
export function keyExpiry(key: SessionKey | undefined, config: DistributedWorkerConfig): number {
  if (key === undefined || key.algorithm !== config['inter.worker.key.generation.algorithm']) return 0
  const size = config['inter.worker.key.size']
  if (size !== null && key.key.length * BITS_PER_BYTE !== size) return 0
  const ttl = config['inter.worker.key.ttl.ms']
  return ttl > 0 ? key.createdAt + ttl : Infinity
}
