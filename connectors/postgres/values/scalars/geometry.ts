import { ConnectError, FLOAT64, BYTES, OPTIONAL_BYTES, OPTIONAL_INT32 } from '../../../../api/index.ts'
import { doubleText } from '../../../../java/index.ts'
import type { BaseReader } from '../base-reader.ts'
import { floatAt } from './floats.ts'

const COMMA = 0x2c
const LITTLE_ENDIAN = 1
const WKB_POINT = 1
const WKB_POINT_SIZE = 21

/** PostgreSQL's own points, with their well-known binary. Source: io.debezium.data.geometry.Point. */
export const pointReader: BaseReader = {
  schema: {
    type: 'struct',
    name: 'io.debezium.data.geometry.Point',
    version: 1,
    doc: 'Geometry (POINT)',
    fields: [
      ['x', FLOAT64],
      ['y', FLOAT64],
      ['wkb', OPTIONAL_BYTES],
      ['srid', OPTIONAL_INT32],
    ],
  },
  read(bytes, start, end) {
    let comma = start
    while (comma < end && bytes[comma] !== COMMA) comma++
    if (comma === end) throw notA('point', bytes, start, end)
    return point(floatAt(bytes, start + 1, comma), floatAt(bytes, comma + 1, end - 1))
  },
  unavailable: null,
  zero: point(0, 0),
}

function point(x: number, y: number): object {
  const wkb = Buffer.alloc(WKB_POINT_SIZE)
  wkb.writeUInt8(LITTLE_ENDIAN, 0)
  wkb.writeUInt32LE(WKB_POINT, 1)
  wkb.writeDoubleLE(x, 5)
  wkb.writeDoubleLE(y, 13)
  return { x, y, wkb, srid: null }
}

/** PostGIS geometries. The field is optional even if the column is not, as in Debezium. */
export const geometryReader: BaseReader = { ...postgis('Geometry'), alwaysOptional: true }

/** PostGIS geographies. */
export const geographyReader: BaseReader = postgis('Geography')

function postgis(name: string): BaseReader {
  return {
    schema: {
      type: 'struct',
      name: `io.debezium.data.geometry.${name}`,
      version: 1,
      doc: name,
      fields: [
        ['wkb', BYTES],
        ['srid', OPTIONAL_INT32],
      ],
    },
    read: ewkbAt,
    unavailable: null,
    zero: { wkb: Buffer.from('010700000000000000', 'hex'), srid: null },
  }
}

const SMALLEST_EWKB = 9
const HAS_SRID = 0x20000000

/** PostGIS prints the extended well-known binary in hexadecimal. Debezium passes it on with the reference system. */
function ewkbAt(bytes: Buffer, start: number, end: number): object {
  const wkb = Buffer.from(bytes.toString('latin1', start, end), 'hex')
  if (wkb.length < SMALLEST_EWKB) throw notA('geometry', bytes, start, end)
  const little = wkb[0] !== 0
  const type = little ? wkb.readUInt32LE(1) : wkb.readUInt32BE(1)
  const hasSrid = (type & HAS_SRID) !== 0
  return { wkb, srid: hasSrid ? (little ? wkb.readInt32LE(5) : wkb.readInt32BE(5)) : null }
}

/** The types box, circle, line, lseg, path and polygon, with numbers as Java prints them. */
export function geometricText(text: string): string {
  return text.replace(NUMBER, (number) => doubleText(Number(number)))
}

const NUMBER = /-?(?:Infinity|\d+(?:\.\d+)?(?:e[+-]?\d+)?)/g

function notA(what: string, bytes: Buffer, start: number, end: number): ConnectError {
  const found = bytes.toString('utf8', start, Math.min(end, start + 100))
  return new ConnectError('HR_DATA_INVALID', `Expected a ${what} but found "${found}"`)
}
