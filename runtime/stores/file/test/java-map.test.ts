import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readJavaMap, writeJavaMap, type ByteMap } from '../java-map.ts'

/** Maps as written by `ObjectOutputStream` of Java 17, by number of entries; the second value is null. */
const written = {
  none: 'rO0ABXNyABFqYXZhLnV0aWwuSGFzaE1hcAUH2sHDFmDRAwACRgAKbG9hZEZhY3RvckkACXRocmVzaG9sZHhwP0AAAAAAAAB3CAAAABAAAAAAeA==',
  one: 'rO0ABXNyABFqYXZhLnV0aWwuSGFzaE1hcAUH2sHDFmDRAwACRgAKbG9hZEZhY3RvckkACXRocmVzaG9sZHhwP0AAAAAAAAx3CAAAABAAAAABdXIAAltCrPMX+AYIVOACAAB4cAAAABxbInNvdXJjZSIseyJmaWxlbmFtZSI6ImYwIn1ddXEAfgACAAAADnsicG9zaXRpb24iOjB9eA==',
  two: 'rO0ABXNyABFqYXZhLnV0aWwuSGFzaE1hcAUH2sHDFmDRAwACRgAKbG9hZEZhY3RvckkACXRocmVzaG9sZHhwP0AAAAAAAAx3CAAAABAAAAACdXIAAltCrPMX+AYIVOACAAB4cAAAABxbInNvdXJjZSIseyJmaWxlbmFtZSI6ImYxIn1dcHVxAH4AAgAAABxbInNvdXJjZSIseyJmaWxlbmFtZSI6ImYwIn1ddXEAfgACAAAADnsicG9zaXRpb24iOjB9eA==',
} as const

const bytesOf = (name: keyof typeof written): Buffer => Buffer.from(written[name], 'base64')
const texts = (map: ByteMap) =>
  map.map(([key, value]) => [key?.toString() ?? null, value?.toString() ?? null])

const first = ['["source",{"filename":"f0"}]', '{"position":0}'] as const
const second = ['["source",{"filename":"f1"}]', null] as const

test('maps written by Java are read', () => {
  assert.deepEqual(readJavaMap(bytesOf('none')), [])
  assert.deepEqual(texts(readJavaMap(bytesOf('one'))), [first])
  assert.deepEqual(texts(readJavaMap(bytesOf('two'))), [second, first])
})

test('written maps are byte for byte the same as those of Java', () => {
  for (const name of ['one', 'two'] as const) {
    assert.equal(writeJavaMap(readJavaMap(bytesOf(name))).toString('base64'), written[name])
  }
})

test('a map of any size survives a round trip', () => {
  for (const size of [0, 1, 12, 13, 500]) {
    const entries: ByteMap = Array.from({ length: size }, (_, index) => [
      Buffer.from(`key ${index}`),
      Buffer.alloc(index % 7, index),
    ])

    assert.deepEqual(readJavaMap(writeJavaMap(entries)), entries)
  }
})

test('truncated and changed bytes are rejected at any position', () => {
  const whole = bytesOf('two')
  for (let length = 0; length < whole.length - 1; length++) {
    assert.throws(
      () => readJavaMap(whole.subarray(0, length)),
      { code: 'HR_DATA_INVALID' },
      `${length} bytes`,
    )
  }
  for (let at = 0; at < whole.length; at++) {
    const changed = Buffer.from(whole)
    changed[at]! ^= 0xff
    try {
      readJavaMap(changed)
    } catch (error) {
      assert.equal((error as { code?: string }).code, 'HR_DATA_INVALID', `byte ${at}: ${String(error)}`)
    }
  }
})
