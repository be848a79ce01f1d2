import type { ConfigDef } from '../../api/index.ts'
import { nearest } from '../definition/index.ts'
import { distributedConfig } from './distributed.ts'
import type { SettingNote, WorkerClientSettings } from './notes.ts'

/** Prefixes of client, converter and provider settings. The worker does not know all their keys. */
const openPrefixes = [
  'producer.',
  'consumer.',
  'admin.',
  'config.providers.',
  'config.storage.',
  'offset.storage.',
  'status.storage.',
  'key.converter.',
  'value.converter.',
  'header.converter.',
  'internal.key.converter',
  'internal.value.converter',
  'metrics.context.',
  'listeners.https.',
  'admin.listeners.https.',
  'ssl.',
  'sasl.',
]

/** Settings of earlier Java workers that this list would otherwise report as unknown. */
const FORMER = ['auto.include.jmx.reporter']

const isOpen = (key: string): boolean => openPrefixes.some((prefix) => key.startsWith(prefix))

/**
 * Returns a note for each setting that neither this kind of worker nor its Kafka clients have, with a suggestion if a
 * name is similar.
 */
export function unknownSettings(
  def: ConfigDef,
  keys: Iterable<string>,
  clients?: WorkerClientSettings,
): SettingNote[] {
  const ofClients = (clients?.names ?? []).filter((key) => !isOpen(key))
  const names = new Set([...Object.keys(def), ...ofClients, ...FORMER])
  const known = (key: string) => names.has(key) || isOpen(key)
  return [...keys].filter((key) => !known(key)).map((key) => ({ key, text: remark(key, names) }))
}

function remark(key: string, known: Iterable<string>): string {
  if (Object.hasOwn(distributedConfig, key)) return 'no effect: applies to distributed workers only'
  const meant = nearest(key, known)
  return `no such setting${meant === undefined ? '' : `; did you mean ${meant}?`}`
}
