import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sourceRecord, STRING, type Header } from '../../../api/index.ts'
import { Serializer, type Converters } from '../converters.ts'

function countingConverters() {
  const converted: string[] = []
  const text = { className: 'T', converter: { fromConnect: () => null } }
  const header = {
    className: 'H',
    converter: {
      fromConnectHeader: (topic: string, key: string) => {
        converted.push(`${topic} ${key}`)
        return key
      },
    },
  }
  return { converters: { key: text, value: text, header } as unknown as Converters, converted }
}

const record = (topic: string, headers: readonly Header[]) =>
  sourceRecord({ topic, sourcePartition: null, sourceOffset: null, headers })

test('headers that consecutive records of a topic share are converted once', () => {
  const { converters, converted } = countingConverters()
  const serializer = new Serializer(converters)
  const shared = [{ key: 'a', schema: STRING, value: 'x' }]
  const first = serializer.convert(record('t', shared), 0).headers
  assert.equal(serializer.convert(record('t', shared), 0).headers, first)
  assert.deepEqual(serializer.convert(record('t', []), 0).headers, [])
  assert.equal(serializer.convert(record('t', shared), 0).headers, first)
  assert.deepEqual(converted, ['t a'])
})

test('a converter may depend on the topic, and other headers are converted anew', () => {
  const { converters, converted } = countingConverters()
  const serializer = new Serializer(converters)
  const shared = [{ key: 'a', schema: STRING, value: 'x' }]
  serializer.convert(record('t', shared), 0)
  serializer.convert(record('u', shared), 0)
  serializer.convert(record('u', [{ key: 'b', schema: STRING, value: 'x' }]), 0)
  assert.deepEqual(converted, ['t a', 'u a', 'u b'])
})
