import type { Plugin } from '../api/index.ts'
import { jsonConverter } from './json/index.ts'
import { booleanConverter } from './primitives/boolean.ts'
import { byteArrayConverter } from './primitives/byte-array.ts'
import {
  doubleConverter,
  floatConverter,
  integerConverter,
  longConverter,
  shortConverter,
} from './primitives/numbers.ts'
import { simpleHeaderConverter } from './primitives/simple-header.ts'
import { stringConverter } from './primitives/string.ts'

/** The built-in converters, packaged like any other plugin. */
export const converters: Plugin = {
  converters: [
    jsonConverter,
    stringConverter,
    byteArrayConverter,
    booleanConverter,
    shortConverter,
    integerConverter,
    longConverter,
    floatConverter,
    doubleConverter,
    simpleHeaderConverter,
  ],
}
