import { defineConfig, invalidValue, type Infer, type Validator } from '../../api/index.ts'
import { colonParts, withoutTrailingBlanks } from '../rules.ts'
import { asInvalid, checkedAnyCaseOf, checkedRegex } from './settings.ts'

const placements = ['header', 'envelope', 'partition'] as const

/** A column of the outbox table beside those that every event has, and where it goes. */
export interface ExtraColumn {
  readonly column: string
  readonly placement: (typeof placements)[number]
  readonly alias: string
}

/** Reads `column:header` and `other:envelope:alias`; undefined where the placement is none. */
function parseExtraColumn(text: string): ExtraColumn | undefined {
  const [column = '', where = '', alias = column] = colonParts(text).map((part) => part.trim())
  const placement = placements.find((known) => known === where.toLowerCase())
  return placement === undefined ? undefined : { column, placement, alias }
}

export function parseExtraColumns(list: readonly string[]): ExtraColumn[] {
  return withoutTrailingBlanks(list).flatMap((text) => parseExtraColumn(text) ?? [])
}

/** What is wrong with the list: Java's words, and one more for what is no placement. Source: AdditionalFieldsValidator. */
function faultOf(list: readonly string[]): string | undefined {
  const pairs = withoutTrailingBlanks(list)
  const wrong = pairs.some((text) => ![2, 3].includes(colonParts(text).length))
  if (list.length === 0 || wrong) {
    return `A comma-separated list of valid String pairs or trios is expected but got: [${pairs.join(', ')}]`
  }
  const unknown = pairs.find((text) => parseExtraColumn(text) === undefined)
  return unknown === undefined
    ? undefined
    : `expected ${placements.join(', ')} behind the colon, found ${unknown}`
}

/** Differs: what is no placement is refused here; in Debezium every event fails. */
const extraColumns: Validator = {
  description: 'list of column:placement or column:placement:alias',
  check: (key, value) => {
    const list = value as readonly string[] | null
    const fault = list === null ? undefined : faultOf(list)
    return fault === undefined ? undefined : invalidValue(key, list?.join(','), asInvalid(key, fault))
  },
}

const table = { group: 'Table', type: 'string', width: 'medium', importance: 'low' } as const
const router = { group: 'Router', width: 'medium' } as const

/** Source: EventRouterConfigDefinition. */
export const outboxConfig = defineConfig({
  'table.field.event.id': {
    ...table,
    default: 'id',
    doc: 'Column with the id of the event; it goes into the header id.',
  },
  'table.field.event.key': { ...table, default: 'aggregateid', doc: 'Column with the key of the record.' },
  'table.field.event.type': {
    ...table,
    default: 'type',
    doc: 'Column with the type of the event. As in Debezium it goes nowhere by itself; table.fields.additional.placement can make a header of it.',
  },
  'table.field.event.timestamp': {
    ...table,
    default: null,
    importance: 'medium',
    doc: 'Column with the time of the record; the time of the change event by default.',
  },
  'table.field.event.payload': { ...table, default: 'payload', doc: 'Column with the event itself.' },
  'table.fields.additional.placement': {
    group: 'Table',
    type: 'list',
    default: null,
    validate: extraColumns,
    importance: 'high',
    width: 'medium',
    doc: 'Further columns, as column:header, column:envelope or column:partition, with :alias behind for another name.',
  },
  'table.field.additional.missing': {
    group: 'Table',
    type: 'string',
    default: 'error',
    validate: checkedAnyCaseOf('ignore', 'error'),
    importance: 'medium',
    width: 'medium',
    doc: 'What a row without one of those columns is: an error, or one to ignore and go without.',
  },
  'table.fields.additional.error.on.missing': {
    group: 'Table',
    type: 'boolean',
    default: null,
    importance: 'medium',
    width: 'medium',
    doc: 'The same in the words of Debezium before: true for error, false for ignore. Counts when it is set.',
  },
  'table.field.event.schema.version': {
    ...table,
    default: null,
    doc: 'Column with the version of the schema of the value.',
  },
  'table.op.invalid.behavior': {
    group: 'Table',
    type: 'string',
    default: 'warn',
    validate: checkedAnyCaseOf('warn', 'error', 'fatal'),
    importance: 'medium',
    width: 'medium',
    doc: 'What an update of the table does, which should only ever grow: warn and error log it, fatal fails the task.',
  },
  'table.expand.json.payload': {
    group: 'Table',
    type: 'boolean',
    default: false,
    importance: 'medium',
    width: 'medium',
    doc: 'Whether a payload that is JSON in a text becomes a struct or list.',
  },
  'table.json.payload.null.behavior': {
    group: 'Table',
    type: 'string',
    default: 'ignore',
    validate: checkedAnyCaseOf('ignore', 'optional_bytes'),
    importance: 'medium',
    width: 'medium',
    doc: 'What a null in such JSON becomes: ignore, nothing; optional_bytes, a null of that type.',
  },
  'route.by.field': {
    ...router,
    type: 'string',
    default: 'aggregatetype',
    importance: 'high',
    doc: 'Column whose value the topic is made of.',
  },
  'route.topic.regex': {
    ...router,
    type: 'string',
    default: '(?<routedByValue>.*)',
    validate: checkedRegex,
    importance: 'low',
    doc: 'Java regular expression that the whole value has to match.',
  },
  'route.topic.replacement': {
    ...router,
    type: 'string',
    default: 'outbox.event.${routedByValue}',
    importance: 'high',
    doc: 'Topic; $1 and ${name} stand for groups of the match.',
  },
  'route.tombstone.on.empty.payload': {
    ...router,
    type: 'boolean',
    default: false,
    importance: 'high',
    doc: 'Whether an event without a payload becomes a tombstone.',
  },
})

export type OutboxConfig = Infer<typeof outboxConfig>
