import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ConfigKey } from '../../../../api/index.ts'
import { elasticsearchSinkConfig } from '../definition.ts'
import { confluentSettings } from './confluent-settings.ts'

const settings: readonly (readonly [string, ConfigKey])[] = Object.entries(elasticsearchSinkConfig)
const setting = (name: string): ConfigKey | undefined => settings.find(([key]) => key === name)?.[1]
const fault = (name: string, value: unknown) => setting(name)?.validate?.check(name, value)

function defaultText(value: ConfigKey['default']): string {
  if (value === undefined) return '-'
  return Array.isArray(value) ? value.join(',') : String(value)
}

test('the listed settings equal those of Confluent', () => {
  const listed = settings.filter(([, { extension }]) => extension !== true)
  const found = listed.map(([name, def]) => [
    name,
    def.type.toUpperCase(),
    defaultText(def.default),
    def.importance.toUpperCase(),
    def.group,
    String(def.order),
    (def.width ?? 'none').toUpperCase(),
    def.displayName ?? name,
  ])
  assert.deepEqual(found, confluentSettings)
})

test('each setting is documented in sentences', () => {
  for (const [name, { doc }] of settings) assert.match(doc, /^[A-Z].*\.$/, name)
})

test('defaults are valid', () => {
  for (const [name, { default: value, validate }] of settings) {
    if (value !== undefined) assert.equal(validate?.check(name, value), undefined, name)
  }
})

test('names are accepted in any case, and recommended in lower case', () => {
  for (const value of ['delete', 'DELETE', 'Delete']) {
    assert.equal(fault('behavior.on.null.values', value), undefined)
  }
  assert.equal(
    fault('behavior.on.null.values', 'drop'),
    'Invalid value drop for configuration behavior.on.null.values: Value must be one of: [ignore, delete, fail]',
  )
  assert.deepEqual(setting('behavior.on.malformed.documents')?.recommender?.validValues({}), [
    'ignore',
    'warn',
    'fail',
  ])
})

test('values outside of their ranges are refused with the messages of Kafka', () => {
  const cases = [
    ['batch.size', 0, 'Value must be at least 1'],
    ['batch.size', 1_000_001, 'Value must be no more than 1000000'],
    ['bulk.size.bytes', -2, 'Value must be at least -1'],
    ['max.in.flight.requests', 1001, 'Value must be no more than 1000'],
    ['flush.timeout.ms', 999, 'Value must be at least 1000'],
    ['max.external.resource.mappings', 0, 'Value must be at least 1'],
    ['proxy.port', -666, 'Value must be at least 1'],
    ['headrace.retry.on.conflict', -1, 'Value must be at least 0'],
  ] as const
  for (const [key, value, reason] of cases) {
    assert.equal(fault(key, value), `Invalid value ${value} for configuration ${key}: ${reason}`)
  }
})

test('parts of the names of data streams are checked as in Java', () => {
  for (const part of ['dataset', 'namespace']) {
    const key = `data.stream.${part}`
    assert.equal(fault(key, `a_valid.${part}123`), undefined)
    assert.match(fault(key, `AN_INVALID.${part}123`) ?? '', /must be in all lowercase\.$/)
    assert.match(fault(key, 'not-valid?') ?? '', /must not contain any spaces or invalid characters/)
    assert.match(fault(key, 'x'.repeat(101)) ?? '', /must be no longer than 100 characters\.$/)
  }
})

test('the type of data streams may be another one than those of Elasticsearch', () => {
  for (const type of ['metrics', 'mEtRICS', 'notLogOrMetrics']) {
    assert.equal(fault('data.stream.type', type), undefined)
  }
})

test('URLs that cannot be used are refused, without their passwords', () => {
  const key = 'connection.url'
  assert.equal(fault(key, ['http://search-1:9200/', 'https://search-2', 'search-3:9200']), undefined)
  assert.match(
    fault(key, ['.com:/bbb/dfs', 'http://valid.com']) ?? '',
    /The provided url '\.com:\/bbb\/dfs' is not a valid url\.$/,
  )
  assert.match(fault(key, ['ftp://search-1']) ?? '', /not a valid url/)
  assert.match(fault(key, []) ?? '', /at least one URL/)
  assert.match(fault(key, null) ?? '', /must be provided and non-null/)
  const secret = fault(key, ['http://user:pazzword@search-1:9200']) ?? ''
  assert.match(secret, /set connection\.username and connection\.password$/)
  assert.doesNotMatch(secret, /pazzword/)
  for (const urls of [
    ['http://bad host', 'http://user:pazzword@search-1:9200'],
    ['http://user:pazz', 'word@search-1:9200'],
  ]) {
    assert.match(fault(key, urls) ?? '', /^Invalid value \[hidden\] .* must not contain a user/)
  }
})

test('what only Java can do is refused by name', () => {
  for (const key of ['kerberos.user.principal', 'kerberos.keytab.path']) {
    assert.match(fault(key, 'x') ?? '', /Kerberos is not supported; use connection\.username/)
  }
  const prefix = 'elastic.https.ssl.'
  for (const name of [
    'provider',
    'engine.factory.class',
    'secure.random.implementation',
    'keymanager.algorithm',
  ]) {
    assert.match(fault(prefix + name, 'x') ?? '', /Java cannot be used/, name)
  }
  assert.match(fault(`${prefix}enabled.protocols`, ['TLSv1.1']) ?? '', /TLSv1\.2 and TLSv1\.3/)
})

test('a template for names of indexes is checked', () => {
  assert.equal(fault('headrace.index.name', '${topic}-${timestamp:yyyy.MM.dd}'), undefined)
  assert.match(fault('headrace.index.name', '${tpoic}') ?? '', /is none of \$\{topic\}/)
})
