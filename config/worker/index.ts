import { ConnectError, type ConfigDef, type Infer, type Props } from '../../api/index.ts'
import { parseConfig } from '../definition/index.ts'
import { commonWorkerConfig, headraceWorkerConfig } from './every-worker.ts'
import { distributedConfig, standaloneConfig } from './distributed.ts'
import { restConfig } from './rest.ts'

export const distributedWorkerConfig = {
  ...commonWorkerConfig,
  ...restConfig,
  ...distributedConfig,
  ...headraceWorkerConfig,
} satisfies ConfigDef

export const standaloneWorkerConfig = {
  ...commonWorkerConfig,
  ...restConfig,
  ...standaloneConfig,
  ...headraceWorkerConfig,
} satisfies ConfigDef

export type DistributedWorkerConfig = Infer<typeof distributedWorkerConfig>
export type StandaloneWorkerConfig = Infer<typeof standaloneWorkerConfig>

/** What both kinds of workers have. */
export type WorkerConfig = Infer<typeof commonWorkerConfig & typeof restConfig & typeof headraceWorkerConfig>

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
  'plugin.version',
  'key.converter.plugin.version',
])

/** Whether a worker has a use for a key, or takes it for compatibility. */
export function isWorkerKey(def: ConfigDef, key: string): boolean {
  return (
    Object.hasOwn(def, key) || clientKeys.has(key) || openPrefixes.some((prefix) => key.startsWith(prefix))
  )
}

/** Names to compare a misspelt key with. */
export function workerKeys(def: ConfigDef): string[] {
  return [...Object.keys(def), ...clientKeys]
}

export function parseDistributedConfig(props: Props): DistributedWorkerConfig {
  const config = parseConfig(distributedWorkerConfig, props)
  if (!config['inter.worker.verification.algorithms'].includes(config['inter.worker.signature.algorithm'])) {
    const configKey = 'inter.worker.signature.algorithm'
    const message = 'Signature algorithm must be present in inter.worker.verification.algorithms list'
    throw new ConnectError('HR_CONFIG_INVALID', message, { configKey })
  }
  return config
}

export function parseStandaloneConfig(props: Props): StandaloneWorkerConfig {
  return parseConfig(standaloneWorkerConfig, props)
}

/** Bytes of a size such as `512m`. */
export function parseByteSize(text: string): number {
  const [, digits = '0', unit = ''] = /^\s*(\d+)([kmg]?)\s*$/i.exec(text) ?? []
  return Number(digits) * 1024 ** ['', 'k', 'm', 'g'].indexOf(unit.toLowerCase())
}
