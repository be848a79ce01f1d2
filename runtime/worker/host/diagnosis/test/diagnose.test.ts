import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConnectError, type Finding, type SourceConnector, type TaskProps } from '../../../../../api/index.ts'
import { gate, settle } from '../../../../timing/test/gate.ts'
import { fakeEnvironment, quietSource } from '../../test/fake-environment.ts'
import { connectorDeleted } from '../deleted.ts'
import { diagnose } from '../diagnose.ts'
import { topicNameFindings } from '../name-findings.ts'

const SECRET = 's3cr&t "x"'
const config = { 'name': 'a', 'connector.class': 'Quiet', 'password': SECRET }

/** A source with a password, whose client rejects its settings immediately, without a broker. */
function open(changes: Partial<SourceConnector> = {}) {
  const password = { type: 'password', default: null, importance: 'high', doc: '' } as const
  const { environment } = fakeEnvironment(quietSource({ config: { password }, ...changes }))
  return { ...environment, worker: { ...environment.worker, 'producer.security.protocol': 'NONE' } }
}

/** The findings that are not about Kafka, which these tests do not have. */
async function findings(changes: Partial<SourceConnector>, props: Record<string, string | null> = config) {
  const found = await diagnose(open(changes), { config: props, exists: true }, 1000, 'all')
  return found.filter(({ id }) => id !== 'kafka-unreachable')
}

test('the findings of a connector are returned after those of the worker; a remedy is text or null', async () => {
  const own: Finding[] = [
    { id: 'slot-missing', severity: 'error', message: 'There is no slot.', remedy: 'Create it.' },
    { id: 'all-fine', severity: 'info', message: 'The rest is fine.' },
  ]
  const found = await diagnose(open({ diagnose: () => own }), { config, exists: true }, 1000, 'all')
  assert.deepEqual(
    found.map(({ id, severity, remedy }) => [id, severity, typeof remedy]),
    [
      ['kafka-unreachable', 'error', 'string'],
      ['slot-missing', 'error', 'string'],
      ['all-fine', 'info', 'object'],
    ],
  )
})

test('a connector is not asked about invalid settings; each error is a finding', async () => {
  const found = await findings(
    { diagnose: () => assert.fail('asked') },
    { ...config, 'tasks.max': '0', 'errors.tolerance': 'some' },
  )
  assert.deepEqual(new Set(found.map(({ id, severity }) => `${id} ${severity}`)), new Set(['config error']))
  const about = found.map(({ message }) => message.slice(0, message.indexOf(':')))
  assert.deepEqual(about.toSorted(), ['errors.tolerance', 'tasks.max'])
})

test('a missing or unknown class is a finding without the settings', async () => {
  const [missing] = await findings({}, { name: 'a', password: SECRET })
  assert.equal(missing?.message, 'connector.class is missing')
  const [unknown] = await findings({}, { ...config, 'connector.class': 'Loud' })
  assert.deepEqual([unknown?.id, unknown?.severity], ['config', 'error'])
  assert.match(unknown?.message ?? '', /^Failed to find any class .* matches Loud/)
})

test('a failed validation becomes a finding, with passwords hidden', async () => {
  const [finding] = await findings({ validate: () => Promise.reject(new Error(`denied for ${SECRET}`)) })
  assert.deepEqual([finding?.id, finding?.message], ['config', 'denied for [hidden]'])
})

test('a setting without effect is a warning', async () => {
  const [warning] = await findings({}, { ...config, pasword: 'x' })
  assert.deepEqual([warning?.id, warning?.severity], ['config', 'warning'])
  assert.match(warning?.message ?? '', /^pasword: .*password/)
})

test('a connector that throws results in one finding with the root cause', async () => {
  const cause = new AggregateError([new Error('connect ECONNREFUSED 127.0.0.1:5432')])
  const found = await findings({
    diagnose: () => Promise.reject(new ConnectError('HR_CONNECT', 'No connection', { cause })),
  })
  assert.deepEqual(
    found.map(({ id, severity }) => [id, severity]),
    [['diagnose-failed', 'error']],
  )
  assert.match(found[0]?.message ?? '', /No connection: connect ECONNREFUSED 127\.0\.0\.1:5432$/)
})

test('an invalid-settings error of the connector itself is a failed diagnosis, not an error in the settings', async () => {
  const [finding] = await findings({
    diagnose: () => Promise.reject(new ConnectError('HR_BAD_REQUEST', 'no')),
  })
  assert.equal(finding?.id, 'diagnose-failed')
})

