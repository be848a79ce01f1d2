import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { LastEvent, Position } from '../position.ts'
import { ResumePoint } from '../resume.ts'

const event = (init: Partial<LastEvent> = {}): LastEvent => ({
  lsn: 130,
  count: 1,
  txId: 7,
  type: 'INSERT',
  ...init,
})
const at = (last: LastEvent | undefined, lsnCommit: number | null = 100): Position => ({
  lsnCommit,
  last,
  snapshotLsn: null,
})

describe('a stream continues', () => {
  test('at the end of the last complete transaction', () => {
    assert.equal(new ResumePoint(at(event())).startLsn, 100)
    assert.equal(new ResumePoint({ lsnCommit: null, last: undefined, snapshotLsn: 50 }).startLsn, 50)
    assert.equal(new ResumePoint(at(event(), null)).startLsn, 0)
  })

  test('after the last event of the interrupted transaction', () => {
    const resume = new ResumePoint(at(event()))
    assert.deepEqual(resume.begin(7, 200), { heldAreNew: false, begunBefore: true })
    assert.deepEqual(
      [110, 130, 140, 150].map((lsn) => resume.change(lsn)),
      ['skip', 'skip', 'pass', 'pass'],
    )
    assert.ok(resume.done)
  })

  test('between events that share an LSN', () => {
    const resume = new ResumePoint(at(event({ count: 2 })))
    resume.begin(7, 200)
    assert.deepEqual(
      [130, 130, 130, 140].map((lsn) => resume.change(lsn)),
      ['skip', 'skip', 'pass', 'pass'],
    )
  })

  test('after a transaction that was passed on completely', () => {
    const resume = new ResumePoint(at(event()))
    resume.begin(7, 200)
    assert.equal(resume.change(130), 'skip')
    resume.commit()
    assert.deepEqual(resume.begin(8, 300), { heldAreNew: true, begunBefore: false })
    assert.equal(resume.change(120), 'pass') // began before the position, committed after it
  })

  test('with the first event of a transaction that directly follows the last one', () => {
    const resume = new ResumePoint(at(event({ lsn: 100 })))
    resume.begin(7, 200)
    assert.deepEqual(
      [100, 110].map((lsn) => resume.change(lsn)),
      ['skip', 'pass'],
    )
  })

  test('with all events after a commit', () => {
    const resume = new ResumePoint(at(event({ type: 'COMMIT', lsn: 100 })))
    assert.ok(resume.done)
    assert.equal(resume.change(90), 'pass')
  })

  test('with the first event if only the beginning of the transaction was passed on', () => {
    const resume = new ResumePoint(at(event({ type: 'BEGIN' })))
    assert.ok(resume.begin(7, 200).begunBefore)
    assert.equal(resume.change(130), 'pass')
  })
})

describe('a transaction before the interrupted one', () => {
  test('is new if an earlier commit is known', () => {
    const resume = new ResumePoint(at(event()))
    assert.deepEqual(resume.begin(6, 120), { heldAreNew: true, begunBefore: false })
    assert.equal(resume.change(110), 'pass')
  })

  test('is part of the snapshot if no commit is known', () => {
    const resume = new ResumePoint(at(event(), null))
    resume.begin(6, 120)
    assert.ok(resume.skipsTransaction)
    assert.equal(resume.change(110), 'skip')
    resume.commit()
    assert.ok(!resume.skipsTransaction)
    resume.begin(7, 200)
    assert.deepEqual(
      [130, 140].map((lsn) => resume.change(lsn)),
      ['skip', 'pass'],
    )
  })
})

describe('a message outside of transactions', () => {
  test('is held until it is known whether the interrupted transaction follows', () => {
    const resume = new ResumePoint(at(event()))
    assert.equal(resume.message(105), 'hold')
    assert.ok(!resume.begin(7, 200).heldAreNew)
    assert.equal(resume.message(210), 'pass')
  })

  test('is new if another transaction follows', () => {
    const resume = new ResumePoint(at(event()))
    assert.equal(resume.message(105), 'hold')
    assert.ok(resume.begin(9, 300).heldAreNew)
  })

  test('is skipped up to the last one that was passed on', () => {
    const resume = new ResumePoint(at(event({ type: 'MESSAGE', txId: null, count: 2 })))
    assert.deepEqual(
      [120, 130, 130, 130].map((lsn) => resume.message(lsn)),
      ['skip', 'skip', 'skip', 'pass'],
    )
  })
})
