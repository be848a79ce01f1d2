import type { ConfigDef } from '../../api/index.ts'
import { nearest } from '../definition/index.ts'
import { distributedConfig } from './distributed.ts'
import type { SettingNote } from './notes.ts'

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

/** Top-level settings that configure the worker's own Kafka clients. */
const clientKeys = new Set([
  'security.protocol',
  'request.timeout.ms',
  'retry.backoff.ms',
  'retry.backoff.max.ms',
  'reconnect.backoff.ms',
  'reconnect.backoff.max.ms',
  'socket.connection.setup.timeout.ms',
  'socket.connection.setup.timeout.max.ms',
  'metadata.max.age.ms',
  'metadata.recovery.strategy',
  'metadata.recovery.rebootstrap.trigger.ms',
  'connections.max.idle.ms',
  'send.buffer.bytes',
  'receive.buffer.bytes',
  'auto.include.jmx.reporter',
  'client.dns.lookup',
  'client.id',
])

/** Returns a note for each setting that this kind of worker does not have, with a suggestion if a name is similar. */
export function unknownSettings(def: ConfigDef, keys: Iterable<string>): SettingNote[] {
  const names = new Set([...Object.keys(def), ...clientKeys])
  const known = (key: string) => names.has(key) || openPrefixes.some((prefix) => key.startsWith(prefix))
  return [...keys].filter((key) => !known(key)).map((key) => ({ key, text: remark(key, names) }))
}

function remark(key: string, known: Iterable<string>): string {
  if (Object.hasOwn(distributedConfig, key)) return 'no effect: applies to distributed workers only'
  const meant = nearest(key, known)
  return `no such setting${meant === undefined ? '' : `; did you mean ${meant}?`}`
}
