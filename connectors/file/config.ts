import { defineConfig, nonEmpty } from '../../api/index.ts'

export const fileSourceConfig = defineConfig({
  'file': {
    type: 'string',
    default: null,
    importance: 'high',
    doc: 'Path of the file to read; standard input when there is none.',
  },
  'topic': {
    type: 'string',
    validate: nonEmpty,
    importance: 'high',
    doc: 'Topic that each line is written to.',
  },
  'batch.size': { type: 'int', default: 2000, importance: 'low', doc: 'Most lines handed over at once.' },
})

export const fileSinkConfig = defineConfig({
  file: {
    type: 'string',
    default: null,
    importance: 'high',
    doc: 'Path of the file to write to; standard output when there is none.',
  },
})
