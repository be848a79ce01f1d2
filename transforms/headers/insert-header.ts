import { changedRecord, defineConfig, version, withHeader, type Transform } from '../../api/index.ts'
import { parseValueText } from '../../java/index.ts'
import { transformName } from '../catalog.ts'
import { nonNull } from '../rules.ts'

const config = defineConfig({
  'header': { type: 'string', validate: nonNull, importance: 'high', doc: 'Header name.' },
  'value.literal': {
    type: 'string',
    validate: nonNull,
    importance: 'high',
    doc: 'Header value. Its type is inferred: text that looks like a number, date, list or map is parsed as one.',
  },
})

/** Appends a header with a fixed value. Source: InsertHeader. */
export const insertHeader: Transform<typeof config> = {
  kind: 'transformation',
  name: transformName('InsertHeader'),
  version,
  config,
  create({ 'header': key, 'value.literal': literal }) {
    const { schema, value } = parseValueText(literal)
    return {
      apply: (record) => changedRecord(record, { headers: withHeader(record.headers, key, schema, value) }),
    }
  },
}
