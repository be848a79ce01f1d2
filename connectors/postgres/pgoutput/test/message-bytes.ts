/** Builds messages of pgoutput for tests. */
const int16 = (value: number) => Buffer.from([value >> 8, value & 255])

export function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value | 0)
  return bytes
}

export function int64(value: number | bigint): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigInt64BE(BigInt(value))
  return bytes
}

const zeroEnded = (value: string) => Buffer.from(`${value}\0`)

/** Null is NULL; undefined is an unchanged TOASTed value. */
export type Cell = string | null | undefined

export function tuple(cells: readonly Cell[]): Buffer {
  const parts = cells.map((cell) => {
    if (cell === null) return Buffer.from('n')
    if (cell === undefined) return Buffer.from('u')
    return Buffer.concat([Buffer.from('t'), int32(Buffer.byteLength(cell)), Buffer.from(cell)])
  })
  return Buffer.concat([int16(cells.length), ...parts])
}

/** `timeUs` counts from 2000. */
export const begin = (xid: number, finalLsn: number, timeUs = 0): Buffer =>
  Buffer.concat([Buffer.from('B'), int64(finalLsn), int64(timeUs), int32(xid)])

export const commit = (endLsn: number): Buffer =>
  Buffer.concat([Buffer.from('C\0'), int64(endLsn - 1), int64(endLsn), int64(0)])

export const origin = (lsn: number, name: string): Buffer =>
  Buffer.concat([Buffer.from('O'), int64(lsn), zeroEnded(name)])

export const relation = (
  oid: number,
  schema: string,
  table: string,
  columns: readonly (readonly [name: string, typeOid: number, typmod: number, flags?: number])[],
): Buffer =>
  Buffer.concat([
    Buffer.from('R'),
    int32(oid),
    zeroEnded(schema),
    zeroEnded(table),
    Buffer.from('d'),
    int16(columns.length),
    ...columns.flatMap(([name, typeOid, typmod, flags = 1]) => [
      Buffer.from([flags]),
      zeroEnded(name),
      int32(typeOid),
      int32(typmod),
    ]),
  ])

export const insert = (oid: number, cells: readonly Cell[]): Buffer =>
  Buffer.concat([Buffer.from('I'), int32(oid), Buffer.from('N'), tuple(cells)])

export function update(
  oid: number,
  cells: readonly Cell[],
  old?: readonly Cell[],
  kind: 'K' | 'O' = 'K',
): Buffer {
  const before = old === undefined ? [] : [Buffer.from(kind), tuple(old)]
  return Buffer.concat([Buffer.from('U'), int32(oid), ...before, Buffer.from('N'), tuple(cells)])
}

export const deleted = (oid: number, old: readonly Cell[], kind: 'K' | 'O' = 'K'): Buffer =>
  Buffer.concat([Buffer.from('D'), int32(oid), Buffer.from(kind), tuple(old)])

export const truncate = (oids: readonly number[]): Buffer =>
  Buffer.concat([Buffer.from('T'), int32(oids.length), Buffer.from([0]), ...oids.map(int32)])

export const logicalMessage = (
  transactional: boolean,
  lsn: number,
  prefix: string,
  content: string | Buffer,
): Buffer =>
  Buffer.concat([
    Buffer.from(transactional ? 'M\u0001' : 'M\0'),
    int64(lsn),
    zeroEnded(prefix),
    int32(Buffer.byteLength(content)),
    Buffer.from(content),
  ])
