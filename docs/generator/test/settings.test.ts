import assert from 'node:assert/strict'
import { test } from 'node:test'
import { defineConfig } from '../../../api/index.ts'
import { settingsTable } from '../settings.ts'

test('the description of a setting has its examples, its first version, and what to use instead', () => {
  const table = settingsTable(
    defineConfig({
      topic: {
        type: 'string',
        importance: 'high',
        doc: 'Topic to read.',
        examples: ['orders', 'a|b'],
        since: '1.2.0',
        deprecated: '`topics`',
      },
    }),
  )

  assert.match(
    table,
    /\| \*\*Deprecated:\*\* use `topics` instead\. Topic to read\. Examples: `orders`, `a\\\|b`\. Since 1\.2\.0\. \|/,
  )
})

test('a name with several placeholders is one piece of code, without the period of its sentence', () => {
  const doc = 'The statement is the value of snapshot.overrides.<schema>.<table>. See topic.<name>.*, too.'
  const table = settingsTable(defineConfig({ tables: { type: 'list', importance: 'low', doc } }))

  assert.ok(
    table.includes('is the value of `snapshot.overrides.<schema>.<table>`. See `topic.<name>.*`, too.'),
  )
})
