import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Hosts } from '../hosts.ts'

function hostsAt(...names: string[]) {
  const clock = { now: 0 }
  const hosts = new Hosts(
    names.map((url) => ({ url, client: null })),
    () => clock.now,
  )
  const order = () => hosts.inOrder().map(({ url }) => url)
  const host = (name: string) => {
    const found = hosts.inOrder().find(({ url }) => url === name)
    assert.ok(found)
    return found
  }
  return { clock, hosts, order, host }
}

test('requests go to the hosts in turn', () => {
  const { order } = hostsAt('a', 'b', 'c')
  assert.deepEqual(
    [order(), order(), order(), order()].map(([first]) => first),
    ['a', 'b', 'c', 'a'],
  )
})

test('a host that failed is the last choice until its time is over, then one request looks whether it is back', () => {
  const { clock, hosts, order, host } = hostsAt('a', 'b')
  hosts.failed(host('a'))
  assert.deepEqual(
    [order(), order()].map((names) => names.at(-1)),
    ['a', 'a'],
  )

  clock.now = 1000
  assert.deepEqual(
    [order(), order(), order()].map(([first]) => first),
    ['a', 'b', 'b'],
  )
})

test('the time is doubled with each failure in a row, up to a minute, and forgotten after a response', () => {
  const { clock, hosts, order, host } = hostsAt('a', 'b')
  const a = host('a')
  const avoidedFor = () => {
    const start = clock.now
    while (order()[0] !== 'a') clock.now += 500
    return clock.now - start
  }
  const times = Array.from({ length: 8 }, () => {
    hosts.failed(a)
    return avoidedFor()
  })
  assert.deepEqual(times, [1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000])

  assert.equal(hosts.responded(a), true)
  assert.equal(hosts.responded(a), false)
  assert.equal(hosts.failed(a), true)
  assert.equal(avoidedFor(), 1000)
})

test('if all hosts have failed, the one that was seen last is tried first', () => {
  const { clock, hosts, order, host } = hostsAt('a', 'b')
  const [a, b] = [host('a'), host('b')]
  hosts.failed(a)
  hosts.failed(a)
  clock.now = 10
  hosts.failed(b)
  assert.deepEqual(
    [order(), order()],
    [
      ['b', 'a'],
      ['b', 'a'],
    ],
  )
})
