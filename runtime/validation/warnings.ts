import type { Props } from '../../api/index.ts'
import { exactlyOnceMode, nameFault, nearest, parseValue } from '../../config/index.ts'
import { unknownClientSettings, type ClientKind } from '../kafka/index.ts'
import type { ConfigInfos } from './config-infos.ts'

/** A warning about a setting that is valid but probably not intended. */
export interface SettingWarning {
  readonly name: string
  readonly message: string
}

/** Settings that take effect only with another setting. */
const dependent: readonly (readonly [key: RegExp, needs: string, isSet: (text: string) => boolean])[] = [
  [/^errors\.deadletterqueue\.(?!topic\.name$)/, 'errors.deadletterqueue.topic.name', (text) => text !== ''],
  [/^errors\.log\.include\.messages$/, 'errors.log.enable', (text) => text.toLowerCase() === 'true'],
  [/^errors\.retry\.delay\.max\.ms$/, 'errors.retry.timeout', (text) => text !== '' && text !== '0'],
  [/^key\.converter\.(?!plugin\.version$)/, 'key.converter', (text) => text !== ''],
  [/^value\.converter\.(?!plugin\.version$)/, 'value.converter', (text) => text !== ''],
  [/^header\.converter\.(?!plugin\.version$)/, 'header.converter', (text) => text !== ''],
]

const OWN_OFFSETS = 'offsets.storage.topic'

/**
 * Returns warnings about unknown settings, with the most similar known name, about settings without effect, about
 * deprecated settings, and about a connector name that the REST API cannot address. At most one for each setting.
 *
 * `infos` is the validation result of the same settings.
 */
export function settingWarnings(kind: 'source' | 'sink', props: Props, infos: ConfigInfos): SettingWarning[] {
  const definitions = infos.configs.flatMap(({ definition }) => definition ?? [])
  const known = definitions.map(({ name }) => name)
  const deprecated = new Map(definitions.map((definition) => [definition.name, definition.deprecated]))
  return Object.keys(props).flatMap((key): SettingWarning[] => {
    const instead = deprecated.get(key)
    const message =
      warningOf(kind, props, key, known) ??
      (instead === undefined ? undefined : `Deprecated: use ${instead} instead`)
    return message === undefined ? [] : [{ name: key, message }]
  })
}

function warningOf(
  kind: 'source' | 'sink',
  props: Props,
  key: string,
  known: readonly string[],
): string | undefined {
  if (key === 'name') return nameWarning(props[key] ?? '')
  const needed = dependent.find(([pattern]) => pattern.test(key))
  if (needed !== undefined && !needed[2](props[needed[1]]?.trim() ?? '')) {
    return `No effect: requires ${needed[1]}, which is ${props[needed[1]] ?? 'not set'}`
  }
  const [, client, setting = ''] = /^(producer|consumer|admin)\.override\.(.+)$/.exec(key) ?? []
  if (client !== undefined) return overrideWarning(kind, props, client as ClientKind, setting)
  const creation = creationWarning(props, key)
  if (creation !== undefined) return creation
  const [, list = '', alias = ''] = /^(transforms|predicates)\.([^.]+)\./.exec(key) ?? []
  if (list !== '') {
    const aliases = (parseValue(list, 'list', props[list] ?? '') ?? []) as readonly string[]
    if (!aliases.includes(alias)) return `No effect: ${list} does not contain ${alias}`
  }
  if (known.includes(key) || isFree(key)) return undefined
  const meant = nearest(key, known)
  return `No such setting${meant === undefined ? '' : `; did you mean ${meant}?`}`
}

function nameWarning(name: string): string | undefined {
  const fault = nameFault(name)
  return fault === undefined || name === ''
    ? undefined
    : `The REST API cannot address the connector, not even to delete it: ${fault}`
}

/** Returns warnings about transaction boundaries of a source on a worker whose sources do not write in transactions. */
export function boundaryWarnings(props: Props, worker: Props): SettingWarning[] {
  if (exactlyOnceMode(worker) === 'enabled') return []
  const boundary = props['transaction.boundary']?.trim().toLowerCase() ?? 'poll'
  const names = [
    ...(boundary === 'poll' ? [] : ['transaction.boundary']),
    ...(props['transaction.boundary.interval.ms'] === undefined ? [] : ['transaction.boundary.interval.ms']),
  ]
  const message = 'No effect: requires the worker setting exactly.once.source.support=enabled'
  return names.map((name) => ({ name, message }))
}

/**
 * Warns about settings of a topic creation group that is not listed, and those that the default group
 * ignores.
 */
function creationWarning(props: Props, key: string): string | undefined {
  const [, group = '', setting = ''] = /^topic\.creation\.([^.]+)\.(.+)$/.exec(key) ?? []
  if (group === '') return undefined
  if (group === 'default') {
    const followed = setting !== 'include' && setting !== 'exclude'
    return followed
      ? undefined
      : 'No effect: the default group applies to all topics that match no other group'
  }
  const list = 'topic.creation.groups'
  const groups = (parseValue(list, 'list', props[list] ?? '') ?? []) as readonly string[]
  return groups.includes(group) ? undefined : `No effect: ${list} does not contain ${group}`
}

/** Differs: a transactional id is ignored; in Java the first record of the task fails. */
function overrideWarning(
  kind: 'source' | 'sink',
  props: Props,
  client: ClientKind,
  setting: string,
): string | undefined {
  if (kind === 'source' && client === 'consumer' && (props[OWN_OFFSETS]?.trim() ?? '') === '') {
    return `No effect: sources use a consumer only with ${OWN_OFFSETS}`
  }
  if (client === 'producer' && setting === 'transactional.id') {
    return 'No effect: the id is derived from the names of the worker group, the connector and the task'
  }
  const [unknown] = unknownClientSettings(client, [setting])
  return unknown === undefined ? undefined : unknown.text.replace(/^n/, 'N')
}

/** Settings of topics to be created are passed to Kafka, which validates them. */
const isFree = (key: string): boolean => /^topic\.creation\.[^.]+\./.test(key)
