import assert from 'node:assert/strict'
import { test } from 'node:test'
import { TaskControl } from '../../../../task/index.ts'
import type { HerderMethods } from '../../../protocol.ts'
import type { Remote } from '../../../channel.ts'
import type { CallWatch } from '../../call-watch.ts'
import { admitted, boundaryOf, transactionalProps } from '../exactly-once.ts'

const id = { connector: 'c', task: 0 }
const watch = { during: (_name: string, call: () => Promise<unknown>) => call() } as CallWatch
const worker = { 'group.id': 'g', 'bootstrap.servers': 'kafka:9092', 'offset.flush.interval.ms': '7000' }

/** Takes the steps before the start of a task; `herder` may fail them. */
function start(herder: Partial<Remote<HerderMethods>>) {
  const steps: string[] = []
  const control = new TaskControl(false)
  const asked = {
    fence: async (connector: string) => {
      steps.push(`fence ${connector}`)
      await herder.fence?.(connector)
    },
    verifyTask: async (task: typeof id, generation: number) => {
      steps.push(`verify generation ${generation}`)
      await herder.verifyTask?.(task, generation)
    },
  } as Remote<HerderMethods>
  const result = admitted({ herder: asked }, { id, generation: 3, control, watch }, async () => {
    steps.push('init')
  })
  return { result, steps, control }
}

test('a task fences earlier ones, initializes its transactions, and is then verified', async () => {
  const { result, steps } = start({})
  assert.equal(await result, true)
  assert.deepEqual(steps, ['fence c', 'init', 'verify generation 3'])
})

test('a task does not initialize its transactions if earlier ones cannot be fenced', async () => {
  const cause = new RangeError('not authorized')
  const { result, steps } = start({ fence: () => Promise.reject(cause) })
  await assert.rejects(result, { message: 'Failed to perform round of zombie fencing', cause })
  assert.deepEqual(steps, ['fence c'])
})

test('a task that is not wanted any more does not start', async () => {
  const { result } = start({ verifyTask: () => Promise.reject(new RangeError('revoked')) })
  await assert.rejects(result, { message: 'revoked' })
})

test('a task that is stopped while it waits for its leader ends without an error', async () => {
  const { result, control, steps } = start({ fence: () => new Promise(() => {}) })
  control.stopSoftly()
  assert.equal(await result, false)
  assert.deepEqual(steps, ['fence c'])
})

test('the producer of a task is idempotent and has its transactional id, and other values cause a warning', () => {
  const warnings: string[] = []
  const warn = (warning: string) => void warnings.push(warning)
  const props = transactionalProps(
    worker,
    { 'producer.override.transactional.id': 'own', 'producer.override.linger.ms': '5' },
    id,
    'g-c-0',
    warn,
  )
  assert.deepEqual(
    [props['transactional.id'], props['enable.idempotence'], props['linger.ms']],
    ['g-c-0', 'true', '5'],
  )
  assert.equal(warnings.length, 1)
  assert.match(warnings[0] ?? '', /^The value 'own' for the 'transactional\.id' property will be ignored/)
})

test('boundaries follow the settings, and the interval is that of offset commits by default', () => {
  const times = { begunAt: 1000, sentAt: 1000, lastCommitMs: 0 }
  const dueAt = (props: Record<string, string>) => boundaryOf(worker, props).boundary.dueAt(times)
  assert.equal(dueAt({}), 1002)
  assert.equal(dueAt({ 'transaction.boundary': 'INTERVAL' }), 8000)
  assert.equal(dueAt({ 'transaction.boundary': 'interval', 'transaction.boundary.interval.ms': '5' }), 1005)
  assert.equal(dueAt({ 'transaction.boundary': 'connector' }), Infinity)
  assert.equal(boundaryOf(worker, {}).requests, undefined)
  assert.notEqual(boundaryOf(worker, { 'transaction.boundary': 'connector' }).requests, undefined)
})
