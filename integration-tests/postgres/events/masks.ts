import { isObject, numberText, type Json, type JsonObject } from './raw-json.ts'

/*
 * What differs from run to run is masked. LSNs and transaction ids become tokens first, and then, with all of a run
 * known, their rank among them: so their order and equality are compared, and their values are not.
 */

const TOKEN = '\u0002'
const DIGITS: Readonly<Record<string, number>> = { ms: 13, us: 16, ns: 19 }
const TIMESTAMP = /^ts_(ms|us|ns)$/
const CONTEXT_FIELD = /^__(?:source_|x_)?(lsn|txId|ts_ms|ts_us|ts_ns|sequence|version|xmin)$/

/** The position of a record, or the id of its transaction. A `?` marks one that need not belong to a record. */
type Kind = 'lsn' | 'tx' | 'commit' | 'lsn?' | 'tx?' | 'commit?'

const bad = (what: string, value: Json | undefined): string => `<BAD ${what} ${JSON.stringify(value)}>`

function token(kind: Kind, value: Json): Json {
  if (value === null) return null
  const text = numberText(value)
  return text === undefined ? bad(kind, value) : `${TOKEN}${kind}:${text};`
}

/** A number with as many digits as a time of today in the unit of the field. */
function timestamp(name: string, value: Json): Json {
  if (value === null) return null
  const unit = /ts_(ms|us|ns)$/.exec(name)?.[1] ?? 'ms'
  const text = numberText(value) ?? ''
  return /^\d+$/.test(text) && text.length === DIGITS[unit] ? `<ts_${unit}>` : bad(`ts_${unit}`, value)
}

/** `[commit, lsn]` as text, each a text or null. */
function sequence(value: Json): Json {
  if (value === null) return null
  if (typeof value !== 'string') return bad('sequence', value)
  let parts: unknown
  try {
    parts = JSON.parse(value)
  } catch {
    return `<BAD sequence ${value}>`
  }
  const [commit, lsn] = Array.isArray(parts) ? (parts as Json[]) : []
  const masked = (part: Json | undefined, kind: Kind) => {
    if (part === null) return 'null'
    return typeof part === 'string' && /^\d+$/.test(part) ? `${TOKEN}${kind}:${part};` : bad('', part)
  }
  return `[${masked(commit, 'commit')},${masked(lsn, 'lsn')}]`
}

/** `<xid>:<lsn>`, or only the xid in an offset. */
function transactionId(id: Json): Json {
  if (id === null) return null
  const [, xid, lsn] = (typeof id === 'string' && /^(\d+)(:\d+)?$/.exec(id)) || []
  if (xid === undefined) return `<BAD txn ${String(id)}>`
  return lsn === undefined ? `${TOKEN}tx?:${xid};` : `${TOKEN}tx:${xid};:<lsn>`
}

function sourceField(name: string, value: Json): Json {
  if (TIMESTAMP.test(name)) return timestamp(name, value)
  if (name === 'lsn' || name === 'origin_lsn') return token('lsn', value)
  if (name === 'txId') return token('tx', value)
  if (name === 'xmin') return value === null ? null : '<xmin>'
  if (name === 'sequence') return sequence(value)
  return name === 'version' && typeof value === 'string' ? '<version>' : value
}

function mapped(value: JsonObject, mask: (name: string, field: Json) => Json): JsonObject {
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, mask(name, field)]))
}

/** Masks the payload of a key, a value or a header. */
export function maskPayload(topic: string, payload: Json): Json {
  if (!isObject(payload)) return payload
  if ('op' in payload && isObject(payload['source'])) return mapped(payload, envelopeField)
  const ofTransactions = topic.endsWith('.transaction')
  const ofHeartbeats = topic.startsWith('__debezium-heartbeat')
  return mapped(payload, (name, value) => {
    if ((ofTransactions || ofHeartbeats) && name === 'ts_ms') return timestamp(name, value)
    if (ofTransactions && name === 'id') return transactionId(value)
    if (ofTransactions && name === 'data_collections') return sortedCollections(value)
    return contextField(name, value)
  })
}

function envelopeField(name: string, value: Json): Json {
  if (name === 'source' && isObject(value)) return mapped(value, sourceField)
  if (name === 'transaction' && isObject(value)) return { ...value, id: transactionId(value['id'] ?? null) }
  return TIMESTAMP.test(name) ? timestamp(name, value) : value
}

/** A field that a transform adds to a record or its headers. */
export function contextField(name: string, value: Json): Json {
  const [, field] = CONTEXT_FIELD.exec(name) ?? []
  if (field !== undefined) return sourceField(field, value)
  return name === '__transaction_id' ? transactionId(value) : value
}

/** Their order and the suffix of their names depend on hash codes in Java. */
function sortedCollections(collections: Json): Json {
  if (!Array.isArray(collections)) return collections
  const nameOf = (collection: JsonObject): string =>
    String(collection['data_collection']).replace(/@[0-9a-f]+$/, '@<hash>')
  return (collections as JsonObject[])
    .map((collection) => ({ ...collection, data_collection: nameOf(collection) }))
    .toSorted((one, other) => (one.data_collection < other.data_collection ? -1 : 1))
}

/** Masks a stored offset. */
export function maskOffset(offset: Json): Json {
  if (!isObject(offset)) return offset
  return mapped(offset, (name, value) => {
    if (value === null) return value
    if (name === 'lsn' || name === 'lsn_proc') return token('lsn?', value)
    if (name === 'lsn_commit') return token('commit?', value)
    if (name === 'txId') return token('tx?', value)
    if (name === 'ts_usec') {
      return numberText(value)?.length === DIGITS['us'] ? '<ts_usec>' : bad('ts_usec', value)
    }
    if (name === 'transaction_id') return transactionId(value)
    return name === 'xmin' ? '<xmin>' : value
  })
}

/** Replaces the tokens in the JSON of a run by their ranks. */
export function resolveTokens(text: string): string {
  const values = new Map<string, Set<string>>()
  for (const [, kind = '', value = ''] of text.matchAll(/\\u0002(lsn|tx|commit):(\d+);/g)) {
    values.set(kind, (values.get(kind) ?? new Set()).add(value))
  }
  const ranks = new Map([...values].map(([kind, found]) => [kind, ranksOf([...found])]))
  return text.replace(/\\u0002(lsn|tx|commit)\??:(\d+);/g, (_match, kind: string, value: string) => {
    const rank = ranks.get(kind)?.get(value)
    return rank === undefined ? `<${kind}>` : `<${kind}#${rank}>`
  })
}

function ranksOf(values: readonly string[]): Map<string, number> {
  const ordered = values.toSorted((one, other) => (BigInt(one) < BigInt(other) ? -1 : 1))
  return new Map(ordered.map((value, index) => [value, index + 1]))
}

/** Removes the tokens of a record, to compare records that only repeat each other. */
export const withoutTokens = (text: string): string => text.replace(/\\u0002[^;]*;/g, '')
