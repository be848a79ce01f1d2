import assert from 'node:assert/strict'
import { test } from 'node:test'
import { applicationName } from '../scope.ts'

test('connections have the name of the connector, unless driver.ApplicationName is set', () => {
  const nameWith = (configured: string | null) =>
    applicationName({ 'driver.ApplicationName': configured }, 'orders')

  assert.equal(nameWith(null), 'headrace orders')
  assert.equal(nameWith(''), 'headrace orders')
  assert.equal(nameWith('cdc'), 'cdc')
})
