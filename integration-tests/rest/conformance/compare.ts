import type { StepResult } from './scenario.ts'

type Json = Readonly<Record<string, unknown>>

/** Classes of Apache Kafka that a worker need not have. */
const OPTIONAL = /MirrorHeartbeat|MirrorCheckpoint|MirrorSource|connect\.tools\./
const PLUGIN_ORDER = ['sink', 'source', 'transformation', 'predicate', 'converter', 'header_converter']
const MAX_SHOWN = 400

/** Returns the differences from the recorded response. Compares the order of lists, but not of object keys. */
export function differences(expected: StepResult | undefined, found: StepResult): string[] {
  if (expected === undefined) return ['this step is not recorded']
  const list: string[] = []
  if (expected.label !== found.label) list.push(`the recorded step is "${expected.label}"`)
  if (found.timeout === true && expected.timeout !== true) list.push('the wait timed out')
  if (expected.status !== found.status) list.push(`status ${found.status} instead of ${expected.status}`)
  compareHeaders(expected.headers ?? {}, found.headers ?? {}, list)
  if (expected.compare === 'plugins') comparePlugins(expected.body, found.body, list)
  else compare(expected.body, found.body, '', list)
  return list
}

/** The content type is not compared if Java sends none. */
function compareHeaders(
  expected: Readonly<Record<string, string>>,
  found: Readonly<Record<string, string>>,
  list: string[],
): void {
  for (const name of new Set([...Object.keys(expected), ...Object.keys(found)])) {
    if (expected[name] === found[name] || (name === 'content-type' && expected[name] === undefined)) continue
    list.push(`header ${name}: ${show(found[name])} instead of ${show(expected[name])}`)
  }
}

function compare(expected: unknown, found: unknown, path: string, list: string[]): void {
  if (expected === found) return
  if (Array.isArray(expected) && Array.isArray(found)) {
    if (expected.length !== found.length)
      list.push(`${path}: ${found.length} items instead of ${expected.length}`)
    const count = Math.min(expected.length, found.length)
    for (let index = 0; index < count; index++)
      compare(expected[index], found[index], `${path}[${index}]`, list)
  } else if (isObject(expected) && isObject(found)) {
    for (const key of new Set([...Object.keys(expected), ...Object.keys(found)])) {
      compare(expected[key], found[key], `${path}.${key}`, list)
    }
  } else {
    list.push(`${path}: ${show(found)} instead of ${show(expected)}`)
  }
}

const keyOf = (entry: Json): string => `${String(entry['type'])} ${String(entry['class'])}`

/** The plugins of Kafka must be the same, and the kinds in the order of Java. */
function comparePlugins(expected: unknown, found: unknown, list: string[]): void {
  const [theirs, ours] = [expected, found].map((value) => (Array.isArray(value) ? (value as Json[]) : []))
  const known = new Set(theirs?.map(keyOf))
  const present = new Set(ours?.map(keyOf))
  for (const key of present)
    if (/ org\.apache\.kafka\./.test(key) && !known.has(key)) list.push(`unknown: ${key}`)
  for (const key of known) if (!present.has(key) && !OPTIONAL.test(key)) list.push(`missing: ${key}`)
  const ranks = (ours ?? []).map((entry) => PLUGIN_ORDER.indexOf(String(entry['type'])))
  if (ranks.some((rank, index) => rank < (ranks[index - 1] ?? 0)))
    list.push('the kinds are not in the order of Java')
}

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text
}
