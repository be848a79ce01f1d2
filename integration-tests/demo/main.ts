import { mkdir, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import {
  deleteTopics,
  distributedProps,
  launchWorker,
  sharedKafka,
  stopAllChildren,
  stopOnSignal,
  storageTopics,
  uniqueName,
  type HeadraceWorker,
} from '../services/index.ts'
import { connectorConfigs, faultOf, linesOf, sinkFile, sourceFile } from './pipeline.ts'
import { watchProgress } from './progress.ts'
import { grouped, openScreen, styled } from './screen.ts'

/*
 * `npm run demo`: copies a file through two transforms to Kafka, and from there to another file, and shows the progress.
 * With --keep, the worker runs until Ctrl-C.
 */

const LOOK_MS = 250
/** Longer than on a terminal, because each update is a new line. */
const PLAIN_LOOK_MS = 1000
const STALL_MS = 60_000

const { values } = parseArgs({ options: { keep: { type: 'boolean', default: false } } })
const screen = openScreen(process.stdout)

let interrupted = false
stopOnSignal(() => {
  interrupted = true
  screen.say('stopping ...')
})

async function main(): Promise<number> {
  screen.say(styled('bold', 'Headrace demo: a file -> two transforms -> Kafka -> another file'))
  const bootstrapServers = await step('Kafka', async () => {
    const address = await sharedKafka((text) => screen.say(styled('dim', `  ${text} ...`)))
    return [address, `at ${address}`]
  })
  const topic = uniqueName('headrace-demo')
  const props = distributedProps(bootstrapServers, { group: topic })
  const worker = await step('worker', async () => {
    const started = await launchWorker({ props })
    return [started, `REST API at ${styled('bold', started.rest.url)}`]
  })
  const moved = await move(worker, topic)
  if (!moved) return 1
  if (values.keep) await keep(worker)
  await worker.stop()
  await deleteTopics(bootstrapServers, [topic, ...storageTopics(props)])
  return 0
}

/** Runs a step, and prints its result and duration. */
async function step<T>(name: string, work: () => Promise<readonly [T, string]>): Promise<T> {
  const start = performance.now()
  const [result, text] = await work()
  screen.say(`${name}: ${text} ${styled('dim', `(${seconds(start)})`)}`)
  return result
}

/** Copies the file. Resolves to whether the copy is complete. */
async function move({ rest }: HeadraceWorker, topic: string): Promise<boolean> {
  await mkdir(dirname(sinkFile), { recursive: true })
  await rm(sinkFile, { force: true })
  const total = (await linesOf(sourceFile)).length
  const configs = connectorConfigs(topic)
  screen.say(`file: ${sourceFile}, ${grouped(total)} lines`)
  const start = performance.now()
  for (const [kind, config] of Object.entries(configs)) {
    const answer = await rest.request('POST', '/connectors', { name: `demo-${kind}`, config })
    if (answer.status !== 201)
      return complain(`POST /connectors demo-${kind}: ${answer.status} ${JSON.stringify(answer.body)}`)
    screen.say(`POST /connectors demo-${kind}: ${answer.status}`)
  }
  const stalled = await watch(rest, total)
  if (stalled !== undefined) return complain(stalled)
  const took = seconds(start)
  const fault = await faultOf()
  if (fault !== undefined) return complain(`${sinkFile}: ${fault}`)
  screen.say(
    `${styled('green', 'complete and in order')}: ${grouped(total)} lines in ${took}, in ${sinkFile}`,
  )
  return true
}

/** Shows the progress until all lines are written. Resolves to the reason if that fails. */
async function watch(rest: HeadraceWorker['rest'], total: number): Promise<string | undefined> {
  const look = watchProgress(rest, total)
  let written = 0
  let movedAt = performance.now()
  for (;;) {
    const now = await look()
    screen.rewrite(now.text)
    if (now.failure !== undefined) return now.failure
    if (now.done) return undefined
    if (now.written > written) movedAt = performance.now()
    written = now.written
    if (performance.now() - movedAt > STALL_MS) return `no progress for ${STALL_MS / 1000} s`
    await sleep(screen.rewrites ? LOOK_MS : PLAIN_LOOK_MS)
  }
}

async function keep({ rest, ended }: HeadraceWorker): Promise<void> {
  screen.say(`The worker runs until Ctrl-C. Try:
  curl ${rest.url}/connectors?expand=status
  curl ${rest.url}/headrace/connectors
  tail -n 2 ${sinkFile}`)
  await ended
}

function complain(text: string): false {
  screen.say(styled('red', text))
  return false
}

const seconds = (since: number): string => `${((performance.now() - since) / 1000).toFixed(1)} s`

try {
  process.exitCode = await main()
} catch (error) {
  // After Ctrl-C, the current step fails as expected
  if (!interrupted) {
    complain(error instanceof Error ? error.message : String(error))
    process.exitCode = 1
  }
}
await stopAllChildren()