test('a connector that does not return is a finding beside those of the worker', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const asked = gate()
  const diagnosis = diagnose(
    open({ diagnose: () => (asked.open(), gate<never>().opened) }),
    { config: { ...config, pasword: 'x' }, exists: true },
    30_000,
    'all',
  )
  await asked.opened
  await settle()
  t.mock.timers.tick(32_000)
  const found = await diagnosis
  assert.deepEqual(
    found.map(({ id }) => id),
    ['config', 'kafka-unreachable', 'diagnose-failed'],
  )
  assert.match(found[2]?.message ?? '', /diagnose did not return within 30 s$/)
})

test('a config provider that does not return is a finding after ten seconds', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const environment = open({ validate: () => assert.fail('asked'), diagnose: () => assert.fail('asked') })
  const asked = gate()
  const providers = new Map([['slow', { get: () => (asked.open(), gate<never>().opened) }]])
  const props = { ...config, password: 'config', more: '${slow:/path:key}' }
  const diagnosis = diagnose({ ...environment, providers }, { config: props, exists: true }, 30_000, 'all')
  await asked.opened
  await settle()
  t.mock.timers.tick(10_000)
  assert.deepEqual(await diagnosis, [
    {
      id: 'config',
      severity: 'error',
      message: 'get() of a config provider has not returned within 10 s',
      remedy: 'Check the systems that the config providers of the settings read from.',
    },
  ])
})

test("the worker's part alone runs neither validate nor diagnose of the connector", async () => {
  const never = () => assert.fail('asked')
  const request = { config, exists: true }
  const found = await diagnose(open({ validate: never, diagnose: never }), request, 1000, 'worker')
  assert.deepEqual(
    found.map(({ id }) => id),
    ['kafka-unreachable'],
  )
})

test('stored offsets that do not arrive are an error that names Kafka, at the latest at the deadline', async (t) => {
  const environment = open({
    diagnose: async (_props, { lastOffsets }) => {
      await lastOffsets([{ p: 1 }])
      return []
    },
  })
  const asked = gate()
  const herder = { ...environment.herder, readOffsets: () => (asked.open(), gate<never>().opened) }
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const diagnosis = diagnose({ ...environment, herder }, { config, exists: true }, 30_000, 'all')
  await asked.opened
  await settle()
  t.mock.timers.tick(10_000)
  const found = await diagnosis
  assert.match(found.at(-1)?.message ?? '', /Kafka did not return the stored offsets .* within 10000 ms$/)
})

test('a connector name that the REST API cannot address is an error', async () => {
  const found = await findings({}, { ...config, name: 'a/b' })
  assert.deepEqual(
    found.map(({ id, severity }) => [id, severity]),
    [['connector-name', 'error']],
  )
  assert.match(found[0]?.message ?? '', /its name contains '\/'/)
})

test('each topic name in common settings that Kafka rejects is an error', () => {
  const sink = { 'topics': 'good,a b,ü', 'errors.deadletterqueue.topic.name': 'bad name' }
  const found = topicNameFindings('sink', sink, (text) => text)
  assert.deepEqual(
    found.map(({ id, severity, remedy }) => [id, severity, remedy]),
    [
      ['topic-name', 'error', 'Correct the setting topics.'],
      ['topic-name', 'error', 'Correct the setting topics.'],
      ['topic-name', 'error', 'Correct the setting errors.deadletterqueue.topic.name.'],
    ],
  )
  assert.match(found[0]?.message ?? '', /'a b': only ASCII letters/)
  const source = { 'offsets.storage.topic': '.', 'topics': 'a b' }
  assert.equal(topicNameFindings('source', source, (text) => text).length, 1)
})

test('a value that cannot be parsed is one finding', async () => {
  const found = await findings({}, { ...config, 'tasks.max': 'many' })
  assert.deepEqual(
    found.map(({ message }) => message),
    ['tasks.max: Invalid value many for configuration tasks.max: Not a number of type INT'],
  )
})

