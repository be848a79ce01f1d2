import { contextField, maskPayload, resolveTokens, withoutTokens } from './masks.ts'
import { isObject, NUMBER, parseRaw, printRaw, type Json, type JsonObject } from './raw-json.ts'
import type { Names, Scenario } from './scenario.ts'

/** A record of a topic as it was read. */
export interface RawRecord {
  readonly partition: number
  readonly offset: number
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly headers: Readonly<Record<string, HeaderValue>>
  readonly timestamp: number
}

type HeaderValue = Buffer | string | null | undefined | readonly (Buffer | string)[]

/** What one run of a scenario has produced, before it is masked. */
export interface RunResult {
  readonly status?: unknown
  readonly offsets?: unknown
  readonly probe?: unknown
  readonly createError?: unknown
  readonly validate?: unknown
  readonly topics: ReadonlyMap<string, readonly RawRecord[]>
}

const DAY_MS = 86_400_000
const RUN_ID = '__debezium.context.runId'

/** The schemas of a recording, each written once. */
class Schemas {
  readonly #ids = new Map<string, string>()
  readonly #schemas: [string, Json][] = []

  idOf(schema: Json): Json {
    if (schema === null) return null
    const text = printRaw(schema)
    const known = this.#ids.get(text)
    if (known !== undefined) return known
    const id = `s${this.#ids.size + 1}`
    this.#ids.set(text, id)
    this.#schemas.push([id, schema])
    return id
  }

  all(): JsonObject {
    return Object.fromEntries(this.#schemas)
  }
}

/** Returns the masked recording of a run, in the form of the recorded ones. */
export function recordingOf(scenario: Scenario, result: RunResult, names: Names): Json {
  const schemas = new Schemas()
  const matches = (patterns: readonly string[] | undefined, topic: string) =>
    (patterns ?? []).some((pattern) => new RegExp(pattern).test(topic))
  const counts: [string, unknown][] = []
  const topics: [string, unknown][] = []
  for (const [topic, records] of result.topics) {
    let count: unknown = records.length
    let list = recordsOf(topic, records, schemas)
    if (matches(scenario.collapse, topic)) {
      list = withoutRepetitions(list)
      count = '>=1'
    }
    if (matches(scenario.drop, topic)) {
      list = []
      count = '>=1'
    }
    const folded = scenario.compare === 'final-state' && list.length > 0
    counts.push([topic, folded ? '*' : count])
    topics.push([topic, folded ? finalState(list) : list])
  }
  const { status, offsets, probe, createError, validate } = result
  const parts = { status, offsets, probe, createError, validate, schemas: schemas.all() }
  const { id, name, desc } = scenario
  const all = {
    id,
    name,
    desc,
    counts: Object.fromEntries(counts),
    ...parts,
    topics: Object.fromEntries(topics),
  }
  return parseRaw(masked(printRaw(all), scenario, names))
}

/** Masks what may be anywhere in a text. */
function masked(recording: string, scenario: Scenario, names: Names): string {
  let text = resolveTokens(recording)
  if (scenario.looseLsn === true) text = text.replace(/<(lsn|commit)#\d+>/g, '<$1>')
  text = text.replace(/txId=\d+/g, 'txId=<tx>').replace(/timestamp=20\d\d-[0-9T:.-]+Z/g, 'timestamp=<iso>')
  for (const name of ['db', 'slot', 'name', 'prefix']) {
    text = text.replaceAll(names[name] ?? name, () => `\${${name}}`)
  }
  text = text.replace(/\b[0-9A-F]{1,8}\/[0-9A-F]{6,8}\b/g, '<LSN>')
  for (const [pattern, replacement] of scenario.maskText ?? []) {
    text = text.replace(new RegExp(pattern, 'g'), replacement)
  }
  return text
}

function recordsOf(topic: string, records: readonly RawRecord[], schemas: Schemas): JsonObject[] {
  const partitions = new Set(records.map(({ partition }) => partition))
  return records.map(({ partition, key, value, headers, timestamp }) => ({
    ...(partitions.size > 1 || partition !== 0 ? { partition: NUMBER + String(partition) } : {}),
    key: payloadOf(key, topic, schemas),
    value: payloadOf(value, topic, schemas),
    headers: Object.entries(headers).map(([name, header]) => headerOf(name, header, topic, schemas)),
    ...(Math.abs(Date.now() - timestamp) > DAY_MS ? { timestamp: NUMBER + String(timestamp) } : {}),
  }))
}

function payloadOf(bytes: Buffer | null, topic: string, schemas: Schemas): Json {
  if (bytes === null) return null
  const text = bytes.toString('utf8')
  let parsed: Json
  try {
    parsed = parseRaw(text)
  } catch {
    return { text }
  }
  if (isObject(parsed) && Object.keys(parsed).length === 2) {
    const { schema, payload } = parsed
    if (schema !== undefined && payload !== undefined) {
      return { schema: schemas.idOf(schema), payload: maskPayload(topic, payload) }
    }
  }
  return { json: maskPayload(topic, parsed) }
}

function headerOf(name: string, value: HeaderValue, topic: string, schemas: Schemas): Json {
  const one = (part: Buffer | string | null | undefined): Json => {
    const bytes = part === null || part === undefined ? null : Buffer.from(part)
    const payload = payloadOf(bytes, topic, schemas)
    if (isObject(payload) && 'payload' in payload) {
      return name === RUN_ID ? { ...payload, payload: '<uuid>' } : payload
    }
    return bytes === null ? null : headerText(name, bytes.toString('utf8'))
  }
  return [name, Array.isArray(value) ? (value as Buffer[]).map(one) : one(value as Buffer | null)]
}

function headerText(name: string, text: string): Json {
  if (name === RUN_ID && /^[0-9a-f-]{36}$/.test(text)) return '<uuid>'
  const [field] = /(?:lsn|ts_ms|txId)$/.exec(name) ?? []
  return field !== undefined && /^\d+$/.test(text) ? contextField(`__${field}`, NUMBER + text) : text
}

function withoutRepetitions(records: readonly JsonObject[]): JsonObject[] {
  const first = new Map<string, JsonObject>()
  for (const record of records) {
    const text = withoutTokens(printRaw(record))
    if (!first.has(text)) first.set(text, record)
  }
  return [...first.values()]
}

/** The last value of each key, and how often each operation other than a read occurs. */
function finalState(records: readonly JsonObject[]): unknown {
  const last = new Map<string, Json>()
  const operations = new Map<string, number>()
  const keys = new Set<string>()
  for (const { key = null, value = null } of records) {
    const keyText = printRaw((isObject(key) ? key['payload'] : undefined) ?? key)
    const change = isObject(value) ? (value['payload'] ?? null) : null
    keys.add(keyText)
    if (!isObject(change) || change['op'] === undefined) continue
    const op = String(change['op'])
    if (op !== 'r') operations.set(op, (operations.get(op) ?? 0) + 1)
    last.set(keyText, op === 'd' ? null : (change['after'] ?? null))
  }
  const final = [...last].toSorted(([one], [other]) => (one < other ? -1 : 1))
  return {
    mode: 'final-state',
    distinctKeys: keys.size,
    nonReadOps: Object.fromEntries(operations),
    final: Object.fromEntries(final),
  }
}
