import type { BareSinkTask } from './bare-programs.ts'

type Config = Readonly<Record<string, string>>

/** A format to measure. */
export interface Variant {
  readonly title: string
  /** Settings of the sink. */
  readonly sink: Config
  /** The format of the bare program. */
  readonly bare: BareSinkTask['format']
  /** Whether the topic's records have schemas, and what the source reads. */
  readonly schemas: boolean
  readonly source: Config | null
}

const format = (name: string): Config => ({ 'format.class': `io.confluent.connect.s3.format.${name}` })
const json = format('json.JsonFormat')

export const variants: readonly Variant[] = [
  { title: 'JSON lines', sink: json, bare: 'json', schemas: false, source: json },
  {
    title: 'JSON lines, gzip',
    sink: { ...json, 's3.compression.type': 'gzip' },
    bare: 'json.gz',
    schemas: false,
    source: json,
  },
  {
    title: 'Avro',
    sink: format('avro.AvroFormat'),
    bare: 'avro',
    schemas: true,
    source: format('avro.AvroFormat'),
  },
  {
    title: 'Parquet',
    sink: format('parquet.ParquetFormat'),
    bare: 'parquet',
    schemas: true,
    source: format('parquet.ParquetFormat'),
  },
]
