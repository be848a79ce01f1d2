import { ConnectError } from '../../../api/index.ts'
import { unlimitedLease, type Lease } from '../../timing/index.ts'

/**
 * When a producer may write. Invariant 5: no request is written after the end of the lease, not even the repetition
 * of one that was written before; and what has been written but not sent by then, as on a link that is down, is dropped.
 */
export interface WriteRight {
  readonly lease: Pick<Lease, 'held' | 'onEnd'>
  /** What happens to batches after the end of the lease: they wait for its renewal, or fail. */
  readonly afterwards: 'wait' | 'fail'
}

/** The right of a producer whose writes nobody else takes over. */
export const unlimitedRight: WriteRight = { lease: unlimitedLease(), afterwards: 'wait' }

/** The error of a write after the end of the lease. */
export const leaseEnded = (): ConnectError =>
  new ConnectError(
    'HR_KAFKA_UNAVAILABLE',
    'The worker has had no contact with its group for the session timeout, so another worker may have the task',
  )
