import { defineConfig, nonEmpty } from '../../api/index.ts'

export const fileSourceConfig = defineConfig({
  'file': {
    type: 'string',
    default: null,
    importance: 'high',
    examples: ['/var/log/shop/orders.log'],
    doc: 'Path of the file to read. If not set, standard input is read.',
  },
  'topic': {
    type: 'string',
    validate: nonEmpty,
    importance: 'high',
    doc: 'Topic to which the lines are published.',
  },
  'batch.size': { type: 'int', default: 2000, importance: 'low', doc: 'Maximum number of lines per poll.' },
})

export const fileSinkConfig = defineConfig({
  file: {
    type: 'string',
    default: null,
    importance: 'high',
    doc: 'Path of the file to write to. If not set, lines are written to standard output.',
  },
})
