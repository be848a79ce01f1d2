import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { projectFolder } from './services/project.ts'
import { KAFKA_ADDRESS, sharedKafka, stopAllChildren } from './services/index.ts'

/*
 * Runs the tests: those beside the code first, then those on real services, for which a Kafka is started once when
 * none is given. Arguments choose test files by a part of their path; those that begin with a dash go to node --test.
 */

const args = process.argv.slice(2)
const options = args.filter((arg) => arg.startsWith('-'))
const parts = args.filter((arg) => !arg.startsWith('-'))

const SIGINT_CODE = 130
const CONCURRENCY = 2
const TEST_TIMEOUT_MS = 300_000

let running: ReturnType<typeof spawn> | undefined
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void interrupt())

async function interrupt(): Promise<void> {
  running?.kill('SIGKILL') // test files and what they have started end with it
  await stopAllChildren()
  process.exit(SIGINT_CODE)
}

/** Compiled test files, by path from dist; without those whose source is gone. */
async function testFiles(): Promise<string[]> {
  const dist = join(projectFolder, 'dist')
  const files = (await readdir(dist, { recursive: true })).filter((path) => path.endsWith('.test.js'))
  return files
    .filter((path) => existsSync(join(projectFolder, path.replace(/\.js$/, '.ts'))))
    .filter((path) => parts.length === 0 || parts.some((part) => path.includes(part)))
    .toSorted()
    .map((path) => join(dist, path))
}

async function runTests(files: readonly string[], env: Readonly<Record<string, string>>): Promise<boolean> {
  if (files.length === 0) return true
  running = spawn(
    process.execPath,
    [
      '--enable-source-maps',
      '--test',
      '--test-reporter=spec',
      `--test-concurrency=${CONCURRENCY}`,
      `--test-timeout=${TEST_TIMEOUT_MS}`,
      ...options,
      ...files,
    ],
    { stdio: 'inherit', env: { ...process.env, ...env } },
  )
  return new Promise((resolve) => running?.once('exit', (code) => resolve(code === 0)))
}

const onServices = (file: string): boolean =>
  relative(projectFolder, file).startsWith('dist/integration-tests')

async function main(): Promise<number> {
  const files = await testFiles()
  if (files.length === 0) {
    process.stderr.write(`no test file has ${parts.join(' or ')} in its path\n`)
    return 1
  }
  if (
    !(await runTests(
      files.filter((file) => !onServices(file)),
      {},
    ))
  )
    return 1
  const integrationTests = files.filter(onServices)
  if (integrationTests.length === 0) return 0
  const kafka = await sharedKafka((text) => process.stdout.write(`${text} ...\n`))
  return (await runTests(integrationTests, { [KAFKA_ADDRESS]: kafka })) ? 0 : 1
}

try {
  process.exitCode = await main()
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
} finally {
  await stopAllChildren()
}
