import { createHash } from 'node:crypto'
import { fitsType, makeSchema, type Schema } from '../../../../api/index.ts'
import type { PgType } from '../../ports.ts'
import type { BaseReader } from '../base-reader.ts'
import { placeholderText } from '../scalars/text.ts'
import type { ValueSettings } from '../settings.ts'
import { readElements } from './array-text.ts'

const COMMA = 0x2c
const SEMICOLON = 0x3b

/** Arrays. Fields have no default. Source: PostgresValueConverter.convertArray. */
export function arrayReader(elementType: PgType, element: BaseReader, settings: ValueSettings): BaseReader {
  const optional = element.requiredElement !== true || element.alwaysOptional === true
  const valueSchema = makeSchema({ ...element.schema, optional })
  const delimiter = elementType.name === 'box' ? SEMICOLON : COMMA
  return {
    schema: { type: 'array', valueSchema },
    read: (bytes, start, end) => readElements(bytes, start, end, element, delimiter),
    unavailable: unavailableArray(elementType.name, valueSchema, settings),
    zero: [],
  }
}

/** The placeholder that Debezium has for a few element types, if it fits the schema. */
function unavailableArray(elementName: string, element: Schema, settings: ValueSettings): unknown[] | null {
  const items = placeholders[elementName]?.(settings)
  return items?.every((item) => fitsType(element, item)) === true ? items : null
}

const asText = (settings: ValueSettings) => [placeholderText(settings)]
const asNumbers = ({ placeholder }: ValueSettings) => Array.from(new Int8Array(placeholder))

/** Source: UnchangedToastedReplicationMessageColumn. */
const placeholders: Readonly<Record<string, (settings: ValueSettings) => unknown[]>> = {
  text: asText,
  varchar: asText,
  bpchar: asText,
  json: asText,
  jsonb: asText,
  bytea: ({ placeholder }) => [placeholder],
  int4: asNumbers,
  date: asNumbers,
  int8: asNumbers,
  uuid: ({ placeholder }) => [nameUuid(placeholder)],
}

/** Source: UUID.nameUUIDFromBytes. */
function nameUuid(name: Buffer): string {
  const hash = createHash('md5').update(name).digest()
  hash[6] = (hash[6]! & 0x0f) | 0x30
  hash[8] = (hash[8]! & 0x3f) | 0x80
  return hash.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}
