import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseCommand } from '../arguments.ts'
import { exitCodes, UsageError } from '../exit-codes.ts'

const parse = (line: string) => parseCommand(line.split(' ').filter((part) => part !== ''))
const refused = (line: string, message: string) =>
  assert.throws(
    () => parse(line),
    (error) => {
      assert.ok(error instanceof UsageError)
      assert.equal(error.exitCode, exitCodes.usage)
      assert.equal(error.message, message)
      return true
    },
  )

test('a worker command takes a property file and overrides', () => {
  assert.deepEqual(parse('distributed w.properties --override a=b=c --override group.id=g'), {
    kind: 'worker',
    name: 'distributed',
    workerFile: 'w.properties',
    fromEnvironment: false,
    connectorFiles: [],
    overrides: { 'a': 'b=c', 'group.id': 'g' },
  })
})

test('--env makes the property file optional', () => {
  const command = parse('distributed --env')
  assert.equal(command.kind === 'worker' && command.fromEnvironment, true)
  assert.equal(command.kind === 'worker' && command.workerFile, undefined)
  refused('distributed', 'distributed: missing <worker.properties>')
  refused('status --env', 'status: --env is not an option of this command')
})

test('a standalone worker takes any number of connector files', () => {
  const command = parse('standalone w.properties a.json b.properties')
  assert.deepEqual(command.kind === 'worker' && command.connectorFiles, ['a.json', 'b.properties'])
})

test('client commands accept options in any position', () => {
  const command = parse('--url http://h:1 restart --task 3 orders --wait --timeout 5')
  assert.ok(command.kind === 'client')
  assert.deepEqual(
    [command.name, command.args, command.url, command.task, command.wait, command.timeoutMs],
    ['restart', ['orders'], 'http://h:1', 3, true, 5000],
  )
})

test('a single dash is parsed as an argument', () => {
  const command = parse('create -')
  assert.deepEqual(command.kind === 'client' && command.args, ['-'])
})

test('help applies to the command it is given with', () => {
  assert.deepEqual(parse('status --help'), { kind: 'help', about: 'status' })
  assert.deepEqual(parse('help offsets'), { kind: 'help', about: 'offsets' })
  assert.deepEqual(parse('help help'), { kind: 'help', about: undefined })
  assert.deepEqual(parse('-h'), { kind: 'help', about: undefined })
  assert.deepEqual(parse('--version'), { kind: 'version' })
})

test('an invalid command line throws an error that names the problem', () => {
  refused('', 'no command given')
  refused('run', 'run: no such command')
  refused('help nonsense', 'help: nonsense: no such command')
  refused('nonsense --help', 'help: nonsense: no such command')
  refused('__proto__', '__proto__: no such command')
  refused('distributed', 'distributed: missing <worker.properties>')
  refused(
    'distributed w c.json',
    'distributed: unexpected argument c.json; create connectors of a cluster with headrace create or the REST API',
  )
  refused('distributed w --override x', '--override x: expected key=value')
  refused('status a b', 'status: unexpected argument b')
  refused('pause', 'pause: missing <name>…')
  refused('status --update', 'status: --update is not an option of this command')
  refused('restart a --task x', '--task x: expected a whole number')
  refused('preview a --count 0', '--count 0: expected a whole number of at least 1')
  refused('status --colour', "Unknown option '--colour'")
  refused(
    'preview a --timeout -1',
    '--timeout: missing value; write one that starts with a hyphen as --timeout=<value>',
  )
  refused('preview a --timeout=-1', '--timeout -1: expected a whole number')
})
