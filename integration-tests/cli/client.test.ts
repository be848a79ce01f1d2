import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { distributedProps, launchWorker, sharedKafka, uniqueName, workFolder } from '../services/index.ts'
import { testCommands } from './client-commands.ts'
import { headrace } from './command-line.ts'

const worker = await launchWorker({ props: distributedProps(await sharedKafka()) })
after(() => worker.stop())
testCommands(worker.rest.url)

const folder = workFolder('misspelt')

test('validate, create and the log report misspelt settings', async () => {
  const name = uniqueName('misspelt')
  const input = JSON.stringify({
    name,
    'connector.class': 'FileStreamSource',
    'topic': name,
    'fiel': `${folder}/in.txt`,
    'file': `${folder}/other.txt`,
    'task.max': 1,
    'transfroms': 'a',
    'vale.converter': 'x',
    'errors.tolerence': 'all',
  })
  const told = [
    `${name}: some settings need attention`,
    '  fiel: No such setting; did you mean file?',
    '  task.max: No such setting; did you mean tasks.max?',
    '  transfroms: No such setting; did you mean transforms?',
    '  vale.converter: No such setting; did you mean value.converter?',
    '  errors.tolerence: No such setting; did you mean errors.tolerance?',
    '',
  ]
  const env = { HEADRACE_URL: worker.rest.url }
  const validated = await headrace(['validate', '-'], { env, input })
  assert.equal(validated.code, 0)
  assert.deepEqual(validated.stdout.split('\n'), [`${name}: all settings are valid`, ...told])
  const created = await headrace(['create', '-', '--wait'], { env, input })
  assert.equal(created.code, 0)
  assert.deepEqual(created.stderr.split('\n'), told)
  await headrace(['restart', name, '--task', '0', '--wait'], { env })
  const lines = worker
    .log()
    .split('\n')
    .filter((line) => line.includes('some settings of the connector need attention') && line.includes(name))
  assert.equal(lines.length, 1)
  assert.match(lines[0] ?? '', /fiel: No such setting; did you mean file\?/)
  await headrace(['delete', name], { env })
})
