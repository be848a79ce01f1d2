import { defineConfig, invalidValue, type Infer, type Validator } from '../../api/index.ts'
import { colonParts, withoutTrailingBlanks } from '../rules.ts'
import { asInvalid, checkedAnyCaseOf, checkedRegex } from './settings.ts'

const placements = ['header', 'envelope', 'partition'] as const

/** An additional column of the outbox table and its placement in the event. */
export interface ExtraColumn {
  readonly column: string
  readonly placement: (typeof placements)[number]
  readonly alias: string
}

/** Parses `column:header` or `other:envelope:alias`. Returns undefined if the placement is unknown. */
function parseExtraColumn(text: string): ExtraColumn | undefined {
  const [column = '', where = '', alias = column] = colonParts(text).map((part) => part.trim())
  const placement = placements.find((known) => known === where.toLowerCase())
  return placement === undefined ? undefined : { column, placement, alias }
}

export function parseExtraColumns(list: readonly string[]): ExtraColumn[] {
  return withoutTrailingBlanks(list).flatMap((text) => parseExtraColumn(text) ?? [])
}

/** Returns the error message for a list, with one more check than Debezium. Source: AdditionalFieldsValidator. */
function faultOf(list: readonly string[]): string | undefined {
  const pairs = withoutTrailingBlanks(list)
  const wrong = pairs.some((text) => ![2, 3].includes(colonParts(text).length))
  if (list.length === 0 || wrong) {
    return `A comma-separated list of valid String pairs or trios is expected but got: [${pairs.join(', ')}]`
  }
  const unknown = pairs.find((text) => parseExtraColumn(text) === undefined)
  return unknown === undefined
    ? undefined
    : `expected ${placements.join(', ')} after the colon, found ${unknown}`
}

/** Differs: rejects unknown placements. In Debezium, every event fails instead. */
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
    doc: 'Column that contains the event id. It is added as the header id.',
  },
  'table.field.event.key': { ...table, default: 'aggregateid', doc: 'Column that contains the record key.' },
  'table.field.event.type': {
    ...table,
    default: 'type',
    doc: 'Column that contains the event type. As in Debezium, it is not added to the event by default; use table.fields.additional.placement to add it as a header.',
  },
  'table.field.event.timestamp': {
    ...table,
    default: null,
    importance: 'medium',
    doc: 'Column that contains the record timestamp. By default, the timestamp of the change event is used.',
  },
  'table.field.event.payload': {
    ...table,
    default: 'payload',
    doc: 'Column that contains the event payload.',
  },
  'table.fields.additional.placement': {
    group: 'Table',
    type: 'list',
    default: null,
    validate: extraColumns,
    importance: 'high',
    width: 'medium',
    doc: 'Additional columns to add to the event, as column:header, column:envelope or column:partition, optionally followed by :alias.',
  },
  'table.field.additional.missing': {
    group: 'Table',
    type: 'string',
    default: 'error',
    validate: checkedAnyCaseOf('ignore', 'error'),
    importance: 'medium',
    width: 'medium',
    doc: 'How to handle a row without one of the additional columns: error fails the record, ignore skips the column.',
  },
  'table.fields.additional.error.on.missing': {
    group: 'Table',
    type: 'boolean',
    default: null,
    importance: 'medium',
    width: 'medium',
    doc: 'The same setting under its name in older versions of Debezium: true for error, false for ignore. Takes precedence if set.',
  },
  'table.field.event.schema.version': {
    ...table,
    default: null,
    doc: 'Column that contains the version of the value schema.',
  },
  'table.op.invalid.behavior': {
    group: 'Table',
    type: 'string',
    default: 'warn',
    validate: checkedAnyCaseOf('warn', 'error', 'fatal'),
    importance: 'medium',
    width: 'medium',
    doc: 'How to handle an update of a row in the outbox table, which must be append-only: warn and error log the update at that level, fatal fails the record.',
  },
  'table.expand.json.payload': {
    group: 'Table',
    type: 'boolean',
    default: false,
    importance: 'medium',
    width: 'medium',
    doc: 'Whether to expand a payload that is a JSON string into a struct or array.',
  },
  'table.json.payload.null.behavior': {
    group: 'Table',
    type: 'string',
    default: 'ignore',
    validate: checkedAnyCaseOf('ignore', 'optional_bytes'),
    importance: 'medium',
    width: 'medium',
    doc: 'How to handle a null in an expanded payload: ignore omits the field, optional_bytes keeps a null of type optional bytes.',
  },
  'route.by.field': {
    ...router,
    type: 'string',
    default: 'aggregatetype',
    importance: 'high',
    doc: 'Column that determines the topic.',
  },
  'route.topic.regex': {
    ...router,
    type: 'string',
    default: '(?<routedByValue>.*)',
    validate: checkedRegex,
    importance: 'low',
    doc: 'Java regular expression that must match the entire value of the routing column.',
  },
  'route.topic.replacement': {
    ...router,
    type: 'string',
    default: 'outbox.event.${routedByValue}',
    importance: 'high',
    doc: 'Topic of the event. $1 and ${name} refer to capturing groups.',
  },
  'route.tombstone.on.empty.payload': {
    ...router,
    type: 'boolean',
    default: false,
    importance: 'high',
    doc: 'Whether to emit a tombstone for an event with an empty payload.',
  },
})

export type OutboxConfig = Infer<typeof outboxConfig>
