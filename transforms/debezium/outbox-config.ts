import {
  defineConfig,
  invalidValue,
  nonEmpty,
  oneOfIgnoringCase,
  validRegex,
  type Infer,
  type Validator,
} from '../../api/index.ts'

const placements = ['header', 'envelope', 'partition'] as const

/** A column of the outbox table beside those that every event has, and where it goes. */
export interface ExtraColumn {
  readonly column: string
  readonly placement: (typeof placements)[number]
  readonly alias: string
}

/** Reads `column:header,other:envelope:alias`; undefined where a part is not of that form. */
function parseExtraColumn(text: string): ExtraColumn | undefined {
  const [column = '', where = '', alias = column, ...rest] = text.split(':').map((part) => part.trim())
  const placement = placements.find((known) => known === where.toLowerCase())
  return placement === undefined || column === '' || rest.length > 0
    ? undefined
    : { column, placement, alias }
}

export function parseExtraColumns(list: readonly string[]): ExtraColumn[] {
  return list.flatMap((text) => parseExtraColumn(text) ?? [])
}

const extraColumns: Validator = {
  description: 'list of column:placement or column:placement:alias',
  check: (key, value) => {
    const wrong = ((value ?? []) as readonly string[]).find((text) => parseExtraColumn(text) === undefined)
    if (wrong === undefined) return undefined
    const reason = `expected column:placement or column:placement:alias with the placement header, envelope or partition, found ${wrong}`
    return invalidValue(key, value, reason)
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
    default: [],
    validate: extraColumns,
    importance: 'high',
    width: 'medium',
    doc: 'Further columns, as column:header, column:envelope or column:partition, with :alias behind for another name.',
  },
  'table.field.additional.missing': {
    group: 'Table',
    type: 'string',
    default: 'error',
    validate: oneOfIgnoringCase('error', 'ignore'),
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
    validate: oneOfIgnoringCase('warn', 'error', 'fatal'),
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
    validate: oneOfIgnoringCase('ignore', 'optional_bytes'),
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
    validate: validRegex,
    importance: 'low',
    doc: 'Java regular expression that the whole value has to match.',
  },
  'route.topic.replacement': {
    ...router,
    type: 'string',
    default: 'outbox.event.${routedByValue}',
    validate: nonEmpty,
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
