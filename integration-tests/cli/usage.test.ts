import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { workFolder } from '../services/index.ts'
import { headrace } from './command-line.ts'

const folder = workFolder('usage')

const workerSettings = [
  'bootstrap.servers=127.0.0.1:1',
  'key.converter=org.apache.kafka.connect.storage.StringConverter',
  'value.converter=org.apache.kafka.connect.storage.StringConverter',
  `offset.storage.file.filename=${join(folder, 'offsets')}`,
].join('\n')

async function file(name: string, text: string): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, text)
  return path
}

test('help and version are printed to standard output', async () => {
  const help = await headrace(['--help'])
  assert.equal(help.code, 0)
  assert.match(help.stdout, /^headrace - runs Kafka Connect connectors on Node\.js\n/)
  const page = await headrace(['offsets', '--help'])
  assert.match(page.stdout, /^headrace offsets <name> \[get \| set <file\|-> \| reset\]\n/)
  const version = await headrace(['--version'])
  assert.match(version.stdout, /^headrace \d+\.\d+\.\d+ \(compatible with Kafka Connect 4\.\d+\.\d+\)\n$/)
})

test('an invalid command line exits with 1 and prints the error to standard error', async () => {
  const { code, stdout, stderr } = await headrace(['distributed', '--overide', 'a=b'])
  assert.deepEqual([code, stdout], [1, ''])
  assert.equal(
    stderr,
    "headrace: Unknown option '--overide'; did you mean --override?\nTry 'headrace help distributed'.\n",
  )
})

test('a misspelt command gets a suggestion', async () => {
  for (const [args, shown] of [
    [['staus'], 'staus'],
    [['help', 'staus'], 'help: staus'],
  ] as const) {
    const { code, stderr } = await headrace(args)
    assert.equal(code, 1)
    assert.equal(
      stderr,
      `headrace: ${shown}: no such command; did you mean status?\nTry 'headrace --help'.\n`,
    )
  }
  assert.doesNotMatch((await headrace(['help', 'nonsense'])).stderr, /did you mean/)
})

test('the error for an invalid port names its setting', async () => {
  const path = await file('port.properties', workerSettings)
  const { code, stdout, stderr } = await headrace([
    'standalone',
    path,
    '--override',
    'listeners=http://127.0.0.1:80800',
  ])
  assert.equal(code, 2)
  assert.equal(
    stderr,
    'headrace: listeners: found port 80800 in http://127.0.0.1:80800, expected 0 to 65535\n',
  )
  assert.match(stdout, /starting a standalone worker/)
})

test('invalid settings exit with 2, and each error names its line', async () => {
  const path = await file('w.properties', 'bootstrap.servers=127.0.0.1:1\n\ngruop.id=x\nlog.level=loud\n')
  const { code, stderr } = await headrace(['distributed', path, '--override', 'task.processes=0'])
  assert.equal(code, 2)
  const lines = stderr.split('\n')
  assert.equal(lines[0], 'headrace: The worker cannot start with these settings:')
  for (const line of [
    '  w.properties: group.id: required, but not set',
    '  w.properties:3: gruop.id: no such setting; did you mean group.id?',
    "  w.properties:4: log.level: found 'loud', expected one of trace, debug, info, warn, error, off",
    "  --override task.processes: found '0', expected at least 1",
  ])
    assert.ok(lines.includes(line), `${line} in\n${stderr}`)
})

test('the error for a missing file names it', async () => {
  const missing = join(folder, 'none.properties')
  const { code, stderr } = await headrace(['standalone', missing])
  assert.deepEqual([code, stderr], [2, `headrace: cannot read ${missing}: no such file\n`])
})

test('an invalid connector file exits with 3 before the worker starts', async () => {
  const worker = await file('s.properties', workerSettings)
  const connector = await file('c.json', '{"name":"a","config":{"name":"b"}}')
  const { code, stdout, stderr } = await headrace(['standalone', worker, connector])
  assert.deepEqual([code, stdout], [3, ''])
  assert.equal(stderr, `headrace: ${connector}: "name" is 'a', but the setting name is 'b'\n`)
})

test('a command exits with 2 if the worker is unreachable', async () => {
  const { code, stderr } = await headrace(['status'], {
    env: { HEADRACE_URL: 'http://u:secret@127.0.0.1:1' },
  })
  assert.equal(code, 2)
  assert.match(stderr, /^headrace: cannot reach a worker at http:\/\/127\.0\.0\.1:1: /)
  assert.doesNotMatch(stderr, /secret/)
})
