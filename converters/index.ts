import type { Plugin } from '../api/index.ts'
import { jsonConverter } from './json/index.ts'
import { byteArrayConverter } from './primitives/byte-array.ts'
import { simpleHeaderConverter } from './primitives/simple-header.ts'
import { stringConverter } from './primitives/string.ts'

/** The built-in converters, through the same door as anyone's. */
export const converters: Plugin = {
  converters: [jsonConverter, stringConverter, byteArrayConverter, simpleHeaderConverter],
}
