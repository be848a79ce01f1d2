import type { Lsn } from '../ports.ts'
import { writeLsn } from './lsn.ts'

/** Types of messages, each a letter. */
export const types = {
  commandComplete: 'C'.charCodeAt(0),
  copyBothResponse: 'W'.charCodeAt(0),
  copyData: 'd'.charCodeAt(0),
  copyDone: 'c'.charCodeAt(0),
  copyOutResponse: 'H'.charCodeAt(0),
  errorResponse: 'E'.charCodeAt(0),
  readyForQuery: 'Z'.charCodeAt(0),
} as const

/** A message that runs a statement with the simple protocol. */
export function queryMessage(sql: string): Buffer {
  const bytes = Buffer.byteLength(sql)
  const message = Buffer.alloc(6 + bytes)
  message.write('Q', 0)
  message.writeInt32BE(5 + bytes, 1)
  message.write(sql, 5)
  return message
}

/** Ends COPY in both directions. */
export const copyDone = Buffer.from([types.copyDone, 0, 0, 0, 4])

/** Ends the connection. */
export const terminate = Buffer.from(['X'.charCodeAt(0), 0, 0, 0, 4])

/** Milliseconds from the epoch of Unix to that of PostgreSQL, 2000-01-01. */
const POSTGRES_EPOCH_MS = 946_684_800_000

/** A standby status update. `flushed` also stands for applied. With `reply`, the server answers at once. */
export function statusUpdate(written: Lsn, flushed: Lsn, reply: boolean): Buffer {
  const message = Buffer.alloc(39)
  message[0] = types.copyData
  message.writeInt32BE(38, 1)
  message[5] = 'r'.charCodeAt(0)
  writeLsn(message, 6, written)
  writeLsn(message, 14, flushed)
  writeLsn(message, 22, flushed)
  writeLsn(message, 30, (Date.now() - POSTGRES_EPOCH_MS) * 1000)
  message[38] = reply ? 1 : 0
  return message
}