test('malformed findings are replaced, and the others are kept', async () => {
  const good: Finding = { id: 'fine', severity: 'info', message: 'x' }
  const bad: unknown[] = [
    null,
    7,
    { ...good, id: 'Not Kebab' },
    { ...good, severity: 'fatal' },
    { ...good, message: '' },
    { ...good, remedy: 5 },
  ]
  const found = await findings({ diagnose: () => [...bad, good] as Finding[] })
  assert.deepEqual(
    found.map(({ id }) => id),
    [...bad.map(() => 'diagnose-failed'), 'fine'],
  )
  const [none] = await findings({ diagnose: () => 'fine' as unknown as Finding[] })
  assert.match(none?.message ?? '', /did not return an array of findings/)
})

test('passwords are hidden in findings, even as part of a URL or of JSON', async () => {
  const message = `${SECRET} in postgres://u:${encodeURIComponent(SECRET)}@db and {"p":${JSON.stringify(SECRET)}}`
  const remedy = `Do not use ${SECRET}.`
  const shown = await findings({ diagnose: () => [{ id: 'leak', severity: 'info', message, remedy }] })
  assert.deepEqual(shown, [
    {
      id: 'leak',
      severity: 'info',
      message: '[hidden] in postgres://u:[hidden]@db and {"p":"[hidden]"}',
      remedy: 'Do not use [hidden].',
    },
  ])
  const thrown = await findings({ diagnose: () => Promise.reject(new Error(`denied for ${SECRET}`)) })
  assert.match(thrown[0]?.message ?? '', /denied for \[hidden\]$/)
  const short = await findings(
    { diagnose: () => [{ id: 'leak-d', severity: 'info', message: 'a d b' }] },
    { ...config, password: 'd' },
  )
  assert.deepEqual([short[0]?.id, short[0]?.message], ['plugin-finding', 'a [hidden] b'])
})

test('a password that occurs in a text of the worker does not change the text', async () => {
  const props = { ...config, 'password': 'kafka', 'pasword': 'x', 'offsets.storage.topic': 'kafka topic' }
  const find = async (password: string) =>
    (await diagnose(open(), { config: { ...props, password }, exists: true }, 1000, 'all')).map(
      ({ id, message, remedy }) => ({ id, message, remedy }),
    )
  const unhidden = await find('not in any text')
  assert.deepEqual(
    unhidden.map(({ id }) => id),
    ['topic-name', 'config', 'kafka-unreachable'],
  )
  const [topic, ...others] = await find('kafka')
  assert.match(topic?.message ?? '', /^Kafka rejects the topic name '\[hidden\] topic': /)
  assert.deepEqual(others, unhidden.slice(1))
  assert.deepEqual(await find('Correct'), unhidden)
})

test('a password that occurs in the text around the reason of a failure hides only the reason', async () => {
  const password = 'diagnos'
  const [failed] = await findings(
    { diagnose: () => Promise.reject(new Error(`no ${password}`)) },
    { ...config, password },
  )
  assert.deepEqual(
    [failed?.id, failed?.message],
    ['diagnose-failed', 'The connector could not complete its diagnosis: no [hidden]'],
  )
  const [malformed] = await findings(
    { diagnose: () => [{ id: password, severity: 'info', message: '' }] },
    { ...config, password },
  )
  assert.deepEqual(
    [malformed?.id, malformed?.message],
    ['diagnose-failed', 'The connector could not complete its diagnosis: finding 0: it has no message'],
  )
})

test('a connector gets its settings, whether it exists, its stored offsets, and a signal for the deadline', async (t) => {
  let aborted = false
  const seen: unknown[] = []
  const alive = setInterval(() => {}, 1000) // the timer of the deadline does not keep the process alive
  t.after(() => clearInterval(alive))
  await diagnose(
    open({
      diagnose: async (props, { exists, lastOffsets, signal }) => {
        seen.push(props['name'], exists, await lastOffsets([{ p: 1 }]))
        await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
        aborted = signal.aborted
        return []
      },
    }),
    { config, exists: true },
    20,
    'all',
  )
  assert.deepEqual(seen, ['a', true, [undefined]])
  assert.ok(aborted)
})

test('a deleted connector gets its settings; its error is passed on with the root cause, passwords hidden', async () => {
  const seen: TaskProps[] = []
  await connectorDeleted(open({ deleted: (props) => void seen.push(props) }), 'a', config, 1000)
  assert.deepEqual(seen, [config])
  const refusal = new Error('The slot stays', { cause: new Error(`denied for ${SECRET}`) })
  await assert.rejects(
    connectorDeleted(open({ deleted: () => Promise.reject(refusal) }), 'a', config, 1000),
    { code: 'HR_CONNECT', message: 'The slot stays: denied for [hidden]' },
  )
})
