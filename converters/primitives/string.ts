import { ConnectError, defineConfig, OPTIONAL_STRING, type Converter } from '../../api/index.ts'
import { javaText } from '../../java/index.ts'
import { converterCatalog } from '../catalog.ts'
import { converterTypeConfig } from './converter-type.ts'
import { textCodec } from './text-codecs.ts'

const stringConverterConfig = defineConfig({
  ...converterTypeConfig,
  'converter.encoding': {
    type: 'string',
    default: 'UTF-8',
    importance: 'high',
    width: 'medium',
    displayName: 'Encoding',
    doc: 'Name of a Java character set, such as UTF-8, UTF-16, US-ASCII, ISO-8859-1 or windows-1252.',
  },
})

const nothing = Object.freeze({ schema: OPTIONAL_STRING, value: null })

/**
 * Serializes strings, and other values in the format of Java's `toString`. Reads strings only.
 *
 * Source: org.apache.kafka.connect.storage.StringConverter.
 */
export const stringConverter: Converter<typeof stringConverterConfig> = {
  ...converterCatalog.string,
  config: stringConverterConfig,
  create({ 'converter.encoding': encoding }: { readonly 'converter.encoding': string | null }) {
    const name = encoding ?? 'UTF-8'
    const codec = textCodec(name)
    if (codec === undefined) {
      const javaClass = 'org.apache.kafka.common.errors.SerializationException'
      const options = { configKey: 'converter.encoding', javaClass }
      throw new ConnectError('HR_CONFIG_INVALID', `Unsupported encoding ${name}`, options)
    }
    const fromConnect = (_topic: string, schema: Parameters<typeof javaText>[1], value: unknown) => {
      if (value === null || value === undefined) return null
      return codec.encode(typeof value === 'string' ? value : javaText(value, schema))
    }
    const toConnectRange = (_topic: string, bytes: Buffer, start: number, end: number) => ({
      schema: OPTIONAL_STRING,
      value: codec.decode(bytes, start, end),
    })
    const toConnect = (topic: string, bytes: Buffer | null) =>
      bytes === null ? nothing : toConnectRange(topic, bytes, 0, bytes.length)
    return {
      fromConnect,
      toConnect,
      toConnectRange,
      fromConnectHeader: (topic, _key, schema, value) => fromConnect(topic, schema, value),
      toConnectHeader: (topic, _key, bytes) => toConnect(topic, bytes),
    }
  },
}
