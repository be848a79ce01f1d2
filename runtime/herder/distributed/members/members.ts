import { version, type Logger } from '../../../../api/index.ts'
import { tagsOf, type DistributedWorkerConfig } from '../../../../config/index.ts'
import type { GroupMember, KafkaClient } from '../../../kafka/index.ts'
import { connectorNames, type PluginCatalog } from '../../../plugins/index.ts'
import type { ConfigSnapshot } from '../../../stores/index.ts'
import type { OwnFacts } from '../../cluster.ts'
import type { Peers } from '../../peers.ts'
import type { Validation } from '../../shared/placement-check.ts'
import type { WorkerMetadata } from '../assignment/protocol.ts'
import type { WorkerTraits } from '../assignment/traits.ts'
import type { Work } from '../assignment/work.ts'
import type { Membership } from '../membership.ts'
import { ClusterReader } from './cluster-reader.ts'
import { GroupMembers } from './group-members.ts'
import { groupValidation } from './group-validation.ts'
import { missingClass, missingPlugin } from './missing-plugin.ts'

export interface MembersParts {
  readonly config: DistributedWorkerConfig
  /** REST URL of this worker. */
  readonly url: string
  readonly client: KafkaClient
  readonly catalog: PluginCatalog
  readonly peers: Peers
  readonly runtime: Validation
  readonly log: Logger
  snapshot(): ConfigSnapshot
  configured(): Work
  membership(): Pick<Membership, 'protocol' | 'scheduledAt' | 'isLeader'>
  member(): Pick<GroupMember, 'lastContact' | 'requestRejoin'>
  readonly stopped: AbortSignal
}

/** The members of the group, as this worker knows them: what each may run, and what the cluster looks like. */
export class Members {
  readonly #parts: MembersParts
  readonly #group: GroupMembers
  readonly reader: ClusterReader
  readonly validation: Validation

  constructor(parts: MembersParts) {
    this.#parts = parts
    const { config, membership, member, snapshot, runtime } = parts
    const configs = () => snapshot().connectors
    this.#group = new GroupMembers({
      ...parts,
      configs,
      traits: () => this.traits(),
      onLacking: () => {
        if (membership().isLeader) member().requestRejoin()
      },
    })
    this.reader = new ClusterReader({
      ...parts,
      groupId: config['group.id'],
      configTopic: config['config.storage.topic'],
      configs,
      self: () => this.#self(),
      scheduledAt: () => membership().scheduledAt,
    })
    this.validation = groupValidation({
      ...parts,
      validation: runtime,
      reader: this.reader,
      protocol: () => membership().protocol,
    })
  }

  /** What this worker tells the leader. */
  traits(): WorkerTraits {
    const { config, catalog } = this.#parts
    const tags = tagsOf(config['headrace.worker.tags'])
    return { version, tags, connectors: connectorNames(catalog.list()) }
  }

  /** As leader: which members may run each connector. */
  eligible(workers: ReadonlyMap<string, WorkerMetadata>) {
    return this.#group.eligible(workers)
  }

  /** Why the last assignment left a connector and its tasks out. */
  reasonUnplaced(connector: string): string {
    return this.#group.reasonUnplaced(connector)
  }

  /**
   * More about the failure of a connector or of its tasks, if this worker lacks the class of the connector; undefined
   * otherwise.
   */
  explainFailure(connector: string): Promise<string> | undefined {
    const { snapshot, catalog, url } = this.#parts
    const className = missingClass(catalog, snapshot().connectors.get(connector) ?? {})
    if (className === undefined) return undefined
    return this.reader.workersWith(className).then(
      (others) => missingPlugin(url, className, others),
      () => missingPlugin(url, className, undefined),
    )
  }

  #self(): OwnFacts {
    const { config, url, member, snapshot } = this.#parts
    const { connectors } = this.traits()
    const { lastContact } = member()
    return {
      url,
      version,
      tags: config['headrace.worker.tags'],
      connectors: [...connectors],
      configOffset: snapshot().offset,
      lastContact,
      sessionEnds: lastContact + config['session.timeout.ms'],
    }
  }
}
