import {
  between,
  ConnectError,
  defineConfig,
  isRetriable,
  type Logger,
  type Props,
} from '../../../api/index.ts'
import { compileJavaRegex, type JavaRegex } from '../../../java/index.ts'
import { parseConfig, withPrefix } from '../../../config/index.ts'
import type { NewTopic, Producer, TopicAdmin } from '../../kafka/index.ts'

const PREFIX = 'topic.creation.'
const DEFAULT_GROUP = 'default'

const brokerDefaultOr = {
  ...between(1),
  description: 'Positive number, or -1 for the default of the broker',
  check: (key: string, value: unknown) => (value === -1 ? undefined : between(1).check(key, value)),
}

const sizeConfig = defineConfig({
  'replication.factor': {
    type: 'short',
    importance: 'low',
    validate: brokerDefaultOr,
    doc: 'Replicas of the topics of this group; -1 for the default of the broker.',
  },
  'partitions': {
    type: 'int',
    importance: 'low',
    validate: brokerDefaultOr,
    doc: 'Partitions of the topics of this group; -1 for the default of the broker.',
  },
})

const matchConfig = defineConfig({
  include: {
    type: 'list',
    default: [],
    importance: 'low',
    doc: 'Regular expressions of the topics of this group.',
  },
  exclude: {
    type: 'list',
    default: [],
    importance: 'low',
    doc: 'Regular expressions of topics not of this group.',
  },
})

/** The settings of one topic group, after the prefix `topic.creation.<group>.`. */
export const topicGroupConfig = { ...matchConfig, ...sizeConfig }

/** Topics created with the same settings. Source: TopicCreationGroup (KIP-158). */
export interface TopicGroup {
  readonly name: string
  matches(topic: string): boolean
  newTopic(topic: string): NewTopic
}

/**
 * Returns the `topic.creation.*` groups of a connector, the default last. Returns undefined when it has no
 * such settings and leaves topic creation to the broker.
 *
 * Throws `HR_CONFIG_INVALID`.
 */
export function topicGroups(props: Props): readonly TopicGroup[] | undefined {
  if (!Object.keys(props).some((key) => key.startsWith(PREFIX))) return undefined
  const names = (props[`${PREFIX}groups`] ?? '').split(',').map((name) => name.trim())
  const defaults = withPrefix(props, `${PREFIX}${DEFAULT_GROUP}.`)
  const own = names.filter((name) => name !== '' && name !== DEFAULT_GROUP)
  // Parsed first: a setting missing here is missing from the other groups too
  const last = topicGroup(DEFAULT_GROUP, props, defaults)
  return [...own.map((name) => topicGroup(name, props, defaults)), last]
}

function topicGroup(name: string, props: Props, defaults: Props): TopicGroup {
  const own = withPrefix(props, `${PREFIX}${name}.`)
  const sizes = named(name, () => parseConfig(sizeConfig, { ...pick(defaults, sizeConfig), ...own }))
  const { include, exclude } = named(name, () => parseConfig(matchConfig, own))
  const included = include.map((pattern) => compiled(name, 'include', pattern))
  const excluded = exclude.map((pattern) => compiled(name, 'exclude', pattern))
  const configs = Object.fromEntries(
    Object.entries(own).flatMap(([key, value]) =>
      Object.hasOwn(sizeConfig, key) || Object.hasOwn(matchConfig, key) || value === null
        ? []
        : [[key, value]],
    ),
  )
  return {
    name,
    matches: (topic) =>
      name === DEFAULT_GROUP ||
      (included.some((regex) => regex.matches(topic)) && !excluded.some((regex) => regex.matches(topic))),
    newTopic: (topic) => ({
      topic,
      partitions: sizes['partitions'],
      replicationFactor: sizes['replication.factor'],
      configs,
    }),
  }
}

function pick(props: Props, def: object): Props {
  return Object.fromEntries(Object.entries(props).filter(([key]) => Object.hasOwn(def, key)))
}

/** Makes error messages name the full setting instead of its suffix. */
function named<T>(group: string, parse: () => T): T {
  try {
    return parse()
  } catch (error) {
    const { message, configKey = '' } = error as ConnectError
    const full = `${PREFIX}${group}.${configKey}`
    throw new ConnectError('HR_CONFIG_INVALID', message.replace(configKey, full), { configKey: full })
  }
}

function compiled(group: string, which: string, pattern: string): JavaRegex {
  try {
    return compileJavaRegex(pattern)
  } catch (cause) {
    const configKey = `${PREFIX}${group}.${which}`
    const message = `Syntax error in regular expression: ${(cause as Error).message}`
    throw new ConnectError('HR_CONFIG_INVALID', message, { cause, configKey })
  }
}

/** Prepares the topic of a record: created as the connector is configured, or by the broker. */
export class TopicPreparer {
  readonly #groups: readonly TopicGroup[] | undefined
  readonly #admin: () => Promise<TopicAdmin>
  readonly #producer: Producer
  readonly #log: Logger
  readonly #ready = new Set<string>()

  constructor(
    groups: readonly TopicGroup[] | undefined,
    admin: () => Promise<TopicAdmin>,
    producer: Producer,
    log: Logger,
  ) {
    this.#groups = groups
    this.#admin = admin
    this.#producer = producer
    this.#log = log
  }

  isReady(topic: string): boolean {
    return this.#ready.has(topic)
  }

  /**
   * Creates the topic as the connector's settings require, unless it exists or no group matches.
   *
   * Throws `HR_CONNECT` or `HR_KAFKA_REFUSED` when it cannot be created, which ends the task. Source:
   * AbstractWorkerSourceTask.maybeCreateTopic.
   */
  async create(topic: string, signal: AbortSignal): Promise<void> {
    const group = this.#groups?.find((candidate) => candidate.matches(topic))
    if (group === undefined) return
    const admin = await this.#admin()
    if (await this.#exists(admin, topic, signal)) return
    const creation = await admin.create(group.newTopic(topic), { signal })
    if (creation === 'not-permitted') {
      const hint =
        'Ensure that the task is authorized to create topics or that the topic exists and restart the task'
      throw new ConnectError('HR_CONNECT', `Task failed to create new topic ${topic}. ${hint}`)
    }
    this.#log.info('topic created', { topic, group: group.name })
  }

  /**
   * Fetches the topic's metadata for the producer; the broker may create the topic at that point.
   *
   * Throws when the broker rejects the topic: no record can be written to it.
   */
  async findPartitions(topic: string, signal: AbortSignal): Promise<void> {
    await this.#producer.prepare(topic, signal)
    this.#ready.add(topic)
  }

  async #exists(admin: TopicAdmin, topic: string, signal: AbortSignal): Promise<boolean> {
    try {
      const [existing] = await admin.existing([topic], { signal })
      return existing !== undefined
    } catch (cause) {
      if (signal.aborted || isRetriable(cause)) throw cause
      const message = `Error while attempting to describe topics '${topic}'`
      throw new ConnectError('HR_CONNECT', message, { cause })
    }
  }
}
