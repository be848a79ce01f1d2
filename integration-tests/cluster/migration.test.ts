import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { arrivalIn, arrivalOf, endOf, linesOf } from '../delivery/line-file.ts'
import { sharedKafka, waitFor } from '../services/index.ts'
import { followTopic, type TopicValues } from '../topics/followed-topic.ts'
import { mixedGroup, type Kind, type MixedGroup, type MixedMember } from './mixed-group.ts'
import { numberedLines, orderOf, type NumberedLines, type PipelineOrder } from './numbered-lines.ts'

/** Each has two connectors. */
const PIPELINES = 5
const ARRIVAL_MS = 60_000

test('a group moves from Java to Headrace and back while workers are killed, and every line is accounted for', async (t) => {
  const kafka = await sharedKafka()
  const group = mixedGroup(t, kafka)
  const lines = numberedLines(PIPELINES, { lines: { ascii: true } })
  const connectors = lines.pipelines.flatMap((pipeline) => pipeline.connectors)

  const ours = await group.start('headrace')
  await Promise.all([group.start('java'), group.start('java')])
  await lines.create(ours.rest)
  await lines.feed()
  await group.untilRight(connectors)
  const topics = await Promise.all(lines.pipelines.map(({ topic }) => followTopic(kafka, topic)))
  t.after(() => Promise.all(topics.map((topic) => topic.close())))
  const step = steps(t, group, lines, topics)

  const killLeader = (kind: Kind) => async () => {
    const leader = await group.leader()
    assert.equal(leader.kind, kind)
    await group.kill(leader)
    if (kind === 'headrace') await group.untilExpired() // a worker that joins before could lead
    await group.start(kind, leader.rest.url)
  }
  await step('the leading Headrace worker is killed', 'kill', killLeader('headrace'))
  await step('the leading Java worker is killed', 'kill', killLeader('java'))
  await step('a Java worker is killed', 'kill', async () => {
    const victim = await one(group, 'java')
    await group.kill(victim)
    await group.start('java', victim.rest.url)
  })

  for (let round = 0; round < 2; round++)
    await step('a Headrace worker replaces a Java worker', 'stop', () => replace(group, 'java', 'headrace'))
  assert.deepEqual(kinds(group), ['headrace', 'headrace', 'headrace'])
  for (let round = 0; round < 2; round++)
    await step('a Java worker replaces a Headrace worker', 'stop', () => replace(group, 'headrace', 'java'))
  await step('the last Headrace worker leaves', 'stop', async () => group.stop(await one(group, 'headrace')))
  assert.deepEqual(kinds(group), ['java', 'java'])

  await lines.untilArrived()
  for (const [index, { source, sinkFile }] of lines.pipelines.entries()) {
    await topics[index]!.untilComplete(source.lines)
    for (const { missing, damaged, gaps } of [
      arrivalIn(topics[index]!.values, source),
      arrivalOf(sinkFile, source),
    ])
      assert.deepEqual({ missing, damaged, gaps }, { missing: 0, damaged: [], gaps: [] })
  }
})

const kinds = (group: MixedGroup): Kind[] => group.members.map(({ kind }) => kind).toSorted()

/** Chooses a worker of a kind: the leader, if it is one. */
async function one(group: MixedGroup, kind: Kind): Promise<MixedMember> {
  const leader = await group.leader()
  const found = leader.kind === kind ? leader : group.members.find((member) => member.kind === kind)
  assert.ok(found !== undefined)
  return found
}

async function replace(group: MixedGroup, from: Kind, to: Kind): Promise<void> {
  const member = await one(group, from)
  await group.stop(member)
  await group.start(to, member.rest.url)
}

/**
 * Returns a function that changes the group, and checks what follows: the work is settled and all states are right, and
 * lines are repeated only if a worker was killed, once for each task.
 */
function steps(
  t: TestContext,
  group: MixedGroup,
  lines: NumberedLines,
  topics: readonly TopicValues[],
): (what: string, how: 'kill' | 'stop', change: () => Promise<unknown>) => Promise<void> {
  const connectors = lines.pipelines.flatMap((pipeline) => pipeline.connectors)
  return async (what, how, change) => {
    const before = await arrivedSoFar(lines, topics)
    const begunAt = performance.now()
    await change()
    const changeMs = Math.round(performance.now() - begunAt)
    const { settledMs, rightMs } = await group.untilRight(connectors)
    const after = await arrivedSoFar(lines, topics)
    const repeated = after.map(({ source, sink }, index) => {
      const { source: sourceBefore, sink: sinkBefore } = before[index]!
      const ofSource = source.duplicates - sourceBefore.duplicates
      return {
        jumps: {
          source: source.jumpsBack - sourceBefore.jumpsBack,
          sink: sink.jumpsBack - sinkBefore.jumpsBack - (source.jumpsBack - sourceBefore.jumpsBack),
        },
        duplicates: { source: ofSource, sink: sink.duplicates - sinkBefore.duplicates - ofSource },
      }
    })
    t.diagnostic(
      `${what} (${changeMs} ms): settled after ${settledMs} ms, states right ${rightMs} ms later; repeated: ${JSON.stringify(repeated)}`,
    )
    for (const { jumps, duplicates } of repeated) {
      if (how === 'stop') assert.deepEqual(duplicates, { source: 0, sink: 0 }, what)
      assert.ok(jumps.source <= 1 && jumps.sink <= 1, `${what}: ${JSON.stringify(repeated)}`)
    }
  }
}

/** Waits until the lines written so far have arrived, while more follow, and returns in which order they have. */
function arrivedSoFar(
  lines: NumberedLines,
  topics: readonly TopicValues[],
): Promise<readonly PipelineOrder[]> {
  return Promise.all(
    lines.pipelines.map(async ({ source, sinkFile }, index) => {
      const last = source.lines - 1
      const { values } = topics[index]!
      const isPast = (line: string | undefined) => Number.parseInt(line ?? '', 10) >= last
      await waitFor(() => (isPast(endOf(sinkFile)) && isPast(values.at(-1)) ? true : undefined), {
        timeoutMs: ARRIVAL_MS,
        what: () => `line ${last} in ${sinkFile}, which ends with ${endOf(sinkFile)}`,
      })
      return { source: orderOf([...values], source.lines), sink: orderOf(linesOf(sinkFile), source.lines) }
    }),
  )
}
