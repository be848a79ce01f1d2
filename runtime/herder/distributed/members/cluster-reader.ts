import { messageOf, type Logger, type Props } from '../../../../api/index.ts'
import { GroupAdmin, TopicAdmin, type KafkaClient } from '../../../kafka/index.ts'
import { sleep } from '../../../timing/index.ts'
import type { ClusterQueries, ClusterView, OwnFacts } from '../../cluster.ts'
import type { Peers } from '../../peers.ts'
import type { Work } from '../assignment/work.ts'
import { clusterView, isSettled, membersOf } from './cluster-view.ts'
import { askMember, factsOf, type MemberFacts } from './member-facts.ts'

/** Time for each request to Kafka, in milliseconds. */
const KAFKA_MS = 5000
/** Time to wait for the end of a rebalance, and between two looks, in milliseconds. */
const REBALANCE_MS = 10_000
const POLL_MS = 200

export interface ClusterReaderParts {
  /** REST URL of this worker. */
  readonly url: string
  readonly client: KafkaClient
  readonly groupId: string
  readonly configTopic: string
  readonly peers: Peers
  self(): OwnFacts
  configured(): Work
  configs(): ReadonlyMap<string, Props>
  scheduledAt(): number | undefined
  readonly stopped: AbortSignal
  readonly log: Logger
}

type Headers = Readonly<Record<string, string>>

/**
 * Reads the state of the cluster from the coordinator of the group and from each worker. Any worker can, whoever leads:
 * the coordinator has the metadata and the assignment of every member.
 */
export class ClusterReader implements ClusterQueries {
  readonly #parts: ClusterReaderParts
  readonly #groups: GroupAdmin
  readonly #topics: TopicAdmin

  constructor(parts: ClusterReaderParts) {
    this.#parts = parts
    this.#groups = new GroupAdmin(parts.client)
    this.#topics = new TopicAdmin(parts.client)
  }

  self(): OwnFacts {
    return this.#parts.self()
  }

  async view(headers: Headers = {}): Promise<ClusterView> {
    const { url, groupId, configured, configs, scheduledAt } = this.#parts
    const [group, configEnd] = await Promise.all([
      this.#groups.describe(groupId, { timeoutMs: KAFKA_MS }),
      this.#configEnd(),
    ])
    const urls = membersOf(group).map(({ metadata }) => metadata.url)
    const answers = await Promise.all(urls.map((member) => this.#factsOf(member, headers)))
    return clusterView({
      groupId,
      url,
      group,
      facts: new Map(answers.filter((answer) => answer !== undefined)),
      configEnd,
      configured: configured(),
      configs: configs(),
      scheduledAt: scheduledAt(),
    })
  }

  /**
   * Resolves to the REST URLs of the other workers that are known to have a connector class. Waits a while for the end of
   * a rebalance, since the coordinator describes no members during it.
   */
  async workersWith(className: string): Promise<string[]> {
    const { url: ownUrl, groupId, stopped } = this.#parts
    const deadline = Date.now() + REBALANCE_MS
    let group = await this.#groups.describe(groupId, { timeoutMs: KAFKA_MS })
    while (!isSettled(group) && Date.now() < deadline && (await sleep(POLL_MS, stopped)))
      group = await this.#groups.describe(groupId, { timeoutMs: KAFKA_MS })
    const urls = membersOf(group).map(({ metadata }) => metadata.url)
    const others = urls.filter((url) => url !== ownUrl)
    const answers = await Promise.all(others.map((url) => this.#factsOf(url, {})))
    return answers.flatMap((answer) => (answer?.[1].connectors.has(className) === true ? [answer[0]] : []))
  }

  async #factsOf(url: string, headers: Headers): Promise<readonly [string, MemberFacts] | undefined> {
    const { url: ownUrl, self, peers, log } = this.#parts
    if (url === ownUrl) return [url, factsOf(self())]
    try {
      return [url, await askMember(peers, url, headers)]
    } catch (error) {
      log.debug('a worker of the cluster does not report its state', {
        worker: url,
        reason: messageOf(error),
      })
      return undefined
    }
  }

  async #configEnd(): Promise<number | null> {
    const { configTopic, log } = this.#parts
    try {
      const partitions = [{ topic: configTopic, partition: 0 }]
      const [end] = await this.#topics.endOffsets(partitions, { timeoutMs: KAFKA_MS })
      return end?.offset ?? null
    } catch (error) {
      log.debug('cannot read the end of the config topic', { topic: configTopic, reason: messageOf(error) })
      return null
    }
  }
}
