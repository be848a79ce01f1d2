import { test } from 'node:test'
import { waited } from '../waited.ts'

test('a wait ends after its time', async (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] })
  const wait = waited(500, new AbortController().signal)
  context.mock.timers.tick(500)
  await wait
})

test('a wait ends when its signal is aborted, and does not begin afterwards', async () => {
  const stop = new AbortController()
  const wait = waited(1e6, stop.signal)
  stop.abort()
  await wait
  await waited(1e6, stop.signal)
})
