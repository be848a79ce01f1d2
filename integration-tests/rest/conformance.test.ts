import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { distributedProps, KAFKA_ADDRESS, projectFolder, startWorker, workFolder } from '../services/index.ts'
import { differences } from './conformance/compare.ts'
import { ScenarioRunner } from './conformance/run-scenario.ts'
import type { StepResult } from './conformance/scenario.ts'
import { scenarios } from './scenarios/index.ts'

const recordings = join(projectFolder, 'integration-tests/rest/golden')

/** The settings of the worker whose responses are recorded. */
const settings = {
  'rest.advertised.host.name': '127.0.0.1',
  'key.converter': 'org.apache.kafka.connect.json.JsonConverter',
  'value.converter': 'org.apache.kafka.connect.json.JsonConverter',
  'key.converter.schemas.enable': 'false',
  'value.converter.schemas.enable': 'false',
  'offset.flush.interval.ms': '1000',
  'access.control.allow.origin': 'http://allowed.example',
  'access.control.allow.methods': 'GET,POST,PUT',
  'response.http.headers.config': 'add X-Conformance: yes, set X-Second: two',
  'config.providers': 'file,dir,env',
  'config.providers.file.class': 'org.apache.kafka.common.config.provider.FileConfigProvider',
  'config.providers.dir.class': 'org.apache.kafka.common.config.provider.DirectoryConfigProvider',
  'config.providers.env.class': 'org.apache.kafka.common.config.provider.EnvVarConfigProvider',
}

test('the REST API returns the same responses as the Java worker', async (t) => {
  const props = { ...distributedProps(process.env[KAFKA_ADDRESS] ?? ''), ...settings }
  const worker = await startWorker(t, { props })
  const runner = new ScenarioRunner(worker.rest.url, workFolder('conformance'))
  t.after(() => runner.close())

  for (const scenario of scenarios) {
    await t.test(scenario.name, async () => {
      const golden = await readFile(join(recordings, `${scenario.name}.json`), 'utf8')
      const { steps: expected } = JSON.parse(golden) as { steps: StepResult[] }
      const found = await runner.run(scenario)
      assert.equal(found.length, expected.length, 'the number of steps differs')
      const faults = found.flatMap((result, index) => {
        const list = differences(expected[index], result)
        return list.length === 0
          ? []
          : [`${index + 1}. ${result.label}`, ...list.map((text) => `     ${text}`)]
      })
      assert.equal(faults.join('\n'), '')
    })
  }
})
