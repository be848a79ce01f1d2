import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { after, before, test } from 'node:test'
import {
  createDatabase,
  distributedProps,
  launchWorker,
  sharedKafka,
  uniqueName,
  type HeadraceWorker,
} from '../../services/index.ts'
import { ConnectorOfRun } from './connector-of-run.ts'
import { differences } from './differences.ts'
import { isObject, numberText, parseRaw, printRaw, type Json } from './raw-json.ts'
import { recordingOf } from './recording.ts'
import { ScenarioRun } from './scenario-run.ts'
import { deviations, readScenario, recordingPath, scenarioNames } from './scenario.ts'
import { RunTopics } from './topics.ts'

/** HEADRACE_TEST_SCENARIOS selects scenarios by the start of their names, separated by commas. */
const selected = (process.env['HEADRACE_TEST_SCENARIOS'] ?? '').split(',')
/** HEADRACE_TEST_RECORD=1 writes the recordings of scenarios that deviate on purpose. */
const recording = process.env['HEADRACE_TEST_RECORD'] === '1'

/** HEADRACE_TEST_WORKER=http://host:port checks another worker, such as a Java worker with Debezium. */
let url = process.env['HEADRACE_TEST_WORKER'] ?? ''
let worker: HeadraceWorker | undefined
before(async () => {
  if (url !== '') return
  const schemas = { 'key.converter.schemas.enable': 'true', 'value.converter.schemas.enable': 'true' }
  const props = { ...distributedProps(await sharedKafka()), ...schemas }
  worker = await launchWorker({ props: { ...props, 'scheduled.rebalance.max.delay.ms': '0' } })
  url = worker.rest.url
})
after(() => worker?.stop())

/** Runs a scenario with names of its own, and resolves to its recording. */
async function record(name: string, expected: number): Promise<Json> {
  const scenario = readScenario(name)
  const run = uniqueName(`e${scenario.id}`).replaceAll('-', 'x')
  const database = await createDatabase(`db_${run}`)
  const bootstrap = await sharedKafka()
  const names = {
    prefix: run,
    db: `db_${run}`,
    slot: `slot_${run}`,
    name: `c_${run}`,
    bootstrap,
    pub: 'dbz_publication',
  }
  const connector = new ConnectorOfRun(url, names.name, names.slot, database)
  const topics = new RunTopics(bootstrap, run)
  await topics.connect()
  try {
    const result = await new ScenarioRun({ scenario, names, database, connector, topics, expected }).run()
    return recordingOf(scenario, result, names)
  } finally {
    await connector.request('DELETE')
    await connector.untilSlotFree().catch(() => {})
    await topics.close()
    await database.drop()
  }
}

/** The number of records in a recording; 0 if it does not say. */
function recordsIn(expected: Json): number {
  const counts = isObject(expected) && isObject(expected['counts']) ? Object.values(expected['counts']) : []
  const numbers = counts.map((count) => Number(numberText(count)))
  return numbers.every((count) => Number.isInteger(count))
    ? numbers.reduce((sum, count) => sum + count, 0)
    : 0
}

const names = scenarioNames().filter((name) => selected.some((start) => name.startsWith(start)))
const accepted = deviations()

test(
  'the records, offsets and errors of each scenario equal those of Debezium',
  { concurrency: 2 },
  async (t) => {
    await Promise.all(names.map((name) => t.test(name, () => check(name))))
  },
)

test('every deviation names a scenario and has a reason', () => {
  for (const [name, reason] of accepted) assert.ok(/^\d+-[a-z-]+$/.test(name) && reason.length > 0, name)
})

async function check(name: string): Promise<void> {
  const debezium = readRecording(recordingPath(name, 'recordings'))
  const found = await record(name, recordsIn(debezium))
  if (!accepted.has(name)) return assertEqual(debezium, found)
  const own = recordingPath(name, 'own')
  if (recording) {
    mkdirSync(dirname(own), { recursive: true })
    writeFileSync(own, `${printRaw(found)}\n`)
  }
  assertEqual(readRecording(own), found)
  assert.ok(differences(debezium, found).length > 0, 'it no longer deviates: remove it from deviations.json')
}

const readRecording = (path: string): Json => parseRaw(readFileSync(path, 'utf8'))

function assertEqual(expected: Json, found: Json): void {
  const all = differences(expected, found)
  if (all.length > 0) assert.fail(`the recording differs:\n${all.join('\n')}`)
}
