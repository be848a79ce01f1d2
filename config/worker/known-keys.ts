import type { ConfigDef } from '../../api/index.ts'
import { nearest } from '../definition/index.ts'
import { distributedConfig } from './distributed.ts'
import type { SettingNote } from './notes.ts'

/** Keys with these beginnings belong to clients, converters and providers; the worker itself does not know them all. */
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

/** Client settings that a worker's own clients take from its top level. */
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

/** Settings that a worker of this kind does not have, each with what may have been meant. */
export function unknownSettings(def: ConfigDef, keys: Iterable<string>): SettingNote[] {
  const names = new Set([...Object.keys(def), ...clientKeys])
  const known = (key: string) => names.has(key) || openPrefixes.some((prefix) => key.startsWith(prefix))
  return [...keys].filter((key) => !known(key)).map((key) => ({ key, text: remark(key, names) }))
}

function remark(key: string, known: Iterable<string>): string {
  if (Object.hasOwn(distributedConfig, key)) return 'no effect: only workers of a cluster have it'
  const meant = nearest(key, known)
  return `no such setting${meant === undefined ? '' : `; did you mean ${meant}?`}`
}
