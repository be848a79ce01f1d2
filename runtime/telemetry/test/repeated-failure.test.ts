import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LogFields } from '../../../api/index.ts'
import { silentLogger } from '../logger.ts'
import { RepeatedFailure } from '../repeated-failure.ts'

test('the first failure is logged immediately, later ones once per minute with their count', (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: 1_000_000 })
  const lines: unknown[] = []
  const error = (message: string, { reason, failures }: LogFields = {}) =>
    void lines.push([message, reason, failures])
  const repeated = new RepeatedFailure({ ...silentLogger, error }, 'delivered() failed')
  const failEachSecond = (seconds: number) => {
    for (let second = 0; second < seconds; second++) {
      repeated.failed(new RangeError(`no ${second}`))
      t.mock.timers.tick(1000)
    }
  }
  failEachSecond(60)
  assert.deepEqual(lines.splice(0), [['delivered() failed', 'no 0', undefined]])
  failEachSecond(61)
  assert.deepEqual(lines.splice(0), [
    ['delivered() failed', 'no 0', 60],
    ['delivered() failed', 'no 60', 60],
  ])
  t.mock.timers.tick(600_000)
  assert.deepEqual(lines, [])
})
