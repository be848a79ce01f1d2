import { defineConfig, type Infer } from '../../api/index.ts'
import { replaceNullWithDefault } from '../structs.ts'
import { anyCaseOf } from './settings.ts'

export const deleteHandlings = [
  'drop',
  'tombstone',
  'rewrite-with-tombstone',
  'rewrite',
  'delete-to-tombstone',
] as const

export type DeleteHandling = (typeof deleteHandlings)[number]

const text = { type: 'string', default: '', width: 'long' } as const

/** Source: ExtractNewRecordStateConfigDefinition. */
export const unwrapConfig = defineConfig({
  'delete.tombstone.handling.mode': {
    type: 'string',
    default: 'tombstone',
    validate: anyCaseOf(...deleteHandlings),
    importance: 'medium',
    width: 'medium',
    doc: 'How to handle deletes and the tombstones that follow them. tombstone: emit a record with a null value for a delete, drop tombstones. drop: drop both. rewrite: emit the last row with __deleted for a delete, drop tombstones. rewrite-with-tombstone: like rewrite, but keep tombstones. delete-to-tombstone: emit a tombstone without a schema for a delete, drop tombstones.',
  },
  'add.fields': {
    ...text,
    importance: 'medium',
    doc: 'Fields of the change event to add to the row, such as op,table,source.ts_ms. Use field:name to rename a field.',
  },
  'add.fields.prefix': {
    ...text,
    default: '__',
    importance: 'low',
    doc: 'Prefix of the names of added fields.',
  },
  'add.headers': {
    ...text,
    importance: 'medium',
    doc: 'Fields of the change event to add as headers, in the same format as add.fields.',
  },
  'add.headers.prefix': {
    ...text,
    default: '__',
    importance: 'low',
    doc: 'Prefix of the names of added headers.',
  },
  'route.by.field': {
    ...text,
    importance: 'low',
    doc: 'Field of the row that contains the topic of the record. By default, the topic is unchanged.',
  },
  'drop.fields.header.name': {
    type: 'string',
    default: null,
    importance: 'low',
    width: 'medium',
    doc: 'Header that lists the fields to drop from the row. By default, no fields are dropped.',
  },
  'drop.fields.from.key': {
    type: 'boolean',
    default: false,
    importance: 'low',
    doc: 'Whether to drop these fields from the key as well.',
  },
  'drop.fields.keep.schema.compatible': {
    type: 'boolean',
    default: true,
    importance: 'low',
    doc: 'Whether to drop only optional fields, so that the schema stays compatible.',
  },
  'replace.null.with.default': replaceNullWithDefault,
})

export type UnwrapConfig = Infer<typeof unwrapConfig>
