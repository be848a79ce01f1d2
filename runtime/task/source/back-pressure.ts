import type { DeliveryHook } from './delivery-hook.ts'
import { MOST_SETTLED_BEHIND, type OffsetLedger } from './offset-ledger.ts'
import type { SourceRun } from './source-run.ts'

/** Waits and resolves to true if too many records await Kafka or the `delivered` hook of the task. */
export async function hadToWait(
  { parts, poller }: SourceRun,
  ledger: OffsetLedger,
  deliveries: DeliveryHook | undefined,
): Promise<boolean> {
  if (ledger.full) {
    parts.log.warn(
      'polling is suspended: too many acknowledged records wait for an earlier unacknowledged one',
      {
        settledBehind: MOST_SETTLED_BEHIND,
      },
    )
    await poller.wait((signal) => ledger.room(signal))
    return true
  }
  if (deliveries?.full !== true) return false
  await poller.wait((signal) => deliveries.room(signal))
  return true
}
