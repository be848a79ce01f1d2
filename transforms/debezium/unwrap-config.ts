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
    doc: 'What becomes of deletes and of the tombstones behind them: tombstone, a delete becomes a record without a value and tombstones are dropped; drop, both are dropped; rewrite, a delete becomes the last row with __deleted, tombstones are dropped; rewrite-with-tombstone, they are kept; delete-to-tombstone, a delete becomes a tombstone without a schema.',
  },
  'add.fields': {
    ...text,
    importance: 'medium',
    doc: 'Fields of the change event to add to the row, such as op,table,source.ts_ms; name:new gives another name.',
  },
  'add.fields.prefix': {
    ...text,
    default: '__',
    importance: 'low',
    doc: 'What stands before the names of added fields.',
  },
  'add.headers': {
    ...text,
    importance: 'medium',
    doc: 'Fields of the change event to add as headers, written as for add.fields.',
  },
  'add.headers.prefix': {
    ...text,
    default: '__',
    importance: 'low',
    doc: 'What stands before the names of added headers.',
  },
  'route.by.field': {
    ...text,
    importance: 'low',
    doc: 'Field of the row whose value is the topic; none by default.',
  },
  'drop.fields.header.name': {
    type: 'string',
    default: null,
    importance: 'low',
    width: 'medium',
    doc: 'Header that lists fields to drop from the row; none by default.',
  },
  'drop.fields.from.key': {
    type: 'boolean',
    default: false,
    importance: 'low',
    doc: 'Whether those fields are dropped from the key too.',
  },
  'drop.fields.keep.schema.compatible': {
    type: 'boolean',
    default: true,
    importance: 'low',
    doc: 'Whether only optional fields are dropped, so that readers of older schemas go on.',
  },
  'replace.null.with.default': replaceNullWithDefault,
})

export type UnwrapConfig = Infer<typeof unwrapConfig>
