import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { test } from 'node:test'
import { sharedKafka } from '../services/index.ts'
import { numberedLines, type PipelineOrder } from './numbered-lines.ts'
import { untilRight } from './right-states.ts'
import { DELAY_MS, SESSION_MS, startCluster, toCoordinator, type Member } from './three-workers.ts'

/** HEADRACE_TEST_FAULT_MS sets a longer time. After this one, all work of a lost worker has been given to the others. */
const FAULT_MS = Number(process.env['HEADRACE_TEST_FAULT_MS'] ?? SESSION_MS + DELAY_MS + 4000)
const AFTERWARDS_MS = 3000
const RUNNING_MS = 60_000
/** HEADRACE_TEST_PIPELINES sets a larger number. */
const PIPELINES = Number(process.env['HEADRACE_TEST_PIPELINES'] ?? 3)

interface Fault {
  readonly what: string
  readonly of: 'the leader' | 'a follower'
  begin(member: Member): void
  end(member: Member): void
}

const frozenMain = {
  what: 'only the main process is suspended',
  begin: (member: Member) => member.signal('SIGSTOP'),
  end: (member: Member) => member.signal('SIGCONT'),
}
const frozenTree = {
  what: 'the main process and its task processes are suspended',
  begin: (member: Member) => member.signalAll('SIGSTOP'),
  end: (member: Member) => member.signalAll('SIGCONT'),
}
const frozenLink = {
  what: 'all connections to brokers are frozen, and what they hold arrives late',
  begin: (member: Member) => member.kafka.freeze(),
  end: (member: Member) => member.kafka.heal(),
}
const cutOff = {
  what: 'all connections to brokers are cut',
  begin: (member: Member) => member.kafka.cut(),
  end: (member: Member) => member.kafka.heal(),
}
const withoutCoordinator = {
  what: 'the connection to the coordinator is cut',
  begin: (member: Member) => member.kafka.cut(toCoordinator),
  end: (member: Member) => member.kafka.heal(),
}
const faults: readonly Fault[] = [
  { ...frozenMain, of: 'the leader' },
  { ...frozenMain, of: 'a follower' },
  { ...withoutCoordinator, of: 'the leader' },
  { ...cutOff, of: 'the leader' },
  { ...frozenLink, of: 'the leader' },
  { ...frozenLink, of: 'a follower' },
  { ...frozenTree, of: 'the leader' },
]

const jumps = (orders: readonly PipelineOrder[], part: keyof PipelineOrder): number[] =>
  orders.map((order) => order[part].jumpsBack)

test('a task has one writer, whatever is suspended or cut', async (t) => {
  const kafka = await sharedKafka()
  const cluster = await startCluster(t, kafka)
  const lines = numberedLines(PIPELINES)
  const [first] = cluster.members
  await lines.create(first!.rest)
  await lines.untilRunning(first!.rest, RUNNING_MS)
  const workers = cluster.members.map(({ rest }) => ({ kind: 'headrace', rest }) as const)
  const connectors = lines.pipelines.flatMap((pipeline) => pipeline.connectors)
  let before: readonly PipelineOrder[] = lines.pipelines.map(() => {
    const none = { lost: 0, duplicates: 0, jumpsBack: 0 }
    return { source: none, sink: none }
  })

  for (const { what, of, begin, end } of faults) {
    await t.test(`${what}: ${of}`, async (step) => {
      await lines.feed()
      const leader = await cluster.leader()
      const member = of === 'the leader' ? leader : cluster.members.find((other) => other !== leader)!
      begin(member)
      await sleep(FAULT_MS)
      end(member)
      const { settledMs, rightMs } = await untilRight(workers, connectors)
      await sleep(AFTERWARDS_MS) // in which a second writer would be seen
      await lines.untilArrived()

      const after = await lines.orders(kafka)
      const [sources, sinks] = (['source', 'sink'] as const).map((part) =>
        jumps(after, part).map((count, index) => count - jumps(before, part)[index]!),
      ) as [number[], number[]]
      before = after
      step.diagnostic(
        `settled after ${settledMs} ms, states right ${rightMs} ms later; jumps back of sources: ${sources.join()}; of sinks: ${sinks.join()}`,
      )
      assert.ok(
        after.every(({ source, sink }) => source.lost === 0 && sink.lost === 0),
        JSON.stringify(after),
      )
      assert.ok(Math.max(...sources) <= 1, `a source has jumped back more than once: ${sources.join()}`)
      const ofSinks = sinks.map((count, index) => count - sources[index]!)
      assert.ok(Math.max(...ofSinks) <= 1, `a sink has jumped back more than once: ${ofSinks.join()}`)
    })
  }
})

test('tasks that leave a worker again in its first second have stopped there', async (t) => {
  const kafka = await sharedKafka()
  const cluster = await startCluster(t, kafka, {}, 1)
  const { rest } = cluster.members[0]!
  const lines = numberedLines(PIPELINES)
  await lines.create(rest)
  await lines.untilRunning(rest, RUNNING_MS)
  await lines.feed()
  // Each of them may get work that the next one to join takes away
  await Promise.all([cluster.start(), cluster.start(), cluster.start()])
  await cluster.leader()
  await lines.untilArrived()
  await lines.untilRunning(rest, RUNNING_MS)

  const names = lines.pipelines.flatMap(({ connectors }) => connectors)
  assert.deepEqual(
    names.map((name) => [name, runningIn(cluster.members, name)]),
    names.map((name) => [name, 1]),
  )
  const orders = await lines.orders(kafka)
  t.diagnostic(JSON.stringify(orders))
  assert.ok(orders.every(({ sink }) => sink.lost === 0 && sink.jumpsBack === 0))
  assert.deepEqual(
    orders.map(({ source }) => source),
    orders.map(() => ({ lost: 0, duplicates: 0, jumpsBack: 0 })),
  )
})

/** In how many workers the task of a connector has been started and not stopped, according to their logs. */
function runningIn(members: readonly Member[], name: string): number {
  const events = members.flatMap((member) => {
    const own = member
      .log()
      .split('\n')
      .filter((line) => line.includes(`"connector":"${name}"`))
    const count = (event: string) => own.filter((line) => line.includes(`"msg":"${event}"`)).length
    return [count('the task is running'), -count('the task has stopped')]
  })
  return events.reduce((sum, count) => sum + count, 0)
}
