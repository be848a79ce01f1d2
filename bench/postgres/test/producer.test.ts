import assert from 'node:assert/strict'
import { test } from 'node:test'
import { producerRate } from '../producer.ts'

test('the rate is that of the last line, after the warm-up', () => {
  const output = [
    '4922 records sent, 978.7 records/sec (0.65 MB/sec), 4177.8 ms avg latency, 5949.0 ms max latency.',
    '40000 records sent, 847.457627 records/sec (0.57 MB/sec), 654.12 ms avg latency, 2450.00 ms max latency, 670 ms 50th.',
    '20000 steady state records sent, 1074.056173 records/sec (0.72 MB/sec), 7780.38 ms avg latency, 12609.00 ms max latency, 8016 ms 50th.',
  ]
  assert.equal(producerRate(output.join('\n')), 1074.056173)
})

test('a decimal comma is understood, because the tool formats numbers for the locale', () => {
  assert.equal(producerRate('10 records sent, 54975,3 records/sec (5,24 MB/sec)'), 54_975.3)
})

test('an output without a rate is an error that shows it', () => {
  assert.throws(() => producerRate('Error: no broker'), /no rate: Error: no broker/)
})
