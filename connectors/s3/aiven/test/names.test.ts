import assert from 'node:assert/strict'
import { test } from 'node:test'
import { array, INT64, STRING, type SinkRecord } from '../../../../api/index.ts'
import { sinkRecord } from '../../../../testing/index.ts'
import { parseConfig } from '../../../../java/index.ts'
import { aivenSinkConfig } from '../definition.ts'
import { grouping, nameTemplates } from '../name-templates.ts'
import { nameOf, namePartitioner } from '../names.ts'

type Props = Readonly<Record<string, string>>

const NOW = Date.UTC(2020, 2, 1, 23, 30)
const parse = (props: Props) => parseConfig(aivenSinkConfig, { 'aws.s3.bucket.name': 'shop', ...props })

/** The name of the object whose first record is this one. */
function name(props: Props, init: Partial<SinkRecord> = {}): string {
  const record = sinkRecord({ topic: 'mytopic', partition: 1, offset: 42, ...init })
  const directory = namePartitioner(nameTemplates(parse(props))).directoryOf(record, NOW)
  return nameOf({ directory, startOffset: record.offset })
}

test('the default name ends with the extension of the format and the compression', () => {
  assert.equal(name({}), 'mytopic-1-42.gz')
  assert.equal(name({ 'file.compression.type': 'none' }), 'mytopic-1-42')
  assert.equal(name({ 'file.compression.type': 'ZSTD', 'format.output.type': 'jsonl' }), 'mytopic-1-42.zst')
  assert.equal(
    name({ 'output_compression': 'snappy', 'format.output.type': 'avro' }),
    'mytopic-1-42.avro.snappy',
  )
  assert.equal(name({ 'format.output.type': 'parquet' }), 'mytopic-1-42')
})

test('partition and offset are padded on request; the template is used as it is', () => {
  const template = '{{topic}}/{{partition:padding=true}}-{{ start_offset:padding=true }}.gz'
  assert.equal(name({ 'file.name.template': template }), 'mytopic/0000000001-00000000000000000042.gz')
  assert.equal(
    name({ 'file.name.template': '{{partition:padding=false}}-{{start_offset:padding=false}}-{{topic}}' }),
    '1-42-mytopic',
  )
})

test('the variable timestamp has the time of the batch or of the record, in a time zone', () => {
  const day = ['yyyy', 'MM', 'dd', 'HH'].map((unit) => `{{timestamp:unit=${unit}}}`).join('')
  const template = { 'file.name.template': `{{topic}}-{{partition}}-{{start_offset}}-${day}` }
  assert.equal(name(template), 'mytopic-1-42-2020030123')
  assert.equal(
    name({ ...template, 'file.name.timestamp.timezone': 'Europe/Berlin' }),
    'mytopic-1-42-2020030200',
  )
  assert.equal(name({ ...template, 'file.name.timestamp.timezone': '-03:30' }), 'mytopic-1-42-2020030120')
  const event = { ...template, 'file.name.timestamp.source': 'event' }
  assert.equal(name(event, { timestamp: 0 }), 'mytopic-1-42-1970010100')
  assert.equal(name(event, { timestamp: null }), 'mytopic-1-42-2020030123')
})

test('the variable key has the text of the key', () => {
  const template = { 'file.name.template': 'k{{key}}' }
  assert.equal(name(template, { key: 'x/1', keySchema: STRING }), 'kx/1')
  assert.equal(name(template, { key: null }), 'knull')
  assert.equal(name(template, { key: 7, keySchema: INT64 }), 'k7')
  assert.equal(name(template, { key: [1, 2], keySchema: array(INT64) }), 'k[1, 2]')
  assert.equal(name(template, { key: Buffer.from('caf\u00e9') }), 'kcaf\u00e9')
  assert.equal(name(template, { key: Buffer.from([0xff, 0]) }), 'kff00')
})

test('a key that contains the mark of the offset is written as it is', () => {
  const template = { 'file.name.template': '{{topic}}-{{partition}}-{{key}}-{{start_offset}}' }
  assert.equal(name(template, { key: 'a\0ob\0' }), 'mytopic-1-a\0ob\0-42')
})

test('records with other keys or hours belong to other objects, those with other offsets do not', () => {
  const template = '{{topic}}-{{partition}}-{{start_offset}}-{{timestamp:unit=HH}}'
  const { directoryOf } = namePartitioner(nameTemplates(parse({ 'file.name.template': template })))
  const at = (offset: number, now: number) =>
    directoryOf(sinkRecord({ topic: 'mytopic', partition: 1, offset }), now)
  assert.equal(at(1, NOW), at(2, NOW))
  assert.notEqual(at(2, NOW), at(2, NOW + 3_600_000))
})

test('file.prefix.template is put before the name', () => {
  assert.equal(name({ 'file.prefix.template': 'data/{{topic}}/' }), 'data/mytopic/mytopic-1-42.gz')
})

test('with aws.s3.prefix, the name ends with the padded offset', () => {
  const prefix = 'dt={{timestamp:unit=YYYY}}-{{ timestamp:unit=MM }}/p{{partition:padding=true}}/{{ other }}/'
  assert.equal(
    name({ 'aws.s3.prefix': prefix, 'timestamp.timezone': 'Asia/Tokyo' }),
    'dt=2020-03/p1/{{ other }}/mytopic-1-00000000000000000042.gz',
  )
  assert.equal(
    name({
      'aws_s3_prefix': '{{utc_date}}--',
      'file.name.template': 'x-{{topic}}-{{partition}}-{{start_offset}}',
    }),
    '2020-03-01--mytopic-1-00000000000000000042.gz',
  )
  assert.match(name({ 'aws.s3.prefix': '{{local_date}}--' }), /^2020-03-0[12]--/)
})

test('the variables decide how records are grouped', () => {
  const by = (template: string) => grouping(parse({ 'file.name.template': template }))
  assert.equal(by('{{topic}}{{partition}}{{start_offset}}'), 'partition')
  assert.equal(by('{{topic}}{{partition}}{{start_offset}}{{key}}{{timestamp:unit=dd}}'), 'partition-key')
  assert.equal(by('{{key}}'), 'key')
  assert.equal(by('{{key}}/{{partition}}'), 'key')
  assert.equal(
    grouping(parse({ 'file.prefix.template': '{{topic}}/', 'file.name.template': '{{key}}' })),
    'key',
  )
})
