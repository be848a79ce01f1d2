import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { loadConnectorFile } from '../connector-file.ts'
import { decodeText } from '../read-text.ts'

const properties = 'name=a\ntransforms.m.field=caf\u00e9\n'

test('valid UTF-8 is decoded as UTF-8', () => {
  assert.deepEqual(decodeText(Buffer.from(properties, 'utf8')), { text: properties, warning: undefined })
})

test('other bytes are decoded as ISO-8859-1, with a warning that names the line', () => {
  const { text, warning } = decodeText(Buffer.from(properties, 'latin1'))

  assert.equal(text, properties)
  assert.match(warning ?? '', /ISO-8859-1.*line 2$/)
})

test('a connector file in ISO-8859-1 is decoded correctly, with a warning that names the file', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'headrace-'))
  t.after(() => rm(folder, { recursive: true }))
  const path = join(folder, 'c.properties')
  await writeFile(path, Buffer.from(properties, 'latin1'))

  const { config, warnings } = await loadConnectorFile(path)

  assert.equal(config['transforms.m.field'], 'caf\u00e9')
  assert.equal(warnings.length, 1)
  assert.ok(warnings[0]?.startsWith(`${path} is not UTF-8`))
})
