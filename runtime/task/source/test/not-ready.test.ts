import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConnectError } from '../../../../api/index.ts'
import { Serializer } from '../../../pipeline/index.ts'
import { eventually } from '../../../timing/test/gate.ts'
import { LookUps } from '../../test/task-parts.ts'
import { batch, startSource } from './start-source.ts'

const five = () => [batch(['a', 'b', 'c', 'd', 'e'])]
const valuesIn = ({ producer }: ReturnType<typeof startSource>) =>
  producer.written.map((text) => text.slice('out:'.length))
const broken = new ConnectError('HR_DATA_INVALID', 'there is no c')

test('a batch waits at a record whose converter is not ready, and keeps its order', async (t) => {
  const lookUps = new LookUps('c')
  const source = startSource(t, { batches: five(), serializer: new Serializer(lookUps.converters) })
  await eventually(() => lookUps.asked.length > 0)
  assert.deepEqual(valuesIn(source), ['a', 'b'])
  lookUps.find('c')
  await eventually(() => valuesIn(source).length === 5)

  assert.deepEqual(valuesIn(source), ['a', 'b', 'c', 'd', 'e'])
  const { totalRecordFailures, totalRetries } = source.metrics.errors
  assert.deepEqual([source.reported, totalRecordFailures, totalRetries], [[], 0, 0])
})

test('a failed lookup fails its record, and without tolerance the task', async (t) => {
  const lookUps = new LookUps('c')
  const source = startSource(t, { batches: five(), serializer: new Serializer(lookUps.converters) })
  await eventually(() => lookUps.asked.length > 0)
  lookUps.break('c', broken)

  await assert.rejects(source.ended, { message: 'Tolerance exceeded in error handler', cause: broken })
  assert.deepEqual(valuesIn(source), ['a', 'b'])
})

test('with tolerance, the record of a failed lookup is skipped and reported', async (t) => {
  const lookUps = new LookUps('c')
  const serializer = new Serializer(lookUps.converters)
  const source = startSource(t, { batches: five(), serializer, tolerance: 'all' })
  await eventually(() => lookUps.asked.length > 0)
  lookUps.break('c', broken)
  await eventually(() => valuesIn(source).length === 4)

  assert.deepEqual(valuesIn(source), ['a', 'b', 'd', 'e'])
  assert.deepEqual(source.reported, [['VALUE_CONVERTER', 'c']])
})

for (const tolerance of ['none', 'all'] as const) {
  test(`a stop ends the wait; the record is neither skipped nor reported with tolerance ${tolerance}`, async (t) => {
    const lookUps = new LookUps('c')
    const serializer = new Serializer(lookUps.converters)
    const source = startSource(t, { batches: five(), serializer, tolerance })
    await eventually(() => lookUps.asked.length > 0)
    const stopping = source.stop()
    await stopping

    assert.deepEqual([source.stored, source.reported], [[2], []])
  })
}

test('a failure of the task ends the wait', async (t) => {
  const lookUps = new LookUps('c')
  const source = startSource(t, { batches: five(), serializer: new Serializer(lookUps.converters) })
  await eventually(() => lookUps.asked.length > 0)
  source.context.fail(new Error('connection lost'))

  await assert.rejects(source.ended, { message: 'connection lost' })
})

test('a pause takes effect during the wait; the record is converted after the task is resumed', async (t) => {
  const lookUps = new LookUps('c')
  const source = startSource(t, { batches: five(), serializer: new Serializer(lookUps.converters) })
  await eventually(() => lookUps.asked.length > 0)
  source.control.setPaused(true)
  await eventually(() => source.journal.states.at(-1) === 'paused')
  lookUps.find('c')
  assert.deepEqual(valuesIn(source), ['a', 'b'])
  source.control.setPaused(false)
  await eventually(() => valuesIn(source).length === 5)

  assert.deepEqual(source.journal.states, ['running', 'paused', 'running'])
  assert.deepEqual(valuesIn(source), ['a', 'b', 'c', 'd', 'e'])
})

test('a record may wait for its header, its key and its value', async (t) => {
  const lookUps = new LookUps('h', 'k', 'v')
  const [record] = batch(['v'])
  const headers = [{ key: 'name', schema: null, value: 'h' }]
  const batches = [[{ ...record!, key: 'k', headers }]]
  const source = startSource(t, { batches, serializer: new Serializer(lookUps.converters) })
  for (const [index, text] of ['h', 'k', 'v'].entries()) {
    await eventually(() => lookUps.asked[index] === text)
    lookUps.find(text)
  }
  await eventually(() => valuesIn(source).length === 1)

  assert.deepEqual(lookUps.asked, ['h', 'k', 'v'])
})
