import { createRequire } from 'node:module'

type Native = typeof import('@node-rs/crc32')

/** The package has a binary for each platform, which uses the instructions of the processor. */
function loadNative(): Native | undefined {
  try {
    return createRequire(import.meta.url)('@node-rs/crc32') as Native
  } catch {
    return undefined
  }
}

const native = loadNative()

const POLYNOMIAL = 0x82f63b78

/** Number of lookup tables, for sixteen bytes per round (Intel's slicing-by-8, extended to 16). */
const TABLES = 16
const tables = buildTables()
const [t0, t1, t2, t3, t4, t5, t6, t7, t8, t9, t10, t11, t12, t13, t14, t15] = tables as Tables

type Table = Int32Array
type Four = [Table, Table, Table, Table]
type Tables = [...Four, ...Four, ...Four, ...Four]

function buildTables(): Table[] {
  const built = Array.from({ length: TABLES }, () => new Int32Array(256))
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte
    for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1
    built[0]![byte] = crc
  }
  for (let byte = 0; byte < 256; byte++) {
    for (let next = 1; next < TABLES; next++) {
      const last = built[next - 1]![byte]!
      built[next]![byte] = (last >>> 8) ^ built[0]![last & 255]!
    }
  }
  return built
}

/** Returns the CRC-32C of `bytes` from `start` to `end`, as the unsigned integer in record batches. */
export function crc32c(bytes: Buffer, start: number, end: number): number {
  return native === undefined ? crc32cByTables(bytes, start, end) : native.crc32c(bytes.subarray(start, end))
}

/** For platforms without a binary; takes about three times as long. */
export function crc32cByTables(bytes: Buffer, start: number, end: number): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let crc = -1
  let at = start
  for (; at + 16 <= end; at += 16) {
    const a = crc ^ view.getInt32(at, true)
    const b = view.getInt32(at + 4, true)
    const c = view.getInt32(at + 8, true)
    const d = view.getInt32(at + 12, true)
    crc =
      t15[a & 255]! ^
      t14[(a >>> 8) & 255]! ^
      t13[(a >>> 16) & 255]! ^
      t12[a >>> 24]! ^
      t11[b & 255]! ^
      t10[(b >>> 8) & 255]! ^
      t9[(b >>> 16) & 255]! ^
      t8[b >>> 24]! ^
      t7[c & 255]! ^
      t6[(c >>> 8) & 255]! ^
      t5[(c >>> 16) & 255]! ^
      t4[c >>> 24]! ^
      t3[d & 255]! ^
      t2[(d >>> 8) & 255]! ^
      t1[(d >>> 16) & 255]! ^
      t0[d >>> 24]!
  }
  for (; at < end; at++) crc = t0[(crc ^ bytes[at]!) & 255]! ^ (crc >>> 8)
  return ~crc >>> 0
}
