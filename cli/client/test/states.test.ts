import assert from 'node:assert/strict'
import { test } from 'node:test'
import { connectorTable, statusTable, type ConnectorStatus } from '../states.ts'

const trace = 'java.lang.Exception: no\u001b[2J file\n\tat A.b(A.java:1)\nCaused by: x'
const statuses: ConnectorStatus[] = [
  {
    name: 'orders',
    type: 'source',
    connector: { state: 'RUNNING', worker_id: 'h:8083' },
    tasks: [
      { id: 0, state: 'RUNNING', worker_id: 'h:8083' },
      { id: 1, state: 'FAILED', worker_id: 'h:8084', trace },
    ],
  },
  { name: 'a', type: 'sink', connector: { state: 'STOPPED', worker_id: 'h:8083' }, tasks: [] },
]

test('each connector is a line, with the first line of a trace', () => {
  assert.deepEqual(connectorTable(statuses, false).split('\n'), [
    'CONNECTOR  TYPE    STATE    TASKS                WORKER  ERROR',
    'orders     source  RUNNING  1 running, 1 failed  h:8083  java.lang.Exception: no [2J file',
    'a          sink    STOPPED  none                 h:8083',
  ])
})

test('each task is a line below its connector', () => {
  assert.deepEqual(statusTable(statuses, false).split('\n'), [
    'CONNECTOR  TYPE    STATE    WORKER  ERROR',
    'orders     source  RUNNING  h:8083',
    '  task 0           RUNNING  h:8083',
    '  task 1           FAILED   h:8084  java.lang.Exception: no [2J file',
    'a          sink    STOPPED  h:8083',
  ])
})

test('states have colours on a terminal, and columns stay aligned', () => {
  const lines = statusTable(statuses, true).split('\n')
  assert.ok(lines[1]?.includes('\u001b[32mRUNNING\u001b[39m'))
  assert.deepEqual(
    lines.map((line) => line.replaceAll(/\u001b\[\d+m/g, '').trimEnd()),
    statusTable(statuses, false).split('\n'),
  )
})
