import { writeFile } from 'node:fs/promises'
import type { TestContext } from 'node:test'
import { OPTIONAL_STRING } from '../../../api/index.ts'
import { sinkAcceptance, sinkRecord, sourceAcceptance } from '../../../testing/index.ts'
import { parseConfig } from '../../../config/index.ts'
import { fileSink } from '../sink.ts'
import { fileSource } from '../source.ts'
import { temporaryFile } from './temporary-file.ts'

const lines = ['one', '', 'zwö', '🚀 three', ...Array.from({ length: 20 }, (_, line) => `line ${line}`)]

async function sourceExample(t: TestContext) {
  const file = await temporaryFile(t)
  await writeFile(file, lines.map((line) => `${line}\n`).join(''))
  const props = { file, 'topic': 'lines', 'batch.size': '7' }
  return { props, config: parseConfig(fileSource.config, props) }
}

sourceAcceptance({
  connector: fileSource,
  prepare: sourceExample,
  refused: [
    { key: 'topic', value: undefined },
    { key: 'topic', value: '' },
  ],
  records: lines.length,
})

async function sinkExample(t: TestContext) {
  const props = { file: await temporaryFile(t) }
  return { props, config: parseConfig(fileSink.config, props) }
}

const record = (partition: number, offset: number, value: string) =>
  sinkRecord({ topic: 'lines', partition, offset, valueSchema: OPTIONAL_STRING, value })

sinkAcceptance({
  connector: fileSink,
  prepare: sinkExample,
  refused: [],
  records: [record(0, 5, 'one'), record(0, 6, ''), record(1, 0, 'zwö'), record(0, 9, 'three')],
})
