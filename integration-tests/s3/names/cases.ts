import type { RecordedSchema, TypedValue } from '../../golden/format.ts'
import { compatibilityCases } from './compatibility-cases.ts'
import { fieldCases } from './field-cases.ts'
import { timeCases } from './time-cases.ts'

export interface RecordedFailure {
  readonly error: string
  readonly message: string
}

/** Instants are numbers, or texts if they are not safe integers. */
export type Time = number | string

export interface TimeCase {
  readonly kind: 'time'
  readonly partitioner?: 'daily' | 'hourly'
  readonly pathFormat?: string
  readonly durationMs?: number
  readonly delim?: string
  readonly locale?: string
  readonly zone?: string
  readonly times: readonly Time[]
}

export interface ZoneTimes {
  readonly kind: 'offset' | 'schedule'
  readonly zone: string
  readonly periodMs?: number
  readonly times: readonly number[]
}

export interface RecordCase {
  readonly kind: 'field' | 'extract'
  readonly fields?: readonly string[]
  readonly delim?: string
  readonly field?: string
  readonly schema: RecordedSchema | null
  readonly value: TypedValue
}

export interface CompatibilityCase {
  readonly kind: 'compatibility'
  readonly modes: readonly string[]
  readonly schema: RecordedSchema | null
  readonly current: RecordedSchema | null
  readonly value: TypedValue
}

/** A case without its result. */
export type Case =
  | TimeCase
  | ZoneTimes
  | RecordCase
  | CompatibilityCase
  | { readonly kind: 'zone'; readonly ids: readonly string[] }
  | { readonly kind: 'iso'; readonly texts: readonly string[]; readonly defaultZone?: string }

/** The cases of each file in `recorded/`. */
export const cases: Readonly<Record<string, () => readonly Case[]>> = {
  times: timeCases,
  fields: fieldCases,
  compatibility: compatibilityCases,
}
