import type { Logger, Props } from '../../../../api/index.ts'
import type { EligibleWorkers } from '../assignment/eligible-workers.ts'
import type { WorkerMetadata } from '../assignment/protocol.ts'
import type { WorkerTraits } from '../assignment/traits.ts'
import type { Peers } from '../../peers.ts'
import { KnownMembers } from './known-members.ts'
import { eligibleWorkers, noWorkerHas, placementOf, type KnownTraits } from './requirements.ts'

export interface GroupMembersParts {
  /** REST URL of this worker. */
  readonly url: string
  readonly peers: Peers
  /** Connector configs by name. */
  configs(): ReadonlyMap<string, Props>
  traits(): WorkerTraits
  /** Called when the leader learns that a member cannot run a connector of the cluster. */
  onLacking(): void
  readonly stopped: AbortSignal
  readonly log: Logger
}

/** The leader's view of the members, which determines what each may run. */
export class GroupMembers {
  readonly #parts: GroupMembersParts
  readonly #known: KnownMembers
  #present: readonly KnownTraits[] = []

  constructor(parts: GroupMembersParts) {
    this.#parts = parts
    const { peers, stopped, log } = parts
    this.#known = new KnownMembers(peers, (member, facts) => this.#learned(member.url, facts), stopped, log)
  }

  /** Returns which members may run each connector, in an assignment to the members with this metadata. */
  eligible(workers: ReadonlyMap<string, WorkerMetadata>): EligibleWorkers {
    const { url, configs, traits } = this.#parts
    const silent = [...workers].filter(([, worker]) => worker.traits === undefined && worker.url !== url)
    this.#known.follow(silent.map(([id, worker]) => ({ id, url: worker.url })))
    this.#present = [...workers].map(([id, worker]) => ({
      id,
      tags: worker.traits?.tags,
      connectors: (worker.url === url ? traits() : (worker.traits ?? this.#known.of(id)))?.connectors,
    }))
    return eligibleWorkers(this.#present, (name) => configs().get(name))
  }

  /** Why the last assignment left a connector and its tasks out. */
  reasonUnplaced(connector: string): string {
    return noWorkerHas(placementOf(this.#parts.configs().get(connector) ?? {}), this.#present)
  }

  #learned(worker: string, { connectors }: Pick<WorkerTraits, 'connectors'>): void {
    const classes = [...this.#parts.configs().values()].map((config) => config['connector.class'] ?? '')
    const lacking = [...new Set(classes)].filter((className) => !connectors.has(className))
    if (lacking.length === 0) return
    this.#parts.log.info(
      'a worker of the cluster lacks connectors; they are assigned to others that have them',
      {
        worker,
        connectors: lacking,
      },
    )
    this.#parts.onLacking()
  }
}
