import { later, now, type Instant, type Lease } from '../../timing/index.ts'

/**
 * The lease of a worker's connectors and tasks. Nobody else gets them while the group has this worker as a member:
 * until `session.timeout.ms` after the coordinator has last answered. A worker that has lost its membership holds no
 * lease until it has applied a new assignment.
 *
 * Differs: Java stops its work after one missed heartbeat interval, unless the worker is suspended or blocked.
 *
 * Invariant 5: it lapses by itself when this process is suspended or blocked, since task processes check it too.
 */
export class WorkLease {
  readonly #lease: Lease
  readonly #sessionTimeoutMs: number
  #isMember = false
  #contactAt: Instant = now()

  constructor(lease: Lease, sessionTimeoutMs: number) {
    this.#lease = lease
    this.#sessionTimeoutMs = sessionTimeoutMs
  }

  /** The coordinator has answered a request of `sentAt`. */
  contacted(sentAt: Instant): void {
    if (sentAt.monotonicMs > this.#contactAt.monotonicMs) this.#contactAt = sentAt
    this.#renew()
  }

  /** This worker runs exactly what the group has assigned to it. */
  applied(): void {
    this.#isMember = true
    this.#renew()
  }

  /** The membership is lost or given up. */
  lost(): void {
    this.#isMember = false
    this.#lease.revoke()
  }

  #renew(): void {
    if (this.#isMember) this.#lease.renew(later(this.#contactAt, this.#sessionTimeoutMs))
  }
}
