import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseConfig } from '../../../../../java/index.ts'
import { aivenSourceConfig } from '../definition.ts'
import { aivenSourcePlan } from '../plan.ts'
import { validateAivenSource } from '../validation.ts'

const required = { 'aws.s3.bucket.name': 'shop', 'file.name.template': '.*', 'topic': 'all' }

const faultsOf = (props: Readonly<Record<string, string>>) =>
  validateAivenSource({ ...required, ...props }).map(({ key, message }) => `${key}: ${message}`)

test('the required settings suffice', () => {
  assert.deepEqual(faultsOf({}), [])
  assert.deepEqual(validateAivenSource({ 'aws_s3_bucket': 'b', 'file.name.template': '{{topic}}' }), [])
})

test('the template is required, and must give what other settings need', () => {
  assert.match(faultsOf({ 'file.name.template': '' })[0] ?? '', /must not be empty or not set/)
  assert.match(faultsOf({ 'file.name.template': '(' })[0] ?? '', /it is not a regular expression/)
  assert.match(faultsOf({ 'distribution.type': 'partition' })[0] ?? '', /requires \{\{partition\}\}/)
  assert.match(faultsOf({ topic: 'a b' })[0] ?? '', /Kafka rejects/)
  const withoutTopic = validateAivenSource({ 'aws.s3.bucket.name': 'b', 'file.name.template': '.*' })
  assert.match(withoutTopic[0]?.message ?? '', /topic is required/)
  assert.match(faultsOf({ 'aws.access.key.id': 'k' })[0] ?? '', /must be set together/)
})

test('the settings are those of a plan', () => {
  const created: string[] = []
  const reader = { read: () => (async function* () {})() }
  const planOf = (props: Readonly<Record<string, string>>) =>
    aivenSourcePlan(
      parseConfig(aivenSourceConfig, { ...required, ...props }),
      (format, compression) => {
        created.push(`${format} ${compression}`)
        return reader
      },
      (size, compression) => {
        created.push(`chunks of ${size} ${compression}`)
        return reader
      },
    )
  const plan = planOf({ 'aws.s3.prefix': 'in/', 'native.start.key': 'in/m', 'errors.tolerance': 'ALL' })
  assert.deepEqual([plan.roots, plan.startAfter, plan.onError], [['in/'], 'in/m', 'ignore'])
  assert.deepEqual(plan.keyOf?.('in/x'), { schema: null, value: Buffer.from('in/x') })
  planOf({ 'input.format': 'jsonl', 'file.compression.type': 'gzip' })
  planOf({ 'input.format': 'PARQUET' })
  assert.deepEqual(created, ['chunks of 4096 none', 'json gzip', 'parquet none'])
})
