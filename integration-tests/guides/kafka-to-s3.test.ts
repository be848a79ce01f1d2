import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { createBucket } from '../services/index.ts'
import { runGuide, untilShown } from './run-guide.ts'

const FIRST_OBJECT = /^aws s3 cp s3:\/\/\w+\/(topics\/\w+\/partition=0\/\w+\+0\+0000000000\.json) -$/

const idsIn = (text: string): string =>
  text
    .split('\n')
    .slice(0, -1)
    .map((line) => (JSON.parse(line) as { id: number }).id)
    .join()

test('the commands of the guide write a topic to a bucket, read it back, and leave the objects behind', async (t) => {
  const bucket = await createBucket()
  t.after(() => bucket.drop())
  const { rest } = await runGuide(t, {
    page: 'docs/guides/kafka-to-s3.md',
    names: ['orders-restored', 'orders', 'lake', 'restore', 'copy'],
    settings: (text) => (text.includes('s3.bucket.name') ? bucket.props : {}),
    async execute(command, { folder }) {
      if (/^aws s3 (?:mb|rb) /.test(command.text)) return
      const [, object] = FIRST_OBJECT.exec(command.text) ?? []
      if (command.text.startsWith('aws s3 ls ')) {
        await untilShown(command, async () => String((await bucket.keys()).length), '2')
      } else if (object !== undefined) {
        await untilShown(command, async () => idsIn((await bucket.read(object)).toString()), '1,2,3')
      } else {
        assert.equal(command.text, 'cat copy.jsonl')
        const copy = () => readFile(join(folder, 'copy.jsonl'), 'utf8').catch(() => '')
        await untilShown(command, async () => idsIn(await copy()), '1,2,3,4,5')
      }
    },
  })
  assert.deepEqual((await rest.get('/connectors')).body, [])
  assert.equal((await bucket.keys()).length, 2)
})
