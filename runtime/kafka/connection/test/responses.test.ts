import assert from 'node:assert/strict'
import { test } from 'node:test'
import { collectResponses } from '../responses.ts'

/** Returns the bytes that a broker sends: each string with a length prefix. */
const sent = (...texts: readonly string[]): Buffer =>
  Buffer.concat(
    texts.map((text) => {
      const answer = Buffer.alloc(4 + text.length)
      answer.writeInt32BE(text.length)
      answer.write(text, 4)
      return answer
    }),
  )

/** Reads `bytes` like a socket, at most `step` at a time. Yields after each chunk; returns the collected responses. */
function* reading(bytes: Buffer, step: number): Generator<void, Buffer[]> {
  const answers: Buffer[] = []
  const { buffer, callback } = collectResponses((answer) => void answers.push(answer))
  assert.ok(typeof buffer === 'function')
  for (let at = 0; at < bytes.length;) {
    const room = Buffer.from(buffer().buffer, buffer().byteOffset, Math.min(step, buffer().byteLength))
    assert.ok(room.length > 0)
    const count = bytes.copy(room, 0, at)
    at += count
    callback(count, room)
    yield
  }
  return answers
}

/** Reads from several sockets by turns. Returns the responses of each. */
function readByTurns(sockets: readonly { readonly bytes: Buffer; readonly step: number }[]): Buffer[][] {
  const readers = sockets.map(({ bytes, step }) => reading(bytes, step))
  const answers: Buffer[][] = readers.map(() => [])
  const open = new Set(readers.keys())
  while (open.size > 0) {
    for (const index of open) {
      const next = readers[index]?.next()
      if (next?.done !== true) continue
      answers[index] = next.value
      open.delete(index)
    }
  }
  return answers
}

const read = (bytes: Buffer, step: number): Buffer[] => readByTurns([{ bytes, step }])[0] ?? []

const texts = [
  '',
  'a',
  'bc'.repeat(10),
  'd'.repeat(100_000),
  'e',
  'f'.repeat(16 * 1024 - 4),
  'g'.repeat(16 * 1024),
]

test('responses are passed on whole and one by one, regardless of how they are split', () => {
  for (const step of [1, 2, 3, 5, 1000, 16 * 1024, 1_000_000])
    assert.deepEqual(
      read(sent(...texts), step).map((answer) => answer.toString()),
      texts.map((text) => sent(text).toString()),
      `${step} bytes at a time`,
    )
})

test('sockets that read by turns get their own responses', () => {
  const steps = [1, 2, 3, 5, 7, 1000, 16 * 1024]
  const own = (index: number) => texts.map((text) => `${index}${text.slice(0, 20_000)}`)
  const sockets = steps.map((step, index) => ({ bytes: sent(...own(index)), step }))
  for (const [index, answers] of readByTurns(sockets).entries())
    assert.deepEqual(
      answers.map((answer) => answer.toString()),
      own(index).map((text) => sent(text).toString()),
      `${steps[index]} bytes at a time`,
    )
})

test('a response is not changed by later ones', () => {
  const [first] = read(sent('a', 'b'.repeat(50), 'c'.repeat(20_000)), 7)
  assert.deepEqual(first, sent('a'))
})

test('data that is not a valid response is passed on unchanged', () => {
  const noise = Buffer.from([0xff, 0xfe, 0, 1, 2, 3])
  assert.deepEqual(read(noise, 100), [noise])
})
