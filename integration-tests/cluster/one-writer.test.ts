import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { test } from 'node:test'
import { sharedKafka } from '../services/index.ts'
import { numberedLines, type PipelineOrder } from './numbered-lines.ts'
import { DELAY_MS, SESSION_MS, startCluster, toCoordinator, type Member } from './three-workers.ts'

/** After this time, all work of a lost worker has been given to the others. */
const FAULT_MS = SESSION_MS + DELAY_MS + 4000
const AFTERWARDS_MS = 3000
const RUNNING_MS = 20_000
const PIPELINES = 3

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
  let before: readonly PipelineOrder[] = lines.pipelines.map(() => {
    const none = { lost: 0, duplicates: 0, jumpsBack: 0 }
    return { source: none, sink: none }
  })

  for (const { what, of, begin, end } of faults) {
    await t.test(`${what}: ${of}`, async (step) => {
      lines.feed()
      const leader = await cluster.leader()
      const member = of === 'the leader' ? leader : cluster.members.find((other) => other !== leader)!
      const other = cluster.members.find((candidate) => candidate !== member)!
      begin(member)
      await sleep(FAULT_MS)
      end(member)
      await cluster.leader()
      await sleep(AFTERWARDS_MS) // in which a second writer would be seen
      await lines.untilArrived()
      await lines.untilRunning(other.rest, RUNNING_MS)

      const after = await lines.orders(kafka)
      const [sources, sinks] = (['source', 'sink'] as const).map((part) =>
        jumps(after, part).map((count, index) => count - jumps(before, part)[index]!),
      ) as [number[], number[]]
      before = after
      step.diagnostic(`jumps back of sources: ${sources.join()}; of sinks: ${sinks.join()}`)
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
  lines.feed()
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
