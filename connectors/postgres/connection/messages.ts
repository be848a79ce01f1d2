/** Types of the messages that COPY and replication read, each a letter. */
export const types = {
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
