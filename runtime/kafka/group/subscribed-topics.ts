import { ConnectError, isRetriable } from '../../../api/index.ts'
import type { KafkaClient } from '../connection/client.ts'
import type { TopicMetadata } from '../connection/metadata.ts'

/** A list of topics, or a predicate that selects topics by name. */
export interface TopicSelection {
  readonly topics: readonly string[]
  readonly matches?: (topic: string) => boolean
}

/** Refresh interval while a subscribed topic does not exist, in milliseconds. */
const MISSING_TOPIC_MS = 1000

/**
 * The topics of a consumer's subscription. Checks periodically, in the background, for new topics and
 * partitions.
 */
export class SubscribedTopics {
  readonly #client: KafkaClient
  readonly #selection: TopicSelection
  readonly #createMissing: boolean
  readonly #onLook: (changed: boolean) => void
  #names: readonly string[]
  #partitionCounts: string | undefined
  #knownUntil = 0
  #looking = false
  #failure: unknown

  /**
   * `onLook` is called after each check. `changed` is true if topics or partition counts differ from the last
   * check.
   */
  constructor(
    client: KafkaClient,
    selection: TopicSelection,
    createMissing: boolean,
    onLook: (changed: boolean) => void,
  ) {
    this.#client = client
    this.#selection = selection
    this.#createMissing = createMissing
    this.#onLook = onLook
    this.#names = selection.topics
  }

  get names(): readonly string[] {
    return this.#names
  }

  /** Whether a check has succeeded. Until then, a predicate selects no topics. */
  get known(): boolean {
    return this.#partitionCounts !== undefined
  }

  /** Milliseconds until the next check is due; `Infinity` during a check, because `onLook` is called at its end. */
  get nextLookInMs(): number {
    return this.#looking ? Infinity : Math.max(0, this.#knownUntil - Date.now())
  }

  /**
   * Starts a check if one is due. Throws the error of a check that failed permanently, such as a missing
   * permission.
   */
  lookIfDue(): void {
    if (this.#failure !== undefined) throw this.#failure
    if (this.#looking || this.nextLookInMs > 0) return
    this.#looking = true
    this.#knownUntil = Date.now() + MISSING_TOPIC_MS
    void this.#look()
  }

  async #look(): Promise<void> {
    let changed = false
    try {
      const counts = countsOf(await this.#find())
      changed = this.#partitionCounts !== undefined && this.#partitionCounts !== counts
      this.#partitionCounts = counts
    } catch (error) {
      if (isRetriable(error)) this.#client.outages.failing(this, error)
      else this.#failure = error
    }
    this.#looking = false
    this.#onLook(changed)
  }

  async #find(): Promise<readonly TopicMetadata[]> {
    const { matches, topics } = this.#selection
    const createMissing = this.#createMissing
    const all =
      matches === undefined
        ? await this.#client.existingTopics(topics, { createMissing })
        : await this.#allTopics()
    const found = matches === undefined ? all : all.filter(({ topic }) => matches(topic))
    if (matches !== undefined) this.#names = found.map(({ topic }) => topic)
    const missing =
      matches === undefined
        ? topics.find((topic) => found.every((known) => known.topic !== topic))
        : undefined
    if (missing === undefined) this.#knownUntil = Date.now() + this.#client.settings.metadataMaxAgeMs
    this.#noteMissing(missing)
    return found
  }

  #noteMissing(topic: string | undefined): void {
    const { outages } = this.#client
    if (topic === undefined) outages.recovered(this)
    else outages.failing(this, new ConnectError('HR_KAFKA_UNAVAILABLE', `topic ${topic} does not exist`))
  }

  async #allTopics(): Promise<readonly TopicMetadata[]> {
    const { topics } = await this.#client.refresh(null)
    return topics.filter(({ errorCode }) => errorCode === 0)
  }
}

const countsOf = (topics: readonly TopicMetadata[]): string =>
  topics
    .map(({ topic, partitions }) => `${topic}:${partitions.length}`)
    .toSorted()
    .join()
