import assert from 'node:assert/strict'
import { test } from 'node:test'
import { INT32, struct } from '../../../../../api/index.ts'
import { envelopeSchema, transactionBlockSchema } from '../envelope.ts'

const value = struct({ id: INT32 }, { name: 'a-b.public.t.Value', optional: true })

test('the envelope is named after the topic, and has the value twice', () => {
  const envelope = envelopeSchema('a-b.public.t', value, 'none')
  assert.deepEqual([envelope.name, envelope.version, envelope.optional], ['a-b.public.t.Envelope', 2, false])
  assert.equal(envelope.field('before')?.schema, value)
  assert.equal(envelope.field('after')?.schema, value)
  assert.equal(envelope.field('transaction')?.schema, transactionBlockSchema)
})

test('its name is adjusted like the others', () => {
  assert.equal(envelopeSchema('a-b.public.t', value, 'avro').name, 'a_b.public.t.Envelope')
})

test('the place in the transaction is an optional struct', () => {
  const { name, version, optional, fields } = transactionBlockSchema
  assert.deepEqual([name, version, optional], ['event.block', 1, true])
  assert.deepEqual(
    fields.map((field) => field.name),
    ['id', 'total_order', 'data_collection_order'],
  )
})
