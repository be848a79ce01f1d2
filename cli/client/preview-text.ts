import { styleText } from 'node:util'
import { printable } from './output.ts'

type Json = unknown

interface RecordView {
  readonly topic: string
  readonly partition: number | null
  readonly offset?: number
  readonly timestamp: number | null
  readonly key: Json
  readonly key_schema: Json
  readonly value: Json
  readonly value_schema: Json
  readonly headers: readonly { readonly key: string; readonly value: Json; readonly schema: Json }[]
  readonly source_offset?: Json
}

interface Step {
  readonly step: string
  readonly class?: string
  readonly outcome: string
  readonly record?: RecordView
  readonly error?: { readonly stage: string; readonly message: string; readonly trace: string }
}

/** The response of `POST /headrace/preview`. */
export interface Preview {
  readonly class: string
  readonly type: string
  readonly records: readonly { readonly outcome: string; readonly steps: readonly Step[] }[]
  readonly truncated: boolean
}

const MAX_TEXT = 300
const PART_WIDTH = 10

const styles = { delivered: 'green', dropped: 'yellow', failed: 'red' } as const

/** Formats each record with its steps; a step shows only the parts of the record that it changed. */
export function previewText({ type, records, truncated }: Preview, coloured: boolean): string {
  if (records.length === 0) return noRecords(type)
  const blocks = records.map(({ outcome, steps }, index) => {
    const style = styles[outcome as keyof typeof styles]
    const shown = coloured ? styleText(style, outcome, { validateStream: false }) : outcome
    return [`record ${index + 1}: ${shown}`, ...stepLines(steps)].join('\n')
  })
  const more = truncated ? ['more records omitted: the limit on size or time was reached'] : []
  return [...blocks, ...more].join('\n\n')
}

const noRecords = (type: string): string =>
  type === 'sink'
    ? 'no records: the connector has read all records of its topics'
    : 'no records: the source returned none in time; wait longer with --timeout <seconds>'

function stepLines(steps: readonly Step[]): string[] {
  let before = new Map<string, string>()
  return steps.flatMap((step) => {
    const head = `  ${step.step}${step.class === undefined ? '' : `  ${step.class}`}`
    if (step.error !== undefined) return [`${head}: failed`, ...errorLines(step.error)]
    if (step.record === undefined) return [`${head}: ${outcomeText(step.outcome)}`]
    const parts = partsOf(step.record)
    const changed = [...parts].filter(([name, text]) => before.get(name) !== text)
    before = parts
    return changed.length === 0 ? [`${head}: no change`] : [head, ...changed.map(partLine)]
  })
}

const outcomeText = (outcome: string): string =>
  outcome === 'not-for-it' ? 'skipped by its predicate' : outcome

const partLine = ([name, text]: readonly [string, string]): string =>
  `    ${name.padEnd(PART_WIDTH)}${printable(text)}`

function partsOf(record: RecordView): Map<string, string> {
  const { topic, partition, offset, timestamp, headers, source_offset: sourceOffset } = record
  const place = [topic, ...(partition === null ? [] : [`partition ${partition}`])].join(', ')
  return new Map([
    ['topic', offset === undefined ? place : `${place}, offset ${offset}`],
    ['timestamp', timestamp === null ? 'none' : `${timestamp}  ${new Date(timestamp).toISOString()}`],
    ['key', valueText(record.key, record.key_schema)],
    ['value', valueText(record.value, record.value_schema)],
    ...headers.map(
      ({ key, value, schema }, index) =>
        [`header${index === 0 ? '' : ` ${index + 1}`}`, `${key}: ${valueText(value, schema)}`] as const,
    ),
    ...(sourceOffset === undefined ? [] : [['position', JSON.stringify(sourceOffset)] as const]),
  ])
}

function valueText(value: Json, schema: Json): string {
  const text = JSON.stringify(value)
  const short = text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text
  return schema === null ? short : `${short}  ${typeText(schema as SchemaView)}`
}

interface SchemaView {
  readonly type: string
  readonly as?: string
  readonly name?: string
  readonly optional?: boolean
  readonly fields?: readonly (SchemaView & { readonly field: string })[]
  readonly items?: SchemaView
  readonly keys?: SchemaView
  readonly values?: SchemaView
}

/** `struct{id: int64, name: string?}`; a question mark marks an optional schema. */
function typeText(schema: SchemaView): string {
  const { type, as, name, optional, fields, items, keys, values } = schema
  const inner =
    fields === undefined
      ? items === undefined
        ? keys === undefined || values === undefined
          ? ''
          : `<${typeText(keys)}, ${typeText(values)}>`
        : `<${typeText(items)}>`
      : `{${fields.map((field) => `${field.field}: ${typeText(field)}`).join(', ')}}`
  const named = name === undefined ? '' : ` ${name.slice(name.lastIndexOf('.') + 1)}`
  return `${type}${as === undefined ? '' : ` ${as}`}${named}${inner}${optional === true ? '?' : ''}`
}

/** Returns the message and its causes. */
function errorLines({ stage, message, trace }: NonNullable<Step['error']>): string[] {
  const causes = trace.split('\n').filter((line) => line.startsWith('Caused by: '))
  return [`    ${stage}: ${printable(message)}`, ...causes.map((line) => `    ${printable(line)}`)]
}
