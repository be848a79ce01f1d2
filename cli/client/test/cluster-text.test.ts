import assert from 'node:assert/strict'
import { test } from 'node:test'
import { clusterText, type Cluster } from '../cluster-text.ts'

const cluster: Cluster = {
  group: 'g',
  state: 'Stable',
  protocol: 'headrace',
  leader: 'http://a:1/',
  members: [
    {
      url: 'http://a:1/',
      kind: 'headrace',
      version: '1.0.0',
      tags: ['zone=a'],
      leads: true,
      runs: [{ connector: 'orders', task: null }, { connector: 'orders', task: 0 }], // prettier-ignore
      config_lag: 0,
      last_contact: 9500,
    },
    {
      url: 'http://b:1/',
      kind: null,
      version: null,
      tags: [],
      leads: false,
      runs: [{ connector: 'orders', task: 1 }],
      config_lag: null,
      last_contact: null,
    },
  ],
  unassigned: [
    { connector: 'late', task: null, reason: 'It waits.', until: 12_000 },
    { connector: 'late', task: 0, reason: 'No worker.', until: null },
  ],
  misplaced: [{ connector: 'orders', task: 1, reason: 'It lacks the class.', url: 'http://b:1/' }],
  notes: ['No response from http://b:1/'],
}

test('the text shows the workers, what each runs, what is not assigned and until when, and notes', () => {
  assert.equal(
    clusterText(cluster, 10_000, false),
    `group g  Stable  protocol headrace  leader http://a:1/

WORKER         KIND      VERSION  TAGS    CONNECTORS  TASKS  LAG  CONTACT
http://a:1/ *  headrace  1.0.0    zone=a  1           1      0    0.5 s ago
http://b:1/    ?         ?                0           1      ?    ?

CONNECTOR  RUNS               WORKER
orders     connector, task 0  http://a:1/
orders     task 1             http://b:1/

NOT ASSIGNED    REASON
late connector  It waits. It is assigned in 2.0 s at the latest.
late task 0     No worker.

MISPLACED      REASON
orders task 1  http://b:1/: It lacks the class.

note: No response from http://b:1/`,
  )
})

test('during a rebalance, only what is known is shown', () => {
  const empty = { members: [], unassigned: [], misplaced: [], protocol: null, leader: null, notes: ['later'] }
  assert.equal(
    clusterText({ ...cluster, ...empty, state: 'PreparingRebalance' }, 0, false),
    'group g  PreparingRebalance  protocol ?  leader ?\n\nnote: later',
  )
})

test('control characters of other workers do not reach the terminal', () => {
  const text = clusterText({ ...cluster, notes: ['\u001b[2J'] }, 0, false)
  assert.ok(!text.includes('\u001b'))
})
