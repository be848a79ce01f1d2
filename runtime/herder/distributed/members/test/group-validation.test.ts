import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConnectError, type Props } from '../../../../../api/index.ts'
import type { ConfigInfos } from '../../../../validation/index.ts'
import { groupValidation, type GroupValidationParts } from '../group-validation.ts'
import { fakePeers } from './fake-peers.ts'

const WITH = 'http://with:1/'
const validated = (errors: readonly string[]): ConfigInfos => ({
  name: 'C',
  error_count: errors.length,
  groups: [],
  configs: [
    {
      definition: null,
      value: { name: 'headrace.placement', value: '', recommended_values: [], errors, visible: true },
    },
  ],
})

/** Validation on a worker that has class `C` only. */
function open(more: Partial<GroupValidationParts> = {}) {
  const unknown = new ConnectError('HR_BAD_REQUEST', 'Failed to find any class')
  const validate = async (props: Props) => {
    if (props['connector.class'] === 'C') return validated([])
    throw unknown
  }
  const plugin = { className: 'C', kind: 'source', version: '1' } as const
  return groupValidation({
    url: 'http://own:1/',
    validation: { validate, requireValid: async (props) => void (await validate(props)) },
    catalog: { find: (name) => (name === 'C' ? plugin : undefined) },
    peers: fakePeers({}),
    reader: { view: () => Promise.reject(new RangeError('no group')), workersWith: async () => [WITH] },
    protocol: () => 'headrace',
    ...more,
  })
}

test('settings of a connector whose class this worker lacks are validated by one that has it', async () => {
  const request = `PUT ${WITH}connector-plugins/D/config/validate`
  const peers = fakePeers({ [request]: { status: 200, body: validated(['one fault']) } })
  const { validate, requireValid } = open({ peers })
  assert.deepEqual((await validate({ 'connector.class': 'D' })).error_count, 1)
  await assert.rejects(requireValid({ 'connector.class': 'D' }), {
    code: 'HR_BAD_REQUEST',
    message: /one fault/,
  })
  assert.deepEqual(peers.asked, [request, request])
})

test('if the worker that has the class does not validate, the error names both workers', async () => {
  await assert.rejects(open().validate({ 'connector.class': 'D' }), {
    code: 'HR_BAD_REQUEST',
    message:
      /^The worker http:\/\/own:1\/ lacks the connector class D\. These workers have it: http:\/\/with:1\/\./,
  })
})

test('a class that no worker has is rejected as by Kafka Connect', async () => {
  const reader = { view: () => Promise.reject(new RangeError('no group')), workersWith: async () => [] }
  await assert.rejects(open({ reader }).validate({ 'connector.class': 'D' }), {
    message: 'Failed to find any class',
  })
})

test('a placement is accepted if the group honours it', async () => {
  const props = { 'connector.class': 'C', 'headrace.placement': 'zone=a' }
  assert.equal((await open().validate(props)).error_count, 0)
  await open().requireValid(props)
})

for (const [protocol, reason] of [
  ['sessioned', /every worker of the cluster must honour it, but the group uses the protocol sessioned/],
  [undefined, /this worker has not joined its group yet/],
] as const) {
  test(`a placement is rejected with the reason in the protocol ${protocol}`, async () => {
    const { validate, requireValid } = open({ protocol: () => protocol })
    const props = { 'connector.class': 'C', 'headrace.placement': 'zone=a' }
    const infos = await validate(props)
    assert.equal(infos.error_count, 1)
    assert.match(infos.configs[0]?.value?.errors[0] ?? '', reason)
    await assert.rejects(requireValid(props), { code: 'HR_BAD_REQUEST', message: reason })
    assert.equal((await validate({ 'connector.class': 'C' })).error_count, 0)
  })
}

test('a placement with variables is rejected, since the leader does not read them', async () => {
  const infos = await open().validate({ 'connector.class': 'C', 'headrace.placement': 'zone=${env:ZONE}' })
  assert.match(infos.configs[0]?.value?.errors[0] ?? '', /contains variables of config providers/)
})
