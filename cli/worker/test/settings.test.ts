import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { converterNotes } from '../converter-notes.ts'
import { readWorkerSettings } from '../settings.ts'

test('unknown settings of a built-in converter of the worker cause warnings with suggestions', async () => {
  const notes = await converterNotes({
    'key.converter': 'org.apache.kafka.connect.json.JsonConverter',
    'key.converter.schema.enable': 'false',
    'key.converter.schemas.cache.size': '10',
    'value.converter': 'String',
    'value.converter.converter.encodin': 'UTF-8',
    'header.converter': 'org.example.Own',
    'header.converter.any': 'x',
  })

  assert.deepEqual(notes, [
    {
      key: 'key.converter.schema.enable',
      text: 'JsonConverter has no such setting; did you mean key.converter.schemas.enable?',
    },
    {
      key: 'value.converter.converter.encodin',
      text: 'StringConverter has no such setting; did you mean value.converter.converter.encoding?',
    },
  ])
})

test('config providers of the worker are found by their short names', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'headrace-'))
  t.after(() => rm(folder, { recursive: true }))
  await writeFile(join(folder, 'secrets.properties'), 'brokers=localhost:9092')
  for (const name of [
    'File',
    'FileConfigProvider',
    'org.apache.kafka.common.config.provider.FileConfigProvider',
  ]) {
    const path = join(folder, 'w.properties')
    const lines = [
      'config.providers=file',
      `config.providers.file.class=${name}`,
      `bootstrap.servers=\${file:${join(folder, 'secrets.properties')}:brokers}`,
      'offset.storage.file.filename=offsets',
      'key.converter=String',
      'value.converter=String',
    ]
    await writeFile(path, lines.join('\n'))

    const { props, warnings } = await readWorkerSettings('standalone', {
      file: path,
      overrides: {},
      environment: undefined,
    })

    assert.equal(props['bootstrap.servers'], 'localhost:9092')
    assert.deepEqual(warnings, [])
  }
})

test('the settings of Kafka clients are known, and the reason is named for those without effect', async () => {
  const { warnings } = await readWorkerSettings('standalone', {
    file: undefined,
    overrides: {
      'bootstrap.servers': 'localhost:9092',
      'offset.storage.file.filename': 'offsets',
      'key.converter': 'String',
      'value.converter': 'String',
      'request.timeout.ms': '1000',
      'send.buffer.bytes': '1000',
      'producer.linger.mss': '1',
    },
    environment: undefined,
  })

  assert.deepEqual(warnings, [
    '--override send.buffer.bytes: no effect: the operating system sizes socket buffers',
    '--override producer.linger.mss: no effect; did you mean linger.ms?',
  ])
})
