import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConnectError, sourceRecord } from '../../../../../api/index.ts'
import type { RecordFailure } from '../../../../errors/index.ts'
import { ConverterWaits } from '../../../../pipeline/index.ts'
import { LookUps } from '../../../../task/test/task-parts.ts'
import { eventually } from '../../../../timing/test/gate.ts'
import { deadLetterBytes } from '../source-dead-letters.ts'

const place = { topic: 't', sourcePartition: null, sourceOffset: null }

function failure(key: string, value: string): RecordFailure {
  const record = sourceRecord({ ...place, key, value })
  return { stage: 'TRANSFORMATION', executingClass: 'Step', error: new Error('bad'), record }
}

const waits = new ConverterWaits((until) => until(new AbortController().signal))

test('a dead letter waits for converters that are not ready', async () => {
  const lookUps = new LookUps('k', 'v')
  const letter = deadLetterBytes(lookUps.converters, waits)(failure('k', 'v'))
  for (const [index, text] of ['k', 'k', 'v'].entries()) {
    await eventually(() => lookUps.asked[index] === text)
    lookUps.find(text)
  }
  const { key, value, headers } = await letter

  assert.deepEqual([key, value, headers], ['k', 'v', []])
})

test('a part of a dead letter whose converter does not become ready is written as JSON', async () => {
  const lookUps = new LookUps('v')
  const letter = deadLetterBytes(lookUps.converters, waits)(failure('k', 'v'))
  lookUps.break('v', new ConnectError('HR_DATA_INVALID', 'there is no v'))
  const { key, value, headers } = await letter

  assert.deepEqual([key, value], ['k', '"v"'])
  assert.deepEqual(headers, [{ key: '__headrace.errors.as.json', value: 'value' }])
})
