import type { Plugin } from '../api/index.ts'
import { fileSink, fileSource } from './file/index.ts'

/** The built-in connectors, through the same door as anyone's. */
export const connectors: Plugin = { connectors: [fileSource, fileSink] }
