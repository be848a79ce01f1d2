import assert from 'node:assert/strict'
import { test } from 'node:test'
import { diagnoseObjects } from '../diagnosis.ts'
import { FakeBucket } from './fake-bucket.ts'
import { plan } from './fake-source.ts'

const diagnose = (bucket: FakeBucket) => diagnoseObjects(plan(), bucket, AbortSignal.timeout(10_000))

test('a prefix with objects to be read has no finding', async () => {
  const bucket = new FakeBucket()
  bucket.put('topics/other.txt', ['x'])
  bucket.put('topics/t/p/t+0+0000000000.json', ['x'])
  assert.deepEqual(await diagnose(bucket), [])
})

test('a prefix without objects is reported', async () => {
  const findings = await diagnose(new FakeBucket())
  assert.deepEqual(
    findings.map(({ id, severity }) => [id, severity]),
    [['no-objects', 'warning']],
  )
  assert.match(findings[0]?.message ?? '', /no objects in bucket b below topics\//)
})

test('a prefix with other objects only is reported with an example', async () => {
  const bucket = new FakeBucket()
  bucket.put('topics/other.txt', ['x'])
  bucket.put('topics/t/p/t+0+0000000000.json', [])
  const [finding] = await diagnose(bucket)
  assert.equal(finding?.id, 'no-readable-objects')
  assert.match(finding.message, /None of the first 2 objects .* An example is topics\/other\.txt\./)
})
