import assert from 'node:assert/strict'
import { test } from 'node:test'
import { connectorTable, readBlocked, statusTable, traceText, type ConnectorStatus } from '../states.ts'
import type { WorkerApi } from '../worker-api.ts'

const trace =
  'java.lang.Exception: no\u001b[2J file\n\tat A.b(A.java:1)\nCaused by: java.io.IOException: so\u001b[2J full'
const statuses: ConnectorStatus[] = [
  {
    name: 'orders',
    type: 'source',
    connector: { state: 'RUNNING', worker_id: 'h:8083' },
    tasks: [
      { id: 0, state: 'RUNNING', worker_id: 'h:8083' },
      { id: 1, state: 'FAILED', worker_id: 'h:80\u001b84', trace },
    ],
  },
  { name: 'a', type: 'sink', connector: { state: 'STOPPED', worker_id: 'h:8083' }, tasks: [] },
]

test('the connector table has one line per connector, with the root cause of a failure', () => {
  assert.deepEqual(connectorTable(statuses, false).split('\n'), [
    'CONNECTOR  TYPE    STATE    TASKS                WORKER  ERROR',
    'orders     source  RUNNING  1 running, 1 failed  h:8083  java.io.IOException: so [2J full',
    'a          sink    STOPPED  none                 h:8083',
    '',
    'headrace status orders --trace shows the full trace',
  ])
})

test('the status table lists tasks below their connector', () => {
  assert.deepEqual(statusTable(statuses, false).split('\n'), [
    'CONNECTOR  TYPE    STATE    WORKER   ERROR',
    'orders     source  RUNNING  h:8083',
    '  task 0           RUNNING  h:8083',
    '  task 1           FAILED   h:80 84  java.io.IOException: so [2J full',
    'a          sink    STOPPED  h:8083',
    '',
    'headrace status orders --trace shows the full trace',
  ])
})

test('states have colours on a terminal and columns stay aligned', () => {
  const lines = statusTable(statuses, true).split('\n')
  assert.ok(lines[1]?.includes('\u001b[32mRUNNING\u001b[39m'))
  assert.deepEqual(
    lines.map((line) => line.replaceAll(/\u001b\[\d+m/g, '').trimEnd()),
    statusTable(statuses, false).split('\n'),
  )
})

test('the full trace of each failure is printed line by line', () => {
  assert.deepEqual(traceText(statuses).split('\n'), [
    'orders: task 1 failed on h:80 84',
    '  java.lang.Exception: no [2J file',
    '    at A.b(A.java:1)',
    '  Caused by: java.io.IOException: so [2J full',
  ])
  assert.equal(traceText(statuses.slice(1)), 'nothing has failed')
})

test('the status table says why a connector or a task is blocked, and says it once', async () => {
  const since = Date.parse('2026-01-01T00:00:00Z')
  const stuck = { since, reason: 'start() has not returned' }
  const cut = { since, reason: 'cannot reach Kafka' }
  const progress = {
    a: { blocked: stuck, tasks: [] },
    orders: {
      blocked: cut,
      tasks: [
        { task: 0, blocked: cut },
        { task: 1, blocked: null },
      ],
    },
  }
  const api = { request: async () => progress } as unknown as WorkerApi
  const text = statusTable(statuses, false, await readBlocked(api))
  assert.match(text, /^a .* blocked since 2026-01-01T00:00:00.000Z: start\(\) has not returned$/m)
  assert.match(text, /^ {2}task 0 .* blocked since 2026-01-01T00:00:00.000Z: cannot reach Kafka$/m)
  assert.equal(text.split('blocked since').length, 3)
})
