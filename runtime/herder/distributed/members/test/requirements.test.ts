import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eligibleWorkers, noWorkerHas, placementOf, type KnownTraits } from '../requirements.ts'

const member = (id: string, zone: string | undefined, connectors?: readonly string[]): KnownTraits => ({
  id,
  tags: zone === undefined ? undefined : new Map([['zone', zone]]),
  connectors: connectors === undefined ? undefined : new Set(connectors),
})

/** The members that may run a connector `c` of class `C`. */
function mayRun(members: readonly KnownTraits[], placement?: string) {
  const config = {
    'connector.class': 'C',
    ...(placement === undefined ? {} : { 'headrace.placement': placement }),
  }
  const may = eligibleWorkers(members, () => config)('c')
  return may === undefined ? 'all' : [...may].join(' ')
}

test('a connector may run on the members with its tags and its class', () => {
  const members = [member('1', 'a', ['C']), member('2', 'a', []), member('3', 'b', ['C'])]
  assert.equal(mayRun(members, 'zone=a'), '1')
  assert.equal(mayRun(members), '1 3')
  assert.equal(mayRun(members, 'zone=c'), '')
})

test('a member whose connectors are not known counts as having all', () => {
  assert.equal(mayRun([member('1', 'a', []), member('2', 'a')]), '2')
})

test('a connector whose class no member has may run everywhere, where it fails with the reason', () => {
  assert.equal(mayRun([member('1', 'a', []), member('2', 'b', [])]), 'all')
  assert.equal(mayRun([member('1', 'a', []), member('2', 'b', ['C'])], 'zone=a'), '1')
})

test('placement has no effect while a member does not tell its tags', () => {
  assert.equal(mayRun([member('1', 'a'), member('java', undefined)], 'zone=a'), 'all')
})

test('connectors with the same requirements share a set', () => {
  const members = [member('1', 'a'), member('2', 'b')]
  const eligible = eligibleWorkers(members, () => ({
    'connector.class': 'C',
    'headrace.placement': 'zone=a',
  }))
  assert.equal(eligible('one'), eligible('two'))
})

test('a placement that is not valid counts as none', () => {
  assert.equal(placementOf({ 'headrace.placement': 'zone' }).size, 0)
  assert.deepEqual([...placementOf({ 'headrace.placement': ' zone=a , disk=ssd ' })], [['zone', 'a'], ['disk', 'ssd']]) // prettier-ignore
})

test('the reason names the tags that are missing, those that exist, and what to do', () => {
  assert.equal(
    noWorkerHas(new Map([['zone', 'c']]), [member('1', 'b'), member('2', 'a'), member('3', 'a')]),
    'No worker has the tags zone=c of headrace.placement: the workers have zone=a; zone=b. Start a worker with headrace.worker.tags=zone=c, or change headrace.placement.',
  )
  assert.match(noWorkerHas(new Map([['zone', 'c']]), [member('1', undefined)]), /: no worker has tags\./)
})
