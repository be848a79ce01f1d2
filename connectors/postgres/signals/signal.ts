import { isPlainObject, messageOf } from '../../../api/index.ts'
import type { SignalRow } from './ports.ts'

/** A condition for the tables that match a regular expression, which ignores case. */
export interface AdditionalCondition {
  readonly dataCollection: string
  readonly filter: string
}

/** Signal `execute-snapshot`. */
export interface ExecuteSnapshot {
  readonly action: 'execute-snapshot'
  readonly id: string
  readonly snapshot: 'INCREMENTAL' | 'BLOCKING'
  /** Regular expressions, or names of tables. Not empty. */
  readonly dataCollections: readonly string[]
  readonly conditions: readonly AdditionalCondition[]
  readonly surrogateKey: string | undefined
}

/** A valid signal. */
export type Signal =
  | ExecuteSnapshot
  /** No data collections: all. */
  | { readonly action: 'stop-snapshot'; readonly id: string; readonly dataCollections: readonly string[] }
  | { readonly action: 'pause-snapshot' | 'resume-snapshot'; readonly id: string }
  | { readonly action: 'log'; readonly id: string; readonly message: string }
  | { readonly action: 'snapshot-window-open' | 'snapshot-window-close'; readonly id: string }

/** A signal, or why it is ignored: a sentence that names the signal. */
export type ParsedSignal = { readonly signal: Signal } | { readonly reason: string }

type Data = Readonly<Record<string, unknown>>

/**
 * Parses a signal of any channel. Never throws. Source: SignalProcessor.processSignal and the SignalActions.
 */
export function parseSignal({ id, type, data }: SignalRow): ParsedSignal {
  const name = `Signal ${JSON.stringify(id)}`
  const invalid = (what: string): ParsedSignal => ({ reason: `${name} of type ${type} is ignored: ${what}` })
  switch (type) {
    // The data of these is for people who read the signal table.
    case 'snapshot-window-open':
    case 'snapshot-window-close':
    case 'pause-snapshot':
    case 'resume-snapshot':
      return { signal: { action: type, id } }
    case 'execute-snapshot':
    case 'stop-snapshot':
    case 'log':
      break
    default:
      return { reason: `${name} is ignored: unknown type ${JSON.stringify(type)}. Known types: ${KNOWN}` }
  }
  const parsed = parseData(data)
  if (typeof parsed === 'string') return invalid(parsed)
  const result = type === 'log' ? log(id, parsed) : snapshot(type, id, parsed)
  return typeof result === 'string' ? invalid(result) : { signal: result }
}

const KNOWN = 'execute-snapshot, stop-snapshot, pause-snapshot, resume-snapshot, log'

function parseData(data: string | null): Data | string {
  if (data === null || data === '') return {}
  let value: unknown
  try {
    value = JSON.parse(data)
  } catch (error) {
    return `its data is not valid JSON: ${messageOf(error)}`
  }
  return isPlainObject(value) ? value : 'its data must be a JSON object'
}

function log(id: string, data: Data): Signal | string {
  const message = data['message']
  if (typeof message !== 'string' || message === '') return 'its data has no "message"'
  return { action: 'log', id, message }
}

function snapshot(action: 'execute-snapshot' | 'stop-snapshot', id: string, data: Data): Signal | string {
  const kind = snapshotKind(data['type'])
  if (kind === undefined)
    return `expected "type" INCREMENTAL or BLOCKING, found ${JSON.stringify(data['type'])}`
  const collections = stringList(data['data-collections'])
  if (collections === undefined) return '"data-collections" must be a list of strings'
  if (action === 'stop-snapshot') {
    if (kind === 'BLOCKING') return 'a blocking snapshot cannot be stopped'
    return { action, id, dataCollections: collections }
  }
  if (collections.length === 0) return '"data-collections" must name at least one table'
  const conditions = conditionList(data['additional-conditions'])
  if (typeof conditions === 'string') return conditions
  const surrogate = data['surrogate-key']
  const surrogateKey = typeof surrogate === 'string' && surrogate.trim() !== '' ? surrogate.trim() : undefined
  return { action, id, snapshot: kind, dataCollections: collections, conditions, surrogateKey }
}

function snapshotKind(value: unknown): 'INCREMENTAL' | 'BLOCKING' | undefined {
  if (value === undefined || value === null) return 'INCREMENTAL'
  const name = typeof value === 'string' ? value.toUpperCase() : ''
  return name === 'INCREMENTAL' || name === 'BLOCKING' ? name : undefined
}

function stringList(value: unknown): string[] | undefined {
  if (value === undefined || value === null) return []
  if (!Array.isArray(value)) return undefined
  const strings: string[] = []
  for (const entry of value as unknown[]) {
    if (typeof entry !== 'string') return undefined
    strings.push(entry.trim())
  }
  return strings
}

function conditionList(value: unknown): AdditionalCondition[] | string {
  if (value === undefined || value === null) return []
  const expected = '"additional-conditions" must be a list of {"data-collection": …, "filter": …}'
  if (!Array.isArray(value)) return expected
  const conditions: AdditionalCondition[] = []
  for (const entry of value as unknown[]) {
    if (!isPlainObject(entry)) return expected
    const dataCollection = entry['data-collection']
    const filter = entry['filter']
    if (typeof dataCollection !== 'string' || typeof filter !== 'string') return expected
    conditions.push({ dataCollection, filter })
  }
  return conditions
}
