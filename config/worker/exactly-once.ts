/**
 * `preparing`: the leader writes to the config topic in transactions. `enabled`: source tasks also write their records
 * and offsets in transactions.
 */
type ExactlyOnceMode = 'disabled' | 'preparing' | 'enabled'

/**
 * Returns the value of `exactly.once.source.support`; a standalone worker does not have this setting.
 *
 * Source: DistributedConfig.transactionalLeaderEnabled and exactlyOnceSourceEnabled (KIP-618).
 */
export function exactlyOnceMode(worker: {
  readonly 'group.id'?: string | null | undefined
  readonly 'exactly.once.source.support'?: string | null | undefined
}): ExactlyOnceMode {
  if (worker['group.id'] === undefined) return 'disabled'
  const mode = worker['exactly.once.source.support']?.trim().toLowerCase()
  return mode === 'preparing' || mode === 'enabled' ? mode : 'disabled'
}
