import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemUsers } from '../../processes/system-user.ts'
import { settingsText } from '../local.ts'

test('the ids of a user come from the list of users of the system', () => {
  const users = systemUsers(
    'root:x:0:0:root:/root:/bin/sh\npostgres:x:105:110:a,,,:/var/lib/postgresql:/bin/sh\n',
  )
  assert.deepEqual(users.get('postgres'), { uid: 105, gid: 110 })
  assert.equal(users.get('nobody'), undefined)
})

test('settings are quoted for the property file of the server', () => {
  assert.equal(settingsText({ timezone: 'UTC', greeting: "it's" }), "timezone = 'UTC'\ngreeting = 'it''s'\n")
})
