import assert from 'node:assert/strict'
import { test } from 'node:test'
import kafkajs from 'kafkajs'
import { silentLogger } from '../../../runtime/telemetry/index.ts'
import { openClient, fenceProducers } from '../../../runtime/kafka/index.ts'
import {
  sharedKafka,
  startKafka,
  startWorker,
  uniqueName,
  waitFor,
  type ConnectorStatus,
  type RestClient,
} from '../../services/index.ts'
import { followTopic } from '../../topics/followed-topic.ts'
import { countingClass, exactlyOnceProps, numbers, ofTask } from './workers.ts'

const { AclOperationTypes, AclPermissionTypes, AclResourceTypes, Kafka, logLevel, ResourcePatternTypes } =
  kafkajs
const NUMBERS = 1000

/** Waits until each task has failed with a trace that matches. Running tasks fail too, in their next transaction. */
function untilTracesMatch(rest: RestClient, name: string, tasks: number, trace: RegExp): Promise<true> {
  let last: ConnectorStatus | undefined
  return waitFor(
    async () => {
      last = await rest.status(name)
      const found = last?.tasks.filter((task) => trace.test(task.trace ?? '')) ?? []
      return found.length === tasks ? true : undefined
    },
    {
      timeoutMs: 60_000,
      what: () => `${tasks} tasks to fail with ${String(trace)}: ${JSON.stringify(last)}`,
    },
  )
}

test('changes of the task count fence earlier tasks, and no number is lost or repeated', async (t) => {
  const bootstrap = await sharedKafka()
  const worker = await startWorker(t, { props: exactlyOnceProps(bootstrap) })
  const [name, topic] = [uniqueName('counting'), uniqueName('numbers')]
  const put = (tasks: number, limit = NUMBERS) =>
    worker.rest.put(name, {
      'connector.class': countingClass,
      'tasks.max': String(tasks),
      topic,
      'limit': String(limit),
    })
  const counts = [2, 3, 1, 4]
  for (const tasks of counts) {
    await put(tasks)
    await worker.rest.untilState(name, 'RUNNING', { tasks })
  }
  const committed = await followTopic(bootstrap, topic)
  t.after(() => committed.close())
  await committed.untilComplete(4 * NUMBERS)

  for (let task = 0; task < 4; task++)
    assert.deepEqual(ofTask(committed.values, task), numbers(task, NUMBERS))
})

test('a leader whose writes are fenced claims its privileges again', async (t) => {
  const bootstrap = await sharedKafka()
  const props = exactlyOnceProps(bootstrap)
  const worker = await startWorker(t, { props })
  const config = { 'connector.class': countingClass, 'topic': uniqueName('numbers'), 'limit': '10' }
  await worker.rest.put('before', config)
  await worker.rest.untilState('before', 'RUNNING')

  const client = await openClient({ 'bootstrap.servers': bootstrap }, silentLogger)
  await fenceProducers(client, [`connect-cluster-${props['group.id']}`], { timeoutMs: 60_000 })
  await client.close()
  const fenced = await worker.rest.request<{ message: string }>('PUT', '/connectors/after/config', config)
  assert.equal(fenced.status, 500)
  assert.match(
    fenced.body.message,
    /this may be due to a transient error and the request can be safely retried/,
  )
  await worker.rest.put('after', config)
  await worker.rest.untilState('after', 'RUNNING')
})

test('tasks fail while they may not use their transactional id, and recover when they may', async (t) => {
  const kafka = await startKafka({
    props: {
      'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
      'allow.everyone.if.no.acl.found': 'true',
    },
  })
  t.after(() => kafka.stop())
  const admin = new Kafka({
    brokers: kafka.bootstrapServers.split(','),
    logLevel: logLevel.NOTHING,
  }).admin()
  await admin.connect()
  t.after(() => admin.disconnect())
  const props = exactlyOnceProps(kafka.bootstrapServers)
  const worker = await startWorker(t, { props })
  const [name, topic] = [uniqueName('counting'), uniqueName('numbers')]
  const put = (tasks: number) =>
    worker.rest.put(name, {
      'connector.class': countingClass,
      'tasks.max': String(tasks),
      topic,
      'limit': String(NUMBERS),
    })
  await put(2)
  await worker.rest.untilState(name, 'RUNNING', { tasks: 2 })
  const denial = {
    resourceType: AclResourceTypes.TRANSACTIONAL_ID,
    resourceName: `${props['group.id']}-${name}-`,
    resourcePatternType: ResourcePatternTypes.PREFIXED,
    principal: 'User:ANONYMOUS',
    host: '*',
    operation: AclOperationTypes.ALL,
    permissionType: AclPermissionTypes.DENY,
  }
  await admin.createAcls({ acl: [denial] })
  await put(3)
  await untilTracesMatch(worker.rest, name, 3, /zombie fencing[^]*TRANSACTIONAL_ID_AUTHORIZATION_FAILED/)

  await admin.deleteAcls({ filters: [denial] })
  const restart = `/connectors/${name}/restart?includeTasks=true&onlyFailed=true`
  assert.equal((await worker.rest.request('POST', restart)).status, 202)
  await worker.rest.untilState(name, 'RUNNING', { tasks: 3 })
  const committed = await followTopic(kafka.bootstrapServers, topic)
  t.after(() => committed.close())
  await committed.untilComplete(3 * NUMBERS)
  for (let task = 0; task < 3; task++)
    assert.deepEqual(ofTask(committed.values, task), numbers(task, NUMBERS))
})
