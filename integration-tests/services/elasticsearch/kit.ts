import { spawnSync } from 'node:child_process'
import { chmod, mkdir, readdir, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { javaCommand, missingForJava } from '../kafka/java-kit.ts'
import { cachedFolder, runToEnd, shortHash, workFolder } from '../processes/index.ts'
import { projectFolder } from '../project.ts'
import type { Distribution } from './distributions.ts'

const COPY = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy'
const PLUGIN = join(projectFolder, 'integration-tests/services/elasticsearch/root-page/RootPage.java')
const PLUGIN_NAME = 'root-page'
const EXECUTABLE = 0o755
/** Folder of the cache if root runs the tests: the server runs as another user, who may not enter the home of root. */
const CACHE_OF_ROOT = '/var/cache'

/** The instruction to print if the JDK or Maven is missing. */
export const installServer =
  'install a JDK 17 and Maven (on Debian and Ubuntu: apt-get install openjdk-17-jdk-headless maven)'

/** What is missing to run the server without Docker, or undefined if nothing is. */
export function missingForServer(): string | undefined {
  return spawnSync(jdkProgram('javac'), ['-version']).error === undefined ? missingForJava() : 'the JDK'
}

/** The folder of the JDK that runs the server. */
export function javaHome(): string {
  const options = ['-XshowSettings:properties', '-version']
  const { stderr } = spawnSync(javaCommand(), options, { encoding: 'utf8' })
  const home = /^\s*java\.home = (.+)$/m.exec(stderr)?.[1]
  if (home === undefined) throw new Error('java does not tell its folder')
  return home
}

/** Resolves to the folder of the server, which Maven downloads once to the user's cache. */
export async function serverKit(
  distribution: Distribution,
  report?: (text: string) => void,
): Promise<string> {
  const { name, version, size, program, lacksRootPage } = distribution
  return cachedFolder({
    name: `${program}-${version}-${shortHash(await readFile(PLUGIN))}`,
    ...(process.getuid?.() === 0 ? { cache: CACHE_OF_ROOT } : {}),
    async fill(folder) {
      report?.(`downloading ${name} with Maven (${size}, once)`)
      await unpack(distribution, folder)
      if (lacksRootPage) await addRootPage(folder, version)
    },
  })
}

async function unpack({ artifact, program, version }: Distribution, folder: string): Promise<void> {
  const download = workFolder('search-server-zip')
  const logFile = join(download, 'log')
  const goal = [COPY, `-Dartifact=${artifact}:${version}:zip`, `-DoutputDirectory=${download}`]
  await runToEnd({ command: 'mvn', args: ['-B', ...goal], logFile })
  const zip = join(download, `${program}-${version}.zip`)
  await runToEnd({ command: jdkProgram('jar'), args: ['xf', zip], cwd: folder, logFile })
  await rm(zip)
  await unwrap(folder, `${program}-${version}`)
  const programs = join(folder, 'bin')
  for (const name of await readdir(programs)) await chmod(join(programs, name), EXECUTABLE)
}

/** Moves all that is in the only folder of a folder one level up. */
async function unwrap(folder: string, only: string): Promise<void> {
  const inner = join(folder, only)
  for (const name of await readdir(inner)) await rename(join(inner, name), join(folder, name))
  await rmdir(inner)
}

/** Clients ask for `GET /` to see which version the server has. */
async function addRootPage(server: string, version: string): Promise<void> {
  const work = workFolder('root-page')
  const run = (program: string, args: readonly string[]) =>
    runToEnd({ command: jdkProgram(program), args, logFile: join(work, 'log') })
  const classes = join(work, 'classes')
  await run('javac', ['-nowarn', '-cp', join(server, 'lib', '*'), '-d', classes, PLUGIN])
  const plugin = join(server, 'plugins', PLUGIN_NAME)
  await mkdir(plugin, { recursive: true })
  await run('jar', ['cf', join(plugin, `${PLUGIN_NAME}.jar`), '-C', classes, '.'])
  const properties = {
    'name': PLUGIN_NAME,
    'description': 'Answers GET /',
    'version': '1',
    'classname': 'headrace.RootPage',
    'java.version': '17',
    'elasticsearch.version': version,
  }
  const lines = Object.entries(properties).map(([key, value]) => `${key}=${value}\n`)
  await writeFile(join(plugin, 'plugin-descriptor.properties'), lines.join(''))
}

function jdkProgram(name: string): string {
  const home = process.env['JAVA_HOME']
  return home === undefined || home === '' ? name : join(home, 'bin', name)
}
