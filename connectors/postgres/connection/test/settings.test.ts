import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hostsOf, initialStatements } from '../settings.ts'

const hosts = (text: string) => hostsOf({ 'database.hostname': text, 'database.port': 5432 })
const statements = (text: string | null) => initialStatements({ 'database.initial.statements': text })

test('hosts are separated by commas, and may have ports', () => {
  assert.deepEqual(hosts('db'), [{ host: 'db', port: 5432 }])
  assert.deepEqual(hosts('a:6432, b ,10.0.0.1:7000'), [
    { host: 'a', port: 6432 },
    { host: 'b', port: 5432 },
    { host: '10.0.0.1', port: 7000 },
  ])
  assert.deepEqual(hosts(''), [])
})

test('addresses of IPv6 and folders of Unix sockets are hosts', () => {
  assert.deepEqual(hosts('::1,[fe80::1]:6000,[::1],/var/run'), [
    { host: '::1', port: 5432 },
    { host: 'fe80::1', port: 6000 },
    { host: '::1', port: 5432 },
    { host: '/var/run', port: 5432 },
  ])
})

test('initial statements are separated by a semicolon, and two are one', () => {
  assert.deepEqual(statements(null), [])
  assert.deepEqual(statements('SET a = 1; SET b = 2 ;'), ['SET a = 1', 'SET b = 2'])
  assert.deepEqual(statements("SELECT 'x;;y'; SET c = 3"), ["SELECT 'x;y'", 'SET c = 3'])
})
