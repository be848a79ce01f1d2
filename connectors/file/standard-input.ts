import { sourceRecord, STRING, type SourceTask } from '../../api/index.ts'
import { LineSplitter, type Line } from './line-splitter.ts'

/** Reads lines from standard input. There is nothing to go back to, so offsets are not kept. */
export function stdinLines(topic: string, batchSize: number): SourceTask {
  const splitter = new LineSplitter(0)
  const { stdin } = process
  const onData = (chunk: Buffer) => {
    chunk.copy(splitter.room(chunk.length))
    splitter.filled(chunk.length)
  }
  stdin.on('data', onData)
  return {
    async poll() {
      const timestamp = Date.now()
      return splitter.take(batchSize).map(({ text }: Line) =>
        sourceRecord({
          topic,
          sourcePartition: { filename: null },
          sourceOffset: null,
          valueSchema: STRING,
          value: text,
          timestamp,
        }),
      )
    },
    close() {
      stdin.off('data', onData)
      stdin.pause()
    },
  }
}
