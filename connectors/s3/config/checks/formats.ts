import type { ConfigFault } from '../../../../api/index.ts'
import { compressible, formatOf } from '../settings/classes.ts'
import type { S3SinkConfig } from '../definition.ts'
import { faultOf } from './fault.ts'

/** Checks what is written: formats, compression, keys and null values. */
export function formatFaults(config: S3SinkConfig): readonly ConfigFault[] {
  return [...compressionFaults(config), ...tombstoneFaults(config)]
}

function compressionFaults(config: S3SinkConfig): readonly ConfigFault[] {
  const type = config['s3.compression.type']
  if (type === 'none') return []
  const fault = (what: string, name: string, ...keys: readonly string[]): ConfigFault[] => {
    const format = formatOf(name)
    if (format !== undefined && compressible.includes(format)) return []
    const message = `Compression Type ${type} not valid for ${what} format class: ( ${name} ).`
    return faultOf(message, ...keys, 's3.compression.type')
  }
  return [
    ...fault('data', config['format.class'], 'format.class'),
    ...(config['store.kafka.keys']
      ? fault('keys', config['keys.format.class'], 'store.kafka.keys', 'keys.format.class')
      : []),
    ...(config['store.kafka.headers']
      ? fault('headers', config['headers.format.class'], 'store.kafka.headers', 'headers.format.class')
      : []),
  ]
}

function tombstoneFaults(config: S3SinkConfig): readonly ConfigFault[] {
  if (config['behavior.on.null.values'].toLowerCase() !== 'write' || config['store.kafka.keys']) return []
  return faultOf(
    'Writing Kafka record keys to storage is mandatory when tombstone writing is enabled.',
    'store.kafka.keys',
    'behavior.on.null.values',
  )
}
