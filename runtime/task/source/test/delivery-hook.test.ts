import assert from 'node:assert/strict'
import { test } from 'node:test'
import { silentLogger } from '../../../telemetry/index.ts'
import { DeliveryHook } from '../delivery-hook.ts'

test('a hook that fails for each batch is called for all of them, and logged once', async () => {
  let calls = 0
  let errors = 0
  const fail = async () => {
    calls++
    throw new RangeError('no place')
  }
  const hook = new DeliveryHook(fail, { ...silentLogger, error: () => void errors++ })
  for (let batch = 0; batch < 3; batch++) {
    hook.add([])
    hook.add([{}] as unknown as Parameters<DeliveryHook['add']>[0])
    await hook.caughtUp(1000, new AbortController().signal)
  }
  assert.deepEqual([calls, errors], [3, 1])
})
