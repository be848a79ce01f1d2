import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { projectFolder } from './services/project.ts'
import {
  KAFKA_ADDRESS,
  POSTGRES_URL,
  s3Environment,
  searchEnvironment,
  sharedKafka,
  sharedPostgres,
  sharedS3,
  startChild,
  stopAllChildren,
  stopOnSignal,
  type Child,
} from './services/index.ts'

/*
 * Runs the unit tests, then the tests on real services, with a Kafka, a PostgreSQL and an S3 server that it starts
 * unless their addresses are given, and an Elasticsearch and an OpenSearch if a selected
 * test uses them.
 * Arguments select test files by a part of their path. --unit skips the tests on real services. Other arguments that
 * start with a dash are passed to node --test.
 */

const UNIT = '--unit'
const given = process.argv.slice(2)
const options = given.filter((arg) => arg.startsWith('-') && arg !== UNIT)
const parts = given.filter((arg) => !arg.startsWith('-'))

/** Test files at a time: more than processors, because many tests wait: for sessions to end, servers to start, faults to last. */
const CONCURRENCY = 4
/**
 * A file ends with its last test. Node.js may otherwise wait at its exit without end for a request of a handle that is
 * closed; the services that a file has started end with its tests.
 */
const FORCE_EXIT = '--test-force-exit'
/** Applies to each test and each file; a busy machine takes many times as long as an idle one. */
const TEST_TIMEOUT_MS = 900_000

let running: Child | undefined
stopOnSignal(() => running?.signalGroup('SIGKILL')) // the children of a test file stop with it

/** Returns the compiled test files, as paths in dist, without those whose source no longer exists. */
async function testFiles(): Promise<string[]> {
  const dist = join(projectFolder, 'dist')
  const files = (await readdir(dist, { recursive: true })).filter((path) => path.endsWith('.test.js'))
  return files
    .filter((path) => existsSync(join(projectFolder, path.replace(/\.js$/, '.ts'))))
    .filter((path) => parts.length === 0 || parts.some((part) => path.includes(part)))
    .toSorted()
    .map((path) => join(dist, path))
}

async function runTests(
  files: readonly string[],
  more: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<boolean> {
  if (files.length === 0) return true
  const runner = ['--enable-source-maps', '--test', '--test-reporter=spec']
  const limits = [`--test-concurrency=${CONCURRENCY}`, `--test-timeout=${TEST_TIMEOUT_MS}`]
  const args = [...runner, ...limits, ...more, ...options, ...files]
  running = startChild({ command: process.execPath, args, env })
  const { code } = await running.ended
  return code === 0
}

const onServices = (file: string): boolean =>
  relative(projectFolder, file).startsWith('dist/integration-tests')

async function main(): Promise<number> {
  const files = await testFiles()
  if (files.length === 0) {
    process.stderr.write(`no test file has ${parts.join(' or ')} in its path\n`)
    return 1
  }
  const unitTests = files.filter((file) => !onServices(file))
  if (!(await runTests(unitTests, [], {}))) return 1
  const integrationTests = files.filter(onServices)
  if (integrationTests.length === 0 || given.includes(UNIT)) return 0
  const report = (text: string) => process.stdout.write(`${text} ...\n`)
  const kafka = await sharedKafka(report)
  const postgres = await sharedPostgres(report)
  const s3 = s3Environment(await sharedS3(report))
  const texts = await Promise.all(integrationTests.map((file) => readFile(file, 'utf8')))
  const search = await searchEnvironment(texts, report)
  const addresses = { [KAFKA_ADDRESS]: kafka, [POSTGRES_URL]: postgres, ...s3, ...search }
  return (await runTests(integrationTests, [FORCE_EXIT], addresses)) ? 0 : 1
}

try {
  process.exitCode = await main()
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
} finally {
  await stopAllChildren()
}
