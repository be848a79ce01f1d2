import assert from 'node:assert/strict'
import { test } from 'node:test'
import { noHeaders, type ConnectRecord } from '../../../api/index.ts'
import { regexRouter } from '../regex-router.ts'
import { timestampRouter } from '../timestamp-router.ts'

/** A record may lack a topic at run time, although its type forbids it. */
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

test('routers reject a record without a topic', () => {
  const routers = [
    regexRouter.create({ regex: '(?:a)(?=b).*', replacement: 'x' }),
    timestampRouter.create({ 'topic.format': '${topic}', 'timestamp.format': 'yyyy' }),
  ]
  for (const router of routers)
    assert.throws(() => router.apply(withoutTopic as ConnectRecord), { code: 'HR_DATA_INVALID' })
})
