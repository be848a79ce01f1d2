import assert from 'node:assert/strict'
import { test } from 'node:test'
import { diagnosisText } from '../doctor-text.ts'

const finding = (id: string, severity: string, remedy: string | null = null) => ({
  id,
  severity,
  message: `About ${id}.`,
  remedy,
})

test('findings are grouped by severity, each with its remedy', () => {
  const findings = [
    finding('c', 'info'),
    finding('a', 'error', 'Do this.'),
    finding('b', 'warning'),
    finding('d', 'error'),
  ]
  const lines = [
    'orders: 2 errors, 1 warning, 1 note',
    'errors',
    '  a: About a.',
    '    Do this.',
    '  d: About d.',
    'warnings',
    '  b: About b.',
    'notes',
    '  c: About c.',
  ]
  assert.equal(diagnosisText({ name: 'orders', worker_id: 'w:1', findings }, false), lines.join('\n'))
})

test('without findings there is one line; text from other systems cannot control the terminal', () => {
  assert.equal(diagnosisText({ name: null, worker_id: 'w:1', findings: [] }, true), 'connector: no findings')
  const text = diagnosisText(
    { name: 'a', worker_id: 'w:1', findings: [finding('\u001b[2J', 'error')] },
    false,
  )
  assert.ok(!text.includes('\u001b'))
})
