import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { before, test } from 'node:test'
import { promisify } from 'node:util'
import { gunzipSync } from 'node:zlib'
import { FLOAT64, INT64, OPTIONAL_STRING, struct, timestampSchema } from '../../../api/index.ts'
import {
  compressionNamed,
  gzip,
  jsonFormat,
  jsonReader,
  type Compression,
} from '../../../connectors/s3/formats/index.ts'
import type { ObjectSource } from '../../../connectors/s3/ports.ts'
import { javaCommand, javaKit, projectFolder, runPython, workFolder } from '../../services/index.ts'

const run = promisify(execFile)

const compressions: readonly Compression[] = [
  ...[-1, 0, 1, 9].map(gzip),
  compressionNamed('snappy'),
  compressionNamed('zstd'),
]

/** More than one chunk of each compression. */
const RECORDS = 20_000
const schema = struct({ id: INT64, at: timestampSchema(), score: FLOAT64, note: OPTIONAL_STRING })
const records = Array.from({ length: RECORDS }, (_, id) => ({
  id,
  at: new Date(1_700_000_000_000 + id),
  score: Math.sin(id + 1),
  note: id % 3 === 0 ? null : `Größe €${(id * 7919) % 10_007}`,
}))

let folder: string
let plain: string
let files: readonly string[]

before(async () => {
  folder = workFolder('formats')
  plain = join(folder, 'plain.json')
  await writeObject(compressionNamed('none'), plain)
  files = compressions.map(({ extension }, at) => join(folder, `${at}.json${extension}`))
  for (const [at, file] of files.entries()) await writeObject(compressions[at]!, file)
})

/** Writes the records as the sink does, with pauses in which the encoder is made to release what it holds. */
async function writeObject(compression: Compression, file: string): Promise<void> {
  const parts: Buffer[] = []
  const encoder = jsonFormat('base64', compression).open(schema, (bytes) => parts.push(bytes))
  for (const [at, record] of records.entries()) {
    encoder.write(record, schema)
    if (at % 7000 === 0) await encoder.release()
  }
  await encoder.end()
  await writeFile(file, Buffer.concat(parts))
}

const digestOf = async (bytes: Buffer | Promise<Buffer>): Promise<string> =>
  createHash('sha256')
    .update(await bytes)
    .digest('hex')

async function java(...args: readonly string[]): Promise<string> {
  const program = join(projectFolder, 'integration-tests/s3/formats/Streams.java')
  const { stdout } = await run(javaCommand(), ['-cp', join(await javaKit(), '*'), program, ...args])
  return stdout
}

function fileObject(file: string, size: number): ObjectSource {
  return {
    key: file,
    size,
    stream: (start) => createReadStream(file, { start }) as AsyncIterable<Buffer>,
    range: async (start, end) => (await readFile(file)).subarray(start, end),
  }
}

test('objects of every compression are read by the streams of Java', async () => {
  const expected = await digestOf(readFile(plain))
  const digests = (await java('read', ...files)).trim().split('\n')
  assert.deepEqual(
    digests,
    files.map(() => expected),
  )
})

test('objects with gzip are read by Python, zcat and Node.js', async () => {
  const expected = await readFile(plain)
  const program =
    'import gzip, hashlib, sys\nfor f in sys.argv[1:]: print(hashlib.sha256(gzip.open(f).read()).hexdigest())'
  const zipped = files.filter((file) => file.endsWith('.gz'))
  const digests = (await runPython(program, { packages: ['gzip'], args: zipped })).trim().split('\n')
  assert.deepEqual(digests, await Promise.all(zipped.map(() => digestOf(expected))))
  for (const file of zipped) {
    const options = { encoding: 'buffer', maxBuffer: expected.length + 1 } as const
    assert.ok((await run('zcat', [file], options)).stdout.equals(expected))
    assert.ok(gunzipSync(await readFile(file)).equals(expected))
  }
})

test('gzip in chunks is as small as in one piece', async () => {
  const program = 'import gzip, sys\nprint(len(gzip.compress(open(sys.argv[1], "rb").read(), 9)))'
  const whole = Number(await runPython(program, { packages: ['gzip'], args: [plain] }))
  const { size } = await stat(files[3]!)
  assert.ok(size < whole * 1.02, `${size} instead of ${whole} bytes`)
})

test('what the streams of Java write is read', async () => {
  const expected = (await readFile(plain, 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown)
  const written = ['.gz', '.snappy', '.zst'].map((end) => join(folder, `java.json${end}`))
  await java('write', plain, ...written)
  for (const [at, name] of (['gzip', 'snappy', 'zstd'] as const).entries()) {
    const object = fileObject(written[at]!, (await stat(written[at]!)).size)
    const values: unknown[] = []
    const reader = jsonReader(compressionNamed(name), 10_000)
    for await (const batch of reader.read(object, 0, new AbortController().signal)) {
      values.push(...batch.map(({ value }) => value))
    }
    assert.deepEqual(values, expected, name)
  }
})
