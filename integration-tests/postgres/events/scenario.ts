import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { projectFolder } from '../../services/index.ts'

/** A connector setting; null removes one of the base settings. */
export type Overrides = Readonly<Record<string, string | null>>

/** A message for a topic, such as that of signals. */
export interface Message {
  readonly key?: string
  readonly value: string
}

/** What happens after the connector has begun to stream. The first known field decides. */
export interface Step {
  /** Each text is one simple query; `BEGIN; …; COMMIT` is one transaction. */
  readonly sql?: string | readonly string[]
  /** SQL that is repeated, with the number of the round as `${i}`. */
  readonly loop?: {
    readonly times: number
    readonly sql: string | readonly string[]
    readonly delayMs?: number
    readonly background?: boolean
  }
  readonly sleep?: number
  readonly waitStreaming?: true
  /** Waits until no more records arrive. */
  readonly settle?: { readonly atLeast?: number; readonly quiet?: number } | true
  readonly joinBackground?: true
  readonly reconnect?: true
  readonly killSender?: true
  readonly dropSlot?: true
  readonly produce?: { readonly topic: string; readonly messages: readonly Message[] }
  readonly connector?: 'create' | 'delete' | 'stop' | 'pause' | 'resume' | 'restart'
  /** Further settings for `create`. */
  readonly config?: Overrides
}

/** SQL, settings and faults, of which the records of the connector were recorded. */
export interface Scenario {
  readonly id: string
  readonly name: string
  readonly desc: string
  readonly config?: Overrides
  /** SQL before the connector exists. */
  readonly setup?: readonly string[]
  readonly steps?: readonly Step[]
  /** Settings to validate instead of creating a connector. */
  readonly validate?: readonly { readonly config: Overrides }[]
  /** Queries of the catalogs at the end. */
  readonly probe?: readonly string[]
  /** False if the connector does not stream. */
  readonly wait?: boolean
  /** Milliseconds without new records after which all have arrived. */
  readonly quiet?: number
  readonly fixedSettle?: number
  /** `final-state`: compare the last value of each key instead of all records. */
  readonly compare?: 'final-state'
  /** Topics (regular expressions) whose identical records count once. */
  readonly collapse?: readonly string[]
  /** Topics (regular expressions) whose records are not compared. */
  readonly drop?: readonly string[]
  /** Patterns and their replacements in the recording. */
  readonly maskText?: readonly (readonly [pattern: string, replacement: string])[]
  /** Do not compare the order of positions. */
  readonly looseLsn?: boolean
  /** Compare only which fields the offsets have. */
  readonly dropOffsets?: boolean
  /** Offsets change continually. */
  readonly heartbeatOffsets?: boolean
}

/** Names of one run, which replace `${prefix}` and so on. */
export type Names = Readonly<Record<string, string>>

const events = join(projectFolder, 'integration-tests/postgres/events')

/** The names of all scenarios, such as `34-crud-default`. */
export const scenarioNames = (): string[] =>
  readdirSync(join(events, 'scenarios'))
    .map((file) => file.replace(/\.json$/, ''))
    .toSorted()

export const readScenario = (name: string): Scenario =>
  JSON.parse(readFileSync(join(events, 'scenarios', `${name}.json`), 'utf8')) as Scenario

/** The path of a recording: of Debezium, or of this connector where it deviates on purpose. */
export const recordingPath = (name: string, of: 'recordings' | 'own'): string =>
  join(events, of, `${name}.json`)

/** The scenarios in which the connector deviates from Debezium on purpose. */
export function deviations(): ReadonlyMap<string, string> {
  const path = join(projectFolder, 'connectors/postgres/deviations.json')
  const list = JSON.parse(readFileSync(path, 'utf8')) as { scenario: string; reason: string }[]
  return new Map(list.map(({ scenario, reason }) => [scenario, reason]))
}

/** Replaces `${name}` in all texts of a value; unknown names stay. */
export function substitute<T>(value: T, names: Names): T {
  const inText = (text: string) =>
    text.replace(/\$\{(\w+)\}/g, (found, name: string) =>
      Object.hasOwn(names, name) ? (names[name] ?? found) : found,
    )
  const inValue = (part: unknown): unknown => {
    if (typeof part === 'string') return inText(part)
    if (Array.isArray(part)) return part.map(inValue)
    if (typeof part !== 'object' || part === null) return part
    return Object.fromEntries(Object.entries(part).map(([key, field]) => [inText(key), inValue(field)]))
  }
  return inValue(value) as T
}
