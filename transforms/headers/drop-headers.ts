import { changedRecord, defineConfig, version, withoutHeaders, type Transform } from '../../api/index.ts'
import { transformName } from '../catalog.ts'
import { names } from '../rules.ts'

const config = defineConfig({
  headers: { type: 'list', validate: names, importance: 'high', doc: 'Names of the headers to drop.' },
})

/** Drops all headers with the given names. Source: DropHeaders. */
export const dropHeaders: Transform<typeof config> = {
  kind: 'transformation',
  name: transformName('DropHeaders'),
  version,
  config,
  create({ headers }) {
    const dropped = new Set(headers)
    return { apply: (record) => changedRecord(record, { headers: withoutHeaders(record.headers, dropped) }) }
  },
}
