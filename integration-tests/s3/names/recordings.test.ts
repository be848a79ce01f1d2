import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { root } from '../../source-tree.ts'
import { cases } from './cases.ts'
import { differencesOf, type RecordedCase } from './recorded.ts'

for (const [name, make] of Object.entries(cases)) {
  test(`every recorded case of ${name} has the same result as with Confluent's classes`, async () => {
    const file = join(root, 'integration-tests/s3/names/recorded', `${name}.json`)
    const recorded = JSON.parse(await readFile(file, 'utf8')) as RecordedCase[]
    const inputs = recorded.map(({ expected: _expected, ...input }) => input)
    assert.deepEqual(
      inputs,
      JSON.parse(JSON.stringify(make())),
      `${name}.json is not of these cases; record them again`,
    )
    const differences = recorded.flatMap((one) => {
      const { expected: _expected, ...input } = one
      return differencesOf(one).map((text) => `${JSON.stringify(input).slice(0, 300)} ${text}`)
    })
    assert.deepEqual(differences, [])
  })
}
