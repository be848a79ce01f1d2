import { toUSVString } from 'node:util'
import type { Tap } from './tap.ts'

const halves = /\p{Surrogate}/gu

/**
 * Writes a text. Half of a surrogate pair becomes a question mark: avsc writes short texts with it as bytes that are
 * not UTF-8, at which other programs give up the whole file.
 *
 * Source: Utf8, which uses String.getBytes.
 */
export function writeText(tap: Tap, text: string): void {
  const isWhole = toUSVString(text) === text
  tap.writeString(isWhole ? text : text.replace(halves, '?'))
}
