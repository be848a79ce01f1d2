import { join } from 'node:path'
import { LineFile } from '../../delivery/line-file.ts'
import { uniqueName, workFolder, type Database } from '../../services/index.ts'

/** A source of records that are numbered from 0. */
export interface NumberedSource {
  readonly connector: string
  readonly topic: string
  readonly config: Readonly<Record<string, string>>
  /** Number of records that were appended. */
  readonly count: number
  append(records: number): Promise<void>
  /** Returns the number of the record with this value. */
  numberOf(value: string): number
}

/** A file source with this boundary of its transactions. */
export function numberedFile(boundary: 'poll' | 'interval'): NumberedSource {
  const name = uniqueName(`by-${boundary}`)
  const file = new LineFile(join(workFolder('numbers'), 'in.txt'))
  return {
    connector: name,
    topic: name,
    config: {
      'connector.class': 'FileStreamSource',
      'exactly.once.support': 'required',
      'file': file.path,
      'topic': name,
      'transaction.boundary': boundary,
      'transaction.boundary.interval.ms': '500',
    },
    get count() {
      return file.lines
    },
    append: async (records) => file.append(records),
    numberOf: (line) => Number.parseInt(line, 10),
  }
}

const JSON_CONVERTER = {
  'value.converter': 'org.apache.kafka.connect.json.JsonConverter',
  'value.converter.schemas.enable': 'false',
}

/** A Postgres source, which captures a table. */
export async function numberedRows(database: Database): Promise<NumberedSource> {
  const name = uniqueName('rows').replace('-', '_')
  await database.query('CREATE TABLE numbers (id int PRIMARY KEY)')
  let count = 0
  return {
    connector: name,
    topic: `${name}.public.numbers`,
    config: {
      ...database.props,
      ...JSON_CONVERTER,
      'connector.class': 'io.debezium.connector.postgresql.PostgresConnector',
      'exactly.once.support': 'required',
      'plugin.name': 'pgoutput',
      'publication.autocreate.mode': 'filtered',
      'publication.name': `publication_of_${name}`,
      'retriable.restart.connector.wait.ms': '1000',
      'slot.name': `slot_of_${name}`,
      'slot.retry.delay.ms': '500',
      'table.include.list': 'public.numbers',
      'topic.prefix': name,
    },
    get count() {
      return count
    },
    async append(records) {
      await database.query('INSERT INTO numbers SELECT generate_series($1::int, $2::int)', [
        count,
        count + records - 1,
      ])
      count += records
    },
    numberOf: (value) => (JSON.parse(value) as { after: { id: number } }).after.id,
  }
}
