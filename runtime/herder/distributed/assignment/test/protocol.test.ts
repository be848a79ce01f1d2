import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  decodeAssignment,
  decodeMetadata,
  encodeAssignment,
  encodeMetadata,
  protocolVersions,
  type WorkerAssignment,
} from '../protocol.ts'
import { assignEagerly } from '../eager-assignment.ts'

const assignment: WorkerAssignment = {
  error: 0,
  leader: 'm',
  leaderUrl: 'u',
  offset: 7,
  assigned: {
    connectors: ['a'],
    tasks: [
      { connector: 'a', task: 1 },
      { connector: 'b', task: 0 },
    ],
  },
  revoked: { connectors: [], tasks: [{ connector: 'c', task: 2 }] },
  delay: 500,
}

test('metadata has the format of ConnectProtocol v0, and of v1 and v2 with the assignment', () => {
  const metadata = { url: 'u', offset: 7, allocation: null }

  assert.equal(encodeMetadata(metadata, 0).toString('hex'), '00000001750000000000000007')
  assert.equal(encodeMetadata(metadata, 2).toString('hex'), '00020001750000000000000007ffffffff')
  const holding = encodeMetadata({ ...metadata, allocation: assignment }, 1)
  assert.deepEqual(decodeMetadata(holding), { ...metadata, allocation: assignment })
})

test('a connector is encoded as task number -1', () => {
  const bytes = encodeAssignment({ ...assignment, assigned: { connectors: ['a'], tasks: [] } }, 0)

  assert.equal(
    bytes.toString('hex'),
    [
      '0000',
      '0000',
      '00016d',
      '000175',
      '0000000000000007',
      '00000001',
      '000161',
      '00000001',
      'ffffffff',
    ].join(''),
  )
})

test('an assignment survives a round trip in each version, except for fields that older versions lack', () => {
  for (const version of Object.values(protocolVersions)) {
    const { revoked, delay, ...rest } = decodeAssignment(encodeAssignment(assignment, version))

    assert.deepEqual(rest, {
      error: 0,
      leader: 'm',
      leaderUrl: 'u',
      offset: 7,
      assigned: assignment.assigned,
    })
    assert.deepEqual([revoked.tasks.length, delay], version === 0 ? [0, 0] : [1, 500])
  }
})

test('a later version is read as the latest known one, and a negative version is rejected', () => {
  const later = encodeAssignment(assignment, 9)
  assert.deepEqual(decodeAssignment(later), assignment)

  later.writeInt16BE(-1)
  assert.throws(() => decodeAssignment(later), { message: 'Unsupported subscription version: -1' })
})

test('the eager protocol assigns connectors, then tasks, round-robin to sorted workers', () => {
  const all = {
    connectors: ['b', 'a', 'c'],
    tasks: [
      { connector: 'a', task: 10 },
      { connector: 'a', task: 2 },
      { connector: 'b', task: 0 },
    ],
  }
  const shares = assignEagerly(['2', '1'], all)

  assert.deepEqual(shares.get('1'), {
    connectors: ['a', 'c'],
    tasks: [{ connector: 'a', task: 10 }],
  })
  assert.deepEqual(shares.get('2'), {
    connectors: ['b'],
    tasks: [
      { connector: 'a', task: 2 },
      { connector: 'b', task: 0 },
    ],
  })
})
