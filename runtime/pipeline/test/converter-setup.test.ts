import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Converter, ConverterContext, ConverterRole } from '../../../api/index.ts'
import { PluginRegistry } from '../../plugins/index.ts'
import { silentLogger } from '../../telemetry/index.ts'
import { eventually } from '../../timing/test/gate.ts'
import { withConverters } from '../converter-setup.ts'

interface Init {
  readonly close?: () => void | Promise<void>
  readonly create?: (role: ConverterRole) => void
}

/** The converters of a task; `calls` records the order in which they are created, aborted and closed. */
function converters({ close, create }: Init = {}) {
  const calls: string[] = []
  const lines: string[] = []
  const stop = new AbortController()
  const converter: Converter = {
    kind: 'converter',
    name: 'Registry',
    version: '1',
    roles: ['key', 'value', 'header'],
    config: {},
    create: (_config, role, { signal }: ConverterContext) => {
      create?.(role)
      calls.push(`create ${role}`)
      signal.addEventListener('abort', () => calls.push(`abort ${role}`))
      return {
        fromConnect: () => null,
        toConnect: () => ({ schema: null, value: null }),
        fromConnectHeader: () => null,
        toConnectHeader: () => ({ schema: null, value: null }),
        close: () => {
          calls.push(`close ${role}`)
          return close?.()
        },
      }
    },
  }
  const registry = new PluginRegistry()
  registry.add({ converters: [converter] }, 'test')
  const names = { 'key.converter': 'Registry', 'value.converter': 'Registry', 'header.converter': 'Registry' }
  const owner = {
    registry,
    worker: names,
    connectorProps: {},
    loggerOf: (name: string) => ({
      ...silentLogger,
      warn: (message: string) => lines.push(`${name}: ${message}`),
    }),
    stop: stop.signal,
  }
  return { owner, calls, lines, stop }
}

const ended = ['key', 'value', 'header'].map((role) => `abort ${role}`)
const closed = ['key', 'value', 'header'].map((role) => `close ${role}`)

test('each converter is closed once, after its signal is aborted', async () => {
  const { owner, calls } = converters()
  await withConverters(owner, async ({ key }) => void calls.push(`use ${key.className}`))

  assert.deepEqual(calls.slice(3), ['use Registry', ...ended, ...closed])
})

test('converters are closed after a failure of the task', async () => {
  const { owner, calls } = converters()
  await assert.rejects(
    withConverters(owner, () => Promise.reject(new Error('the task failed'))),
    { message: 'the task failed' },
  )

  assert.deepEqual(calls.slice(-3), closed)
})

test('a converter that cannot be created closes those before it', async () => {
  const create = (role: ConverterRole) => {
    if (role === 'value') throw new Error('no registry')
  }
  const { owner, calls } = converters({ create })
  await assert.rejects(
    withConverters(owner, async () => {}),
    { message: 'no registry' },
  )

  assert.deepEqual(calls, ['create key', 'abort key', 'close key'])
})

test('a task that is abandoned aborts the signal of its converters, although its code still runs', async () => {
  const { owner, calls, stop } = converters()
  void withConverters(owner, () => new Promise(() => {}))
  stop.abort()

  assert.deepEqual(calls.slice(3), ended)
})

test('an error while closing a converter is logged', async () => {
  const close = () => Promise.reject(new Error('already closed'))
  const { owner, lines } = converters({ close })
  await withConverters(owner, async () => {})

  assert.equal(lines.length, 3)
  assert.equal(lines[0], 'Registry: an error occurred while closing the converter')
})

test('a converter that is not closed in time does not hold up the task', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const { owner, calls, lines } = converters({ close: () => new Promise(() => {}) })
  const ending = withConverters(owner, async () => {})
  await eventually(() => calls.includes('close header'))
  t.mock.timers.tick(5000)
  await ending

  assert.equal(lines[0], 'Registry: the converter was not closed in time')
})
