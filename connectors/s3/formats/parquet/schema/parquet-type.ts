/** How values of a column are stored. Source: Type in parquet.thrift. */
export type PhysicalType =
  'BOOLEAN' | 'INT32' | 'INT64' | 'INT96' | 'FLOAT' | 'DOUBLE' | 'BYTE_ARRAY' | 'FIXED_LEN_BYTE_ARRAY'

export type Repetition = 'REQUIRED' | 'OPTIONAL' | 'REPEATED'

export type TimeUnit = 'MILLIS' | 'MICROS' | 'NANOS'

/** What the stored values mean. Source: LogicalType in parquet.thrift. */
export type Annotation =
  | { readonly kind: 'STRING' | 'ENUM' | 'JSON' | 'LIST' | 'MAP' | 'DATE' | 'UUID' | 'FLOAT16' }
  | { readonly kind: 'DECIMAL'; readonly precision: number; readonly scale: number }
  | { readonly kind: 'TIME' | 'TIMESTAMP'; readonly unit: TimeUnit; readonly utc: boolean }
  | { readonly kind: 'INTEGER'; readonly bits: number; readonly signed: boolean }

interface Named {
  readonly name: string
  readonly repetition: Repetition
  readonly annotation: Annotation | null
}

export interface PrimitiveType extends Named {
  readonly physical: PhysicalType
  /** Length in bytes of a FIXED_LEN_BYTE_ARRAY; 0 for other types. */
  readonly length: number
}

export interface GroupType extends Named {
  readonly fields: readonly ParquetType[]
}

/** A node of the schema of a file. Its root is a required group. */
export type ParquetType = PrimitiveType | GroupType

export function isGroup(type: ParquetType): type is GroupType {
  return 'fields' in type
}

/** A column: a primitive type with its place in the tree. */
export interface Leaf {
  readonly type: PrimitiveType
  readonly path: readonly string[]
  /** Number of types from the root that may be missing: the definition level of a value that is present. */
  readonly maxDefinition: number
  /** Number of types from the root that repeat: the highest repetition level. */
  readonly maxRepetition: number
}

/** Returns the columns of a file in order. */
export function leavesOf(root: GroupType): Leaf[] {
  return root.fields.flatMap((field) => leavesBelow(field, [], 0, 0))
}

function leavesBelow(
  type: ParquetType,
  above: readonly string[],
  definition: number,
  repetition: number,
): Leaf[] {
  const path = [...above, type.name]
  const maxDefinition = definition + (type.repetition === 'REQUIRED' ? 0 : 1)
  const maxRepetition = repetition + (type.repetition === 'REPEATED' ? 1 : 0)
  return isGroup(type)
    ? type.fields.flatMap((field) => leavesBelow(field, path, maxDefinition, maxRepetition))
    : [{ type, path, maxDefinition, maxRepetition }]
}

/** Returns the repeated type of a group that is a list, or undefined. */
export function repeatedOf(type: ParquetType, kind: 'LIST' | 'MAP'): ParquetType | undefined {
  if (!isGroup(type) || type.annotation?.kind !== kind) return undefined
  const [repeated, ...others] = type.fields
  return others.length === 0 && repeated?.repetition === 'REPEATED' ? repeated : undefined
}

/**
 * Returns the type of the elements below the repeated type of a list. That type is the element itself in files of older
 * writers ("two levels"), and a group around the element in others ("three levels").
 *
 * Source: the backward compatibility rules for lists in LogicalTypes.md.
 */
export function elementOf(repeated: ParquetType, listName: string): ParquetType {
  if (!isGroup(repeated) || repeated.fields.length !== 1) return repeated
  if (repeated.name === 'array' || repeated.name === `${listName}_tuple`) return repeated
  return repeated.fields[0] as ParquetType
}
