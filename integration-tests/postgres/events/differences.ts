import { isObject, numberText, type Json } from './raw-json.ts'

const MOST = 40
const MOST_CHARS = 300
const INTEGER = /^-?\d+$/

/** Returns where two values differ, at most 40 places. Fractions with the same value are equal however they are written. */
export function differences(expected: Json, found: Json): string[] {
  const all: string[] = []
  compare(expected, found, '$', all)
  return all
}

function compare(expected: Json, found: Json, path: string, all: string[]): void {
  if (all.length >= MOST) return
  const [one, other] = [numberText(expected), numberText(found)]
  if (one !== undefined && other !== undefined) {
    if (!isSameNumber(one, other)) all.push(`${path}: expected ${one}, found ${other}`)
  } else if (Array.isArray(expected) && Array.isArray(found)) {
    compareLists(expected as Json[], found as Json[], path, all)
  } else if (isObject(expected) && isObject(found)) {
    for (const name of new Set([...Object.keys(expected), ...Object.keys(found)])) {
      const [before, after] = [expected[name], found[name]]
      if (before === undefined) all.push(`${path}.${name}: unexpected ${shown(after)}`)
      else if (after === undefined) all.push(`${path}.${name}: missing, expected ${shown(before)}`)
      else compare(before, after, `${path}.${name}`, all)
    }
  } else if (expected !== found) all.push(`${path}: expected ${shown(expected)}, found ${shown(found)}`)
}

function compareLists(expected: readonly Json[], found: readonly Json[], path: string, all: string[]): void {
  if (expected.length !== found.length) {
    all.push(`${path}.length: expected ${expected.length}, found ${found.length}`)
  }
  for (const [index, one] of expected.entries()) {
    const other = found[index]
    if (other !== undefined) compare(one, other, `${path}[${index}]`, all)
  }
}

function isSameNumber(one: string, other: string): boolean {
  if (one === other) return true
  return !(INTEGER.test(one) && INTEGER.test(other)) && Number(one) === Number(other)
}

const shown = (value: Json | undefined): string =>
  (JSON.stringify(value) ?? 'nothing').replaceAll('\\u0001', '').slice(0, MOST_CHARS)
