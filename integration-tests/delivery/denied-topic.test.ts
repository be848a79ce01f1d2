import assert from 'node:assert/strict'
import { test } from 'node:test'
import kafkajs, { type Admin } from 'kafkajs'
import {
  distributedProps,
  startKafka,
  startWorker,
  storageTopics,
  waitFor,
  type HeadraceWorker,
} from '../services/index.ts'

const { AclOperationTypes, AclPermissionTypes, AclResourceTypes, Kafka, logLevel, ResourcePatternTypes } =
  kafkajs
const WAIT_MS = 60_000

const accessTo = (topic: string) => ({
  resourceType: AclResourceTypes.TOPIC,
  resourceName: topic,
  resourcePatternType: ResourcePatternTypes.LITERAL,
  principal: 'User:ANONYMOUS',
  host: '*',
})

const denied = (topic: string) => ({
  ...accessTo(topic),
  operation: AclOperationTypes.READ,
  permissionType: AclPermissionTypes.DENY,
})

/** A topic with a rule is closed to those that no rule allows. */
const allowed = (topic: string) => ({
  ...accessTo(topic),
  operation: AclOperationTypes.ALL,
  permissionType: AclPermissionTypes.ALLOW,
})

async function openAdmin(servers: string): Promise<Admin> {
  const admin = new Kafka({ brokers: servers.split(','), logLevel: logLevel.NOTHING }).admin()
  await admin.connect()
  return admin
}

function untilHealth(worker: HeadraceWorker, status: 200 | 500): Promise<string> {
  return waitFor(
    async () => {
      const answer = await worker.rest.get<{ message: string }>('/health')
      return answer.status === status ? answer.body.message : undefined
    },
    { timeoutMs: WAIT_MS, what: `the worker to answer /health with ${status}` },
  )
}

test('a worker that may no longer read an internal topic reports it once, is unhealthy, and recovers', async (t) => {
  const kafka = await startKafka({
    props: {
      'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
      'allow.everyone.if.no.acl.found': 'true',
    },
  })
  t.after(() => kafka.stop())
  const admin = await openAdmin(kafka.bootstrapServers)
  t.after(() => admin.disconnect())
  const props = distributedProps(kafka.bootstrapServers)
  const worker = await startWorker(t, { props })
  await untilHealth(worker, 200)

  for (const topic of storageTopics(props)) {
    const before = worker.log().length
    const linesSince = () => worker.log().slice(before).split('\n')
    await admin.createAcls({ acl: [allowed(topic), denied(topic)] })
    const message = await untilHealth(worker, 500)
    t.diagnostic(message)
    assert.match(message, new RegExp(`${topic}.*: Not authorized to access topics`))

    await admin.deleteAcls({ filters: [denied(topic)] })
    await untilHealth(worker, 200)
    await waitFor(() => linesSince().some((line) => line.includes('Kafka is available again')) || undefined, {
      timeoutMs: WAIT_MS,
      what: 'the end of the outage in the log',
    })
    // A reminder follows only after a minute, on a busy machine
    const warnings = linesSince().filter((line) => /"level":"WARN".*; retrying"/.test(line))
    assert.equal(warnings.length, 1, warnings.join('\n'))
  }
})
