import { sourceRecord, STRING, type SourceTask } from '../../api/index.ts'
import { LineSplitter } from './line-splitter.ts'

/** Standard input is paused while more bytes than this are buffered. */
const MOST_WAITING_BYTES = 4 * 1024 * 1024

const sourcePartition = { filename: null }

/** Reads lines from standard input. Records have no offsets, because standard input cannot be rewound. */
export function stdinLines(topic: string, batchSize: number): SourceTask {
  const splitter = new LineSplitter(0)
  const { stdin } = process
  const onData = (chunk: Buffer) => {
    chunk.copy(splitter.room(chunk.length))
    splitter.filled(chunk.length)
    if (splitter.waiting > MOST_WAITING_BYTES) stdin.pause()
  }
  stdin.on('data', onData)
  return {
    async poll() {
      const timestamp = Date.now()
      const records = splitter.take(batchSize, (value) =>
        sourceRecord({ topic, sourcePartition, sourceOffset: null, valueSchema: STRING, value, timestamp }),
      )
      if (splitter.waiting <= MOST_WAITING_BYTES) stdin.resume()
      return records
    },
    close() {
      stdin.off('data', onData)
      stdin.pause()
    },
  }
}
