import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { parseProperties } from '../../config/index.ts'
import { filesOfPage } from '../../docs/guides/test/examples.ts'
import { commandLine, projectFolder } from '../services/project.ts'
import {
  createBucket,
  sharedKafka,
  startWorker,
  uniqueName,
  waitFor,
  workFolder,
  type Bucket,
} from '../services/index.ts'

const PAGE = 'docs/guides/kafka-to-s3.md'
const TIMEOUT_MS = 60_000
const run = promisify(execFile)

/** The commands of the page, without their comments. */
async function commandsOfPage(): Promise<string[]> {
  const page = await readFile(join(projectFolder, PAGE), 'utf8')
  const blocks = [...page.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, text = '']) => text)
  return blocks
    .join('')
    .trim()
    .split('\n')
    .map((line) => line.replace(/\s{2,}# .*$/, ''))
}

const FIRST_KEY = 'topics/orders/partition=0/orders+0+0000000000.json'

/** What the page shows of the bucket and of the copy, under the names that the test uses. */
async function shows(command: string, bucket: Bucket, folder: string, named: (text: string) => string) {
  if (command.startsWith('aws s3 ls ')) return (await bucket.keys()).length === 2
  if (command === `aws s3 cp s3://lake/${FIRST_KEY} -`) {
    const text = (await bucket.read(named(FIRST_KEY))).toString()
    assert.deepEqual(idsIn(text), [1, 2, 3])
    return true
  }
  assert.equal(command, 'cat copy.jsonl')
  const text = await readFile(join(folder, 'copy.jsonl'), 'utf8').catch(() => '')
  return idsIn(text).join() === '1,2,3,4,5'
}

const idsIn = (text: string): number[] =>
  text
    .split('\n')
    .slice(0, -1)
    .map((line) => (JSON.parse(line) as { id: number }).id)

test('the commands of the guide write a topic to a bucket, read it back, and leave the objects behind', async (t) => {
  const folder = workFolder('guide')
  const own = uniqueName('guide')
  const bucket = await createBucket()
  t.after(() => bucket.drop())
  const named = (text: string) =>
    text.replaceAll(/\b(orders-restored|orders|lake|restore|copy)\b(?!\.(?:properties|jsonl))/g, `${own}-$1`)
  const files = await filesOfPage(PAGE)
  const place = Object.entries(bucket.props).map(([key, value]) => `${key}=${value}`)
  for (const [name, text] of files) {
    const inBucket = text.includes('s3.bucket.name') ? `${named(text)}\n${place.join('\n')}\n` : named(text)
    await writeFile(join(folder, name), name.endsWith('.jsonl') ? text : inBucket)
  }
  const worker = await startGuideWorker(t, files.get('worker.properties') ?? '', own, folder)
  const headrace = (args: string[]) =>
    run(process.execPath, [commandLine, ...args, '--url', worker.rest.url], { cwd: folder })

  for (const command of await commandsOfPage()) {
    const [, line] = /^npx headrace (.*)$/.exec(command) ?? []
    if (line === 'distributed worker.properties' || /^aws s3 (?:mb|rb) /.test(command)) continue
    if (line !== undefined) await headrace(named(line).split(' '))
    else {
      const shown = async () => ((await shows(command, bucket, folder, named)) ? true : undefined)
      await waitFor(shown, { timeoutMs: TIMEOUT_MS, what: command })
    }
  }

  assert.deepEqual((await worker.rest.get('/connectors')).body, [])
  assert.equal((await bucket.keys()).length, 2)
})

async function startGuideWorker(
  t: Parameters<typeof startWorker>[0],
  text: string,
  own: string,
  folder: string,
) {
  const props = parseProperties(text.replaceAll('headrace', own)).map(
    ({ key, value }) => [key, value] as const,
  )
  const kafka = await sharedKafka(() => {})
  return startWorker(t, {
    props: { ...Object.fromEntries(props), 'bootstrap.servers': kafka },
    cwd: folder,
  })
}
