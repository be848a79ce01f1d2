import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gate, settle } from '../../../timing/test/gate.ts'
import { FailureExplanations } from '../failure-explanations.ts'

function open() {
  const known = gate<string>()
  const reported: string[] = []
  const explanations = new FailureExplanations((name) => (name === 'c' ? known.opened : undefined))
  const fail = (connector: string) =>
    explanations.failed(`task ${connector}`, connector, (text) => reported.push(text))
  return { known, reported, explanations, fail }
}

test('a failure is explained when the explanation is known', async () => {
  const { known, reported, fail } = open()
  fail('c')
  fail('other')
  known.open('it lacks the class')
  await settle()
  assert.deepEqual(reported, ['it lacks the class'])
})

test('an instance that has been started or stopped since is not reported as failed', async () => {
  const { known, reported, explanations, fail } = open()
  fail('c')
  explanations.over('task c')
  known.open('too late')
  await settle()
  assert.deepEqual(reported, [])
})

test('of two failures, the last one is explained', async () => {
  const { known, reported, fail } = open()
  fail('c')
  fail('c')
  known.open('once')
  await settle()
  assert.deepEqual(reported, ['once'])
})

test('an explanation that cannot be found leaves the failure as it is', async () => {
  const { known, reported, fail } = open()
  fail('c')
  known.break(new Error('no group'))
  await settle()
  assert.deepEqual(reported, [])
})
