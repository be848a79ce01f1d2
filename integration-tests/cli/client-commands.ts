import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { uniqueName, waitFor, workFolder } from '../services/index.ts'
import { headrace } from './command-line.ts'

const folder = workFolder('client')
const inFile = join(folder, 'in.txt')
await writeFile(inFile, 'one\ntwo\n')

const sourceOf = (name: string) => ({
  name,
  'connector.class': 'FileStreamSource',
  'topic': name,
  'file': inFile,
})

/** Tests of the client commands, which work the same with Headrace and Java workers. */
export function testCommands(url: string): void {
  const env = { HEADRACE_URL: url }

  async function done(args: readonly string[], input = ''): Promise<string> {
    const { code, stdout, stderr } = await headrace(args, { env, input })
    assert.equal(code, 0, stderr)
    return stdout
  }

  async function failed(args: readonly string[], code: number, input = ''): Promise<string> {
    const result = await headrace(args, { env, input })
    assert.equal(result.code, code, result.stderr)
    return result.stderr
  }

  test('health reports a healthy worker', async () => {
    assert.match(await done(['health']), /ready to handle requests/)
    assert.deepEqual(Object.keys(JSON.parse(await done(['health', '--json'])) as object), [
      'status',
      'message',
    ])
  })

  test('commands create, show, change, pause, stop and delete a connector', async () => {
    const name = uniqueName('life')
    const created = await done(['create', '-', '--wait'], JSON.stringify(sourceOf(name)))
    assert.match(created, new RegExp(`^${name} +source +RUNNING +\\S+\\n {2}task 0 +RUNNING +\\S+$`, 'm'))
    assert.match(await done(['connectors']), new RegExp(`^${name} +source +RUNNING +1 running `, 'm'))
    const listed = JSON.parse(await done(['connectors', '--json'])) as Record<
      string,
      { info: { type: string } }
    >
    assert.equal(listed[name]?.info.type, 'source')
    const properties = await done(['config', name])
    assert.match(properties, /^connector\.class=FileStreamSource\n/)
    assert.match(
      await failed(['create', '-'], 2, properties),
      /^headrace: Connector .* already exists; use --update to replace its settings\n$/,
    )
    await done(['create', '-', '--update', '--wait'], `${properties}batch.size=7\n`)
    assert.match(await done(['config', name]), /^batch\.size=7$/m)
    assert.match(await done(['pause', name, '--wait']), /task 0 +PAUSED/)
    assert.match(await done(['resume', name, '--wait']), /task 0 +RUNNING/)
    assert.match(await done(['restart', name]), /connector restarted; --include-tasks restarts its tasks too/)
    assert.match(await done(['restart', name, '--include-tasks', '--wait']), /task 0 +RUNNING/)
    assert.doesNotMatch(await done(['stop', name, '--wait']), /task 0/)
    assert.equal(await done(['delete', name, '--wait']), `${name}: deleted\n`)
    assert.equal(await failed(['status', name], 2), `headrace: No status found for connector ${name}\n`)
  })

  test('offsets shows the offsets, and sets and resets them once the connector is stopped', async () => {
    const name = uniqueName('offsets')
    await done(['create', '-', '--wait'], JSON.stringify({ name, config: sourceOf(name) }))
    await waitFor(
      async () => ((await done(['offsets', name])).includes('{"position":8}') ? true : undefined),
      {
        timeoutMs: 20_000,
        what: 'the offset to be stored',
      },
    )
    assert.equal(
      await failed(['offsets', name, 'reset'], 2),
      `headrace: ${name} must be stopped before its offsets can be changed: headrace stop ${name} --wait\n`,
    )
    await done(['stop', name, '--wait'])
    const offsets = await done(['offsets', name, 'get', '--json'])
    await done(['offsets', name, 'set', '-'], offsets.replace('"position":8', '"position":4'))
    assert.match(await done(['offsets', name]), /\{"position":4\}\n$/)
    await done(['offsets', name, 'reset'])
    assert.equal(await done(['offsets', name]), 'no offsets\n')
    await done(['delete', name])
  })

  test('patch changes and removes individual settings', async () => {
    const name = uniqueName('patched')
    await done(['create', '-', '--wait'], JSON.stringify({ ...sourceOf(name), 'batch.size': '5' }))
    assert.match(
      await done(['patch', name, 'batch.size=7', 'errors.tolerance=all', '--wait']),
      /task 0 +RUNNING/,
    )
    const changed = await done(['config', name])
    assert.match(changed, /^batch\.size=7\n/)
    assert.match(changed, /^errors\.tolerance=all$/m)
    assert.equal(await done(['patch', name, '--unset', 'errors.tolerance']), `${name}: settings changed\n`)
    assert.doesNotMatch(await done(['config', name]), /errors\.tolerance/)
    assert.match(await failed(['patch', name, 'tasks.max=0'], 3), /\n {2}tasks\.max: Invalid value 0 /)
    assert.match(await failed(['patch', 'nobody', 'a=b'], 2), /nobody not found/)
    await done(['delete', name])
  })

  test('topics lists and resets the topics of a connector', async () => {
    const name = uniqueName('used')
    await done(['create', '-', '--wait'], JSON.stringify(sourceOf(name)))
    const listed = async () => ((await done(['topics', name])) === `${name}\n` ? true : undefined)
    await waitFor(listed, { timeoutMs: 20_000, what: 'the topic to be listed' })
    await done(['stop', name, '--wait'])
    await done(['topics', name, 'reset'])
    const forgotten = async () => ((await done(['topics', name])) === 'no topics\n' ? true : undefined)
    await waitFor(forgotten, { timeoutMs: 20_000, what: 'the topic to be removed from the list' })
    await done(['delete', name])
  })

  test('loggers shows and sets log levels', async () => {
    const logger = 'org.example.shown'
    assert.match(await done(['loggers', logger, 'debug']), /^org\.example\.shown: DEBUG on this worker/)
    for (const args of [['loggers'], ['loggers', logger]]) {
      assert.match(await done(args), /^org\.example\.shown +DEBUG +\d{4}-/m)
    }
    assert.equal(await done(['loggers', logger, 'warn', '--cluster']), `${logger}: WARN on all workers\n`)
    assert.match(await failed(['loggers', logger, 'loud'], 2), /loud/i)
  })

  test('invalid settings are listed individually, and the exit code is 3', async () => {
    const wrong = JSON.stringify({ 'name': 'wrong', 'connector.class': 'FileStreamSink', 'tasks.max': 0 })
    const lines = [
      'wrong: invalid settings',
      '  tasks.max: Invalid value 0 for configuration tasks.max: Value must be at least 1',
      '  topics: Must configure one of topics or topics.regex',
      '  topics.regex: Must configure one of topics or topics.regex',
      '',
    ]
    assert.equal(await failed(['create', '-'], 3, wrong), `headrace: ${lines.join('\n')}`)
    const { code, stdout } = await headrace(['validate', '-'], { env, input: wrong })
    assert.deepEqual([code, stdout], [3, lines.join('\n')])
    const right = await done(['validate', '-'], JSON.stringify(sourceOf('right')))
    assert.equal(right, 'right: all settings are valid\n')
  })

  test('an unknown connector class gets a suggestion, and the exit code is 3', async () => {
    const short = JSON.stringify({ ...sourceOf('x'), 'connector.class': 'FileStreamSouce' })
    const hint = 'run headrace plugins to list those it has'
    for (const args of [
      ['validate', '-'],
      ['create', '-'],
    ]) {
      assert.equal(
        await failed(args, 3, short),
        `headrace: connector.class: the worker has no connector FileStreamSouce; did you mean FileStreamSource?; ${hint}\n`,
      )
    }
    const full = {
      ...sourceOf('x'),
      'connector.class': 'org.apache.kafka.connect.file.FileStreamSnikConnector',
    }
    assert.match(
      await failed(['validate', '-'], 3, JSON.stringify(full)),
      /; did you mean org\.apache\.kafka\.connect\.file\.FileStreamSinkConnector\?/,
    )
    const foreign = { ...sourceOf('x'), 'connector.class': 'com.example.Quux' }
    assert.doesNotMatch(await failed(['validate', '-'], 3, JSON.stringify(foreign)), /did you mean/)
  })

  test('an unknown transform class gets a suggestion', async () => {
    const type = 'org.apache.kafka.connect.transforms.HoistFeild$Value'
    const config = { ...sourceOf('x'), 'transforms': 'wrap', 'transforms.wrap.type': type }
    const { code, stdout } = await headrace(['validate', '-'], { env, input: JSON.stringify(config) })
    assert.equal(code, 3)
    assert.match(
      stdout,
      /^ {2}transforms\.wrap\.type: .*could not be found; did you mean org\.apache\.kafka\.connect\.transforms\.HoistField\$Value\?$/m,
    )
  })

  test('a failed task ends the wait with its root cause, and status prints its trace', async () => {
    const name = uniqueName('failing')
    const settings = `name=${name}\nconnector.class=FileStreamSink\ntopics=${name}\nfile=${folder}\n`
    const refusal = await failed(['create', '-', '--wait'], 2, settings)
    const [first = '', hint] = refusal.split('\n')
    const cause = first.replace(`headrace: ${name}: task 0 failed: `, '')
    assert.match(cause, /directory/i, refusal)
    assert.equal(hint, `headrace status ${name} --trace shows the full trace`)
    const status = await done(['status', name])
    assert.ok(status.includes(cause), status)
    assert.match(status, /task 0 +FAILED /)
    const trace = await done(['status', name, '--trace'])
    assert.match(trace, new RegExp(`^${name}: task 0 failed on \\S+\\n {2}org\\.apache\\.kafka\\.connect\\.`))
    assert.ok(trace.includes(`  Caused by: ${cause}\n`), trace)
    assert.match(
      await done(['restart', name, '--include-tasks', '--only-failed']),
      new RegExp(`^${name}: restarting task 0\n$`),
    )
    await done(['delete', name])
  })

  test('commands print the error of the worker for an unknown connector', async () => {
    assert.equal(await failed(['pause', 'nobody'], 2), 'headrace: Unknown connector nobody\n')
    assert.equal(await failed(['restart', 'nobody'], 2), 'headrace: Unknown connector: nobody\n')
    assert.equal(await failed(['delete', 'nobody'], 2), 'headrace: Connector nobody not found\n')
  })

  test('plugins lists plugins by kind', async () => {
    assert.match(
      await done(['plugins']),
      /^source +\S+ +org\.apache\.kafka\.connect\.file\.FileStreamSourceConnector$/m,
    )
    assert.match(
      await done(['plugins', '--all']),
      /^converter +\S+ +org\.apache\.kafka\.connect\.json\.JsonConverter$/m,
    )
  })
}
