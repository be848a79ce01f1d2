import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ConfigKey } from '../../../../api/index.ts'
import { aivenSinkConfig } from '../definition.ts'
import { validateAivenSink } from '../validation.ts'

type Props = Readonly<Record<string, string>>

const faults = (props: Props) =>
  validateAivenSink({ 'aws.s3.bucket.name': 'shop-events', ...props }).map(
    ({ key, message }) => `${key}: ${message}`,
  )

const fault = (key: keyof typeof aivenSinkConfig, value: unknown) =>
  (aivenSinkConfig[key] as ConfigKey).validate?.check(key, value)

test('a bucket is enough, by its new or its old name', () => {
  assert.deepEqual(faults({}), [])
  assert.deepEqual(validateAivenSink({ aws_s3_bucket: 'shop-events' }), [])
  assert.deepEqual(validateAivenSink({}), [
    {
      key: 'aws.s3.bucket.name',
      message: 'Neither aws.s3.bucket.name nor aws_s3_bucket properties have been set',
    },
  ])
})

test('names with a set of variables that does not tell objects apart are refused', () => {
  for (const template of [
    'fixed',
    '{{topic}}-{{start_offset}}',
    '{{key}}-{{start_offset}}',
    '{{topic}}-{{partition}}-{{start_offset}}-{{host}}',
  ]) {
    const [message = ''] = faults({ 'file.name.template': template })
    assert.match(
      message,
      /^file\.name\.template: .*unsupported set of template variables, supported sets are:/,
    )
  }
})

test('parameters of variables are checked', () => {
  const start = '{{topic}}{{partition}}{{start_offset}}'
  const reasons = [
    '{{timestamp}}',
    '{{timestamp:unit=mm}}',
    '{{partition:padding=yes}}',
    '{{topic:padding=true}}',
    '{{partition:}}',
  ].map((variable) =>
    faults({ 'file.name.template': start + variable })[0]
      ?.split('file.name.template: ')
      .at(-1),
  )
  const supported =
    'unsupported set of template variables parameters, supported sets are: partition:padding=true|false,start_offset:padding=true|false,timestamp:unit=yyyy|MM|dd|HH'
  assert.deepEqual(reasons, [
    'parameter unit is required for the variable timestamp, supported values are: yyyy|MM|dd|HH',
    supported,
    supported,
    supported,
    'Wrong variable with parameter definition',
  ])
})

test('an object for each key holds one record', () => {
  const template = { 'file.name.template': '{{key}}' }
  assert.deepEqual(faults({ ...template, 'file.max.records': '1' }), [])
  assert.deepEqual(faults({ ...template, 'file.max.records': '2' }), [
    'file.max.records: When file.name.template is {{key}}, file.max.records must be either 1 or not set',
  ])
  assert.equal(faults({ ...template, 'aws.s3.prefix': 'a/' }).length, 1)
})

test('records without an envelope have exactly one field', () => {
  const bare = { 'format.output.envelope': 'false' }
  const message =
    'format.output.fields: When format.output.envelope is false, format.output.fields must contain only one field'
  assert.deepEqual(faults(bare), [message])
  assert.deepEqual(faults({ ...bare, 'format.output.fields': 'key,value' }), [message])
  assert.deepEqual(faults({ ...bare, 'format.output.fields': 'value' }), [])
})

test('credentials are complete', () => {
  const keys = (props: Props) => faults(props).map((text) => text.split(':')[0])
  assert.deepEqual(keys({ 'aws.access.key.id': 'AKIA' }), ['aws.secret.access.key'])
  assert.deepEqual(keys({ aws_secret_access_key: 'swordfish' }), ['aws.access.key.id'])
  assert.deepEqual(keys({ 'aws.access.key.id': 'AKIA', 'aws_secret_access_key': 'swordfish' }), [])
  assert.deepEqual(keys({ 'aws.sts.role.arn': 'arn:aws:iam::1:role/w' }), ['aws.sts.role.session.name'])
  const role = { 'aws.sts.role.arn': 'arn:aws:iam::1:role/w', 'aws.sts.role.session.name': 'shop' }
  assert.deepEqual(keys({ ...role, 'aws.sts.config.endpoint': 'https://sts.eu-west-1.amazonaws.com' }), [
    'aws.s3.region',
  ])
  assert.deepEqual(
    keys({
      'aws.credentials.provider': 'software.amazon.awssdk.services.sts.auth.StsAssumeRoleCredentialsProvider',
    }),
    ['aws.sts.role.arn'],
  )
})

test('single settings are refused with the messages of Aiven', () => {
  assert.equal(
    fault('file.compression.type', 'lz4'),
    "Invalid value lz4 for configuration file.compression.type: supported values are: 'none', 'gzip', 'snappy', 'zstd'",
  )
  assert.equal(
    fault('format.output.fields', ['value', 'topic']),
    "Invalid value [value, topic] for configuration format.output.fields: supported values are: 'key', 'value', 'offset', 'timestamp', 'headers'",
  )
  assert.equal(
    fault('format.output.type', 'xml'),
    "Invalid value xml for configuration format.output.type: Supported values are: 'avro', 'csv', 'json', 'jsonl', 'parquet'",
  )
  assert.match(fault('aws.s3.part.size.bytes', 0) ?? '', /Part size must be greater than 0$/)
  assert.match(fault('aws.s3.endpoint', 'not a url') ?? '', /should be valid URL$/)
  assert.match(
    fault('aws.credentials.provider', 'com.example.Vault') ?? '',
    /com\.example\.Vault is not supported/,
  )
  assert.match(fault('file.name.timestamp.timezone', 'Mars/Base') ?? '', /'Mars\/Base' is not recognised$/)
})

test('settings of earlier versions name their replacements', () => {
  const old = Object.entries<ConfigKey>(aivenSinkConfig).filter(([key]) => key.includes('_'))
  assert.equal(old.length, 8)
  for (const [key, { deprecated = '' }] of old) assert.ok(deprecated in aivenSinkConfig, key)
})
