import { ConnectError } from '../../../api/index.ts'
import type { Lsn } from '../ports.ts'

const HIGH = 2 ** 32

/** Reads an LSN as PostgreSQL prints it, such as `16/B374D848`. Throws HR_DATA_INVALID for any other text. */
export function parseLsn(text: string): Lsn {
  const parts = /^([0-9a-f]{1,8})\/([0-9a-f]{1,8})$/i.exec(text)
  if (parts === null) {
    throw new ConnectError('HR_DATA_INVALID', `'${text}' is not an LSN; expected a form such as 16/B374D848`)
  }
  return Number.parseInt(parts[1] ?? '', 16) * HIGH + Number.parseInt(parts[2] ?? '', 16)
}

/** The LSN as PostgreSQL prints it. */
export function formatLsn(lsn: Lsn): string {
  const high = Math.floor(lsn / HIGH).toString(16)
  return `${high}/${(lsn % HIGH).toString(16)}`.toUpperCase()
}

/** Reads 8 bytes in network order. */
export function readLsn(bytes: Buffer, offset: number): Lsn {
  return bytes.readUInt32BE(offset) * HIGH + bytes.readUInt32BE(offset + 4)
}

/** Writes 8 bytes in network order. */
export function writeLsn(bytes: Buffer, offset: number, lsn: Lsn): void {
  bytes.writeUInt32BE(Math.floor(lsn / HIGH), offset)
  bytes.writeUInt32BE(lsn % HIGH, offset + 4)
}
