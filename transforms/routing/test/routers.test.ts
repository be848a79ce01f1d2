import assert from 'node:assert/strict'
import { test } from 'node:test'
import { noHeaders, type ConnectRecord } from '../../../api/index.ts'
import { regexRouter } from '../regex-router.ts'
import { timestampRouter } from '../timestamp-router.ts'

/** Records may reach a chain without a topic, whatever their type says. */
const withoutTopic: object = {
  topic: null,
  partition: null,
  keySchema: null,
  key: null,
  valueSchema: null,
  value: null,
  timestamp: 5,
  headers: noHeaders,
}

test('a record without a topic is refused', () => {
  const routers = [
    regexRouter.create({ regex: '(?:a)(?=b).*', replacement: 'x' }),
    timestampRouter.create({ 'topic.format': '${topic}', 'timestamp.format': 'yyyy' }),
  ]
  for (const router of routers)
    assert.throws(() => router.apply(withoutTopic as ConnectRecord), { code: 'HR_DATA_INVALID' })
})
