import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { ShutdownWatch } from '../shutdown-watch.ts'

function watching(t: TestContext): {
  watch: ShutdownWatch
  log: string[]
  /** A server that asks again as soon as it has an answer, for so long. */
  askAfterEachAnswer(ms: number): void
  pass(ms: number): void
} {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  let now = 0
  let asked = 0
  const log: string[] = []
  const watch = new ShutdownWatch(
    {
      reply: () => {
        log.push(`reply ${now}`)
        watch.replied()
      },
      expired: () => log.push(`expired ${now}`),
    },
    () => now,
  )
  const pass = (ms: number) => {
    now += ms
    t.mock.timers.tick(ms)
  }
  return {
    watch,
    log,
    pass,
    askAfterEachAnswer(ms) {
      for (const end = now + ms; now < end && !log.at(-1)?.startsWith('expired'); pass(1)) {
        if (log.length < asked) continue
        asked++
        watch.replyRequested()
      }
    },
  }
}

test('the first request is answered at once', (t) => {
  const { watch, log } = watching(t)
  watch.replyRequested()
  assert.deepEqual(log, ['reply 0'])
})

test('a server that asks again and again is answered ten times a second, and given up after three seconds', (t) => {
  const { log, askAfterEachAnswer } = watching(t)
  askAfterEachAnswer(1000)
  assert.ok(log.length >= 9 && log.length <= 11, `${log.length} answers`)
  askAfterEachAnswer(5000)
  assert.match(log.at(-1) ?? '', /^expired 3\d\d\d$/)
})

test('a server that sends data is not shutting down', (t) => {
  const { watch, log, askAfterEachAnswer } = watching(t)
  for (let round = 0; round < 4; round++) {
    askAfterEachAnswer(2500)
    watch.dataCame()
  }
  assert.ok(!log.some((line) => line.startsWith('expired')))
})

test('a server that asks once in a while is not shutting down', (t) => {
  const { watch, log, pass } = watching(t)
  for (let request = 0; request < 30; request++) {
    watch.replyRequested()
    pass(1500)
  }
  assert.equal(log.length, 30)
  assert.ok(log.every((line) => line.startsWith('reply')))
})

test('another status update makes a delayed answer unnecessary', (t) => {
  const { watch, log, pass } = watching(t)
  watch.replyRequested()
  watch.replyRequested()
  watch.replied()
  pass(500)
  assert.deepEqual(log, ['reply 0'])
})
