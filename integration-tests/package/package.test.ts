import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { before, after, test } from 'node:test'
import { promisify } from 'node:util'
import { root } from '../source-tree.ts'

const run = promisify(execFile)

const CONSUMER = `
import { ConnectError, defineConfig, type SinkConnector } from 'headrace'
import { transformAcceptance } from 'headrace/testing'
import { startWorker, type RunningWorker } from 'headrace/worker'

export const config = defineConfig({ file: { type: 'string', importance: 'high', doc: 'A file.' } })
export const start = (): Promise<RunningWorker> => startWorker('standalone', { props: {}, warnings: [] })
export const used: readonly unknown[] = [ConnectError, transformAcceptance]
export type Sink = SinkConnector
`

let folder = ''
/** The folder of the unpacked package, as in a project that has installed it. */
const installed = () => join(folder, 'node_modules', 'headrace')

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headrace-package-'))
  const { stdout } = await run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], {
    cwd: root,
    maxBuffer: 2 ** 26,
  })
  const [{ filename }] = JSON.parse(stdout) as [{ filename: string }]
  await run('tar', ['xzf', filename], { cwd: folder })
  await mkdir(join(folder, 'node_modules'))
  await cp(join(folder, 'package'), installed(), { recursive: true })
  await linkDependencies()
})

after(() => rm(folder, { recursive: true, force: true }))

/** Links the packages that a package manager would install next to the package. */
async function linkDependencies(): Promise<void> {
  const { dependencies } = await manifest(installed())
  for (const name of [...Object.keys(dependencies ?? {}), '@types/node', 'undici-types']) {
    const link = join(folder, 'node_modules', name)
    await mkdir(join(link, '..'), { recursive: true })
    await symlink(join(root, 'node_modules', name), link)
  }
}

interface Manifest {
  readonly name?: string
  readonly engines?: { readonly node?: string }
  readonly dependencies?: Readonly<Record<string, string>>
}

const manifest = async (path: string) =>
  JSON.parse(await readFile(join(path, 'package.json'), 'utf8')) as Manifest

test('a project that type-checks its libraries compiles with the packed package', async () => {
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }')
  await writeFile(join(folder, 'consumer.ts'), CONSUMER)
  const options = [
    '--noEmit',
    '--strict',
    '--skipLibCheck',
    'false',
    '--module',
    'nodenext',
    '--target',
    'es2023',
  ]
  const tsc = join(root, 'node_modules', '.bin', 'tsc')

  const { stdout } = await run(tsc, [...options, '--types', 'node', 'consumer.ts'], { cwd: folder }).catch(
    (error: unknown) => error as { stdout: string },
  )

  assert.equal(stdout, '')
})

test('the command and the worker load from the packed files', async () => {
  const { stdout } = await run(process.execPath, [join(installed(), 'dist/cli/main.js'), '--version'], {
    cwd: folder,
  })
  assert.match(stdout, /\d+\.\d+\.\d+/)
  await run(process.execPath, ['--input-type=module', '-e', "await import('headrace/worker')"], {
    cwd: folder,
  })
})

test('no bundled or required package needs a newer Node.js than Headrace', async () => {
  const bundled = join(installed(), 'node_modules')
  const names = (await readdir(bundled)).filter((name) => !name.startsWith('.'))
  const paths = await Promise.all(
    names.map(async (name) =>
      name.startsWith('@')
        ? (await readdir(join(bundled, name))).map((part) => join(bundled, name, part))
        : [join(bundled, name)],
    ),
  )
  const { dependencies } = await manifest(installed())
  const beside = Object.keys(dependencies ?? {}).map((name) => join(folder, 'node_modules', name))
  const wanted = await Promise.all([...paths.flat(), ...beside].map(manifest))

  assert.ok(names.includes('fastify') && names.includes('light-my-request'))
  const tooNew = wanted.filter(({ engines }) => !runsOn20(engines?.node ?? '*'))
  assert.deepEqual(
    tooNew.map(({ name, engines }) => [name, engines?.node]),
    [],
  )
})

/** Whether one of the alternatives of a range starts at Node.js 20 or lower. */
function runsOn20(range: string): boolean {
  return range.split('||').some((part) => Number(/\d+/.exec(part)?.[0] ?? 0) <= 20)
}
