import {
  ConnectError,
  defineConfig,
  javaText,
  oneOf,
  OPTIONAL_STRING,
  type Converter,
} from '../../api/index.ts'
import { converterCatalog } from '../catalog.ts'

const stringConverterConfig = defineConfig({
  'converter.type': {
    type: 'string',
    validate: oneOf('key', 'value', 'header'),
    importance: 'low',
    doc: 'What the converter serves for: key, value or header. Set by the worker.',
  },
  'converter.encoding': {
    type: 'string',
    default: 'UTF-8',
    importance: 'high',
    doc: 'Name of the Java character set: UTF-8, US-ASCII, ISO-8859-1, UTF-16LE or UTF-16BE.',
  },
})

const nothing = Object.freeze({ schema: OPTIONAL_STRING, value: null })

interface TextCodec {
  encode(text: string): Buffer | string
  decode(bytes: Buffer, start: number, end: number): string
}

const latin1: TextCodec = {
  encode: (text) => Buffer.from(text.replaceAll(/[^\u0000-\u00ff]/gu, '?'), 'latin1'),
  decode: (bytes, start, end) => bytes.toString('latin1', start, end),
}
const ascii: TextCodec = {
  encode: (text) => Buffer.from(text.replaceAll(/[^\u0000-\u007f]/gu, '?'), 'latin1'),
  decode: (bytes, start, end) =>
    bytes.toString('latin1', start, end).replaceAll(/[^\u0000-\u007f]/g, '\ufffd'),
}
const utf16le: TextCodec = {
  encode: (text) => Buffer.from(text, 'utf16le'),
  decode: (bytes, start, end) => bytes.toString('utf16le', start, end),
}
const utf16be: TextCodec = {
  encode: (text) => Buffer.from(text, 'utf16le').swap16(),
  decode: (bytes, start, end) =>
    Buffer.from(bytes.subarray(start, end - ((end - start) & 1)))
      .swap16()
      .toString('utf16le'),
}

/** By Java's names, without case and signs. */
const codecs: Readonly<Record<string, TextCodec>> = {
  UTF8: { encode: (text) => text, decode: (bytes, start, end) => bytes.toString('utf8', start, end) },
  USASCII: ascii,
  ASCII: ascii,
  ISO88591: latin1,
  LATIN1: latin1,
  UTF16LE: utf16le,
  UTF16BE: utf16be,
}

/**
 * Texts; other values by what Java's `toString` gives for them.
 *
 * Source: org.apache.kafka.connect.storage.StringConverter.
 */
export const stringConverter: Converter<typeof stringConverterConfig> = {
  ...converterCatalog.string,
  config: stringConverterConfig,
  create({ 'converter.encoding': name }) {
    const codec = codecs[name.toUpperCase().replaceAll(/[-_]/g, '')]
    if (codec === undefined) {
      const configKey = 'converter.encoding'
      const message = `Invalid value ${name} for configuration ${configKey}: no such character set; known are UTF-8, US-ASCII, ISO-8859-1, UTF-16LE, UTF-16BE`
      throw new ConnectError('HR_CONFIG_INVALID', message, { configKey })
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
