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
