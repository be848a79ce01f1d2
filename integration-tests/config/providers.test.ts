import assert from 'node:assert/strict'
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { readRecords, topicSize } from '../topics/records.ts'
import {
  distributedProps,
  sharedKafka,
  startWorker,
  uniqueName,
  waitFor,
  workFolder,
} from '../services/index.ts'

const SECRET = 'not-to-be-shown'

const providers = {
  'config.providers': 'env,file,dir',
  'config.providers.env.class': 'org.apache.kafka.common.config.provider.EnvVarConfigProvider',
  'config.providers.file.class': 'org.apache.kafka.common.config.provider.FileConfigProvider',
  'config.providers.dir.class': 'org.apache.kafka.common.config.provider.DirectoryConfigProvider',
}

test('variables are resolved in worker and connector settings, but shown unresolved', async (t) => {
  const folder = workFolder('providers')
  const topic = uniqueName('provided')
  const group = uniqueName('cluster')
  mkdirSync(join(folder, 'secrets'))
  writeFileSync(join(folder, 'secrets/user'), 'from-a-folder')
  writeFileSync(join(folder, 'app.properties'), `secret=${SECRET}\ntopic=${topic}\n`)
  writeFileSync(join(folder, 'in.txt'), 'a line\n')
  const props = {
    ...distributedProps(await sharedKafka(), { group }),
    ...providers,
    'group.id': '${env:TEST_GROUP}',
    'value.converter': '${env:TEST_CONVERTER}',
    'value.converter.schemas.enable': 'false',
  }
  const env = { TEST_GROUP: group, TEST_CONVERTER: 'org.apache.kafka.connect.json.JsonConverter' }
  const worker = await startWorker(t, { props, env })
  const config = {
    'connector.class': 'FileStreamSource',
    'file': join(folder, 'in.txt'),
    'topic': `\${file:${folder}/app.properties:topic}`,
    'transforms': 'hoist,secret,user',
    'transforms.hoist.type': 'org.apache.kafka.connect.transforms.HoistField$Value',
    'transforms.hoist.field': 'line',
    'transforms.secret.type': 'org.apache.kafka.connect.transforms.InsertField$Value',
    'transforms.secret.static.field': 'secret',
    'transforms.secret.static.value': `\${file:${folder}/app.properties:secret}`,
    'transforms.user.type': 'org.apache.kafka.connect.transforms.InsertField$Value',
    'transforms.user.static.field': 'user',
    'transforms.user.static.value': `\${dir:${folder}/secrets:user}`,
  }

  await worker.rest.put('provided', config)
  await worker.rest.untilState('provided', 'RUNNING')

  const [record] = await readRecords(topic, 1)
  assert.deepEqual(JSON.parse(record?.value ?? ''), { line: 'a line', secret: SECRET, user: 'from-a-folder' })
  const shown = await worker.rest.get<Record<string, string>>('/connectors/provided/config')
  assert.deepEqual(shown.body, { ...config, name: 'provided' })
  const paths = [
    '/connectors/provided',
    '/connectors/provided/tasks',
    '/connectors?expand=info&expand=status',
  ]
  for (const path of paths) {
    const { status, body } = await worker.rest.get(path)
    assert.equal(status, 200)
    assert.doesNotMatch(JSON.stringify(body), new RegExp(SECRET), path)
  }
  const stored = await readRecords(`${group}-configs`, 3)
  assert.ok(stored.some(({ value }) => value?.includes('${file:') === true))
  for (const { value } of stored) assert.doesNotMatch(value ?? '', new RegExp(SECRET))
  assert.doesNotMatch(worker.log(), new RegExp(SECRET))
})

test('a restart resolves variables again', async (t) => {
  const folder = workFolder('providers')
  const [first, second] = [uniqueName('first'), uniqueName('second')]
  const file = join(folder, 'app.properties')
  writeFileSync(file, `topic=${first}\n`)
  writeFileSync(join(folder, 'in.txt'), 'one\n')
  const worker = await startWorker(t, {
    props: { ...distributedProps(await sharedKafka()), ...providers },
  })
  await worker.rest.put('provided', {
    'connector.class': 'FileStreamSource',
    'file': join(folder, 'in.txt'),
    'topic': `\${file:${file}:topic}`,
  })
  assert.equal((await readRecords(first, 1))[0]?.value, 'one')

  writeFileSync(file, `topic=${second}\n`)
  const path = '/connectors/provided/restart?includeTasks=true'
  await waitFor(async () => ((await worker.rest.request('POST', path)).status === 409 ? undefined : true), {
    timeoutMs: 30_000,
    what: 'the restart request to be accepted',
  })
  // Lines read before the restart go to the old topic
  const feeder = setInterval(() => appendFileSync(join(folder, 'in.txt'), 'two\n'), 100)
  t.after(() => clearInterval(feeder))

  await waitFor(() => topicSize(second), { timeoutMs: 30_000, what: `topic ${second}` })
  clearInterval(feeder)
  assert.equal((await readRecords(second, 1))[0]?.value, 'two')
})
