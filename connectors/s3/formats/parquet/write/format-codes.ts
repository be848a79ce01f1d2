import type { PhysicalType, Repetition } from '../schema/parquet-type.ts'

/** The numbers of enums in parquet.thrift. */
export const physicalCodes: Readonly<Record<PhysicalType, number>> = {
  BOOLEAN: 0,
  INT32: 1,
  INT64: 2,
  INT96: 3,
  FLOAT: 4,
  DOUBLE: 5,
  BYTE_ARRAY: 6,
  FIXED_LEN_BYTE_ARRAY: 7,
}

export const repetitionCodes: Readonly<Record<Repetition, number>> = { REQUIRED: 0, OPTIONAL: 1, REPEATED: 2 }

export const encodingCodes = { PLAIN: 0, RLE: 3, RLE_DICTIONARY: 8 } as const

export const pageCodes = { DATA: 0, DICTIONARY: 2 } as const
