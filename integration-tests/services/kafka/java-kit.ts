import { spawnSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { cachedFolder, runToEnd, shortHash, startChild, workFolder, type Child } from '../processes/index.ts'
import { projectFolder } from '../project.ts'

const OLDEST_JAVA = 17
/** The folder with the lists of what Maven copies. */
const poms = join(projectFolder, 'integration-tests/services/kafka')

/** The instruction to print if Java or Maven is missing. */
export const installJava =
  'install Java 17 and Maven (on Debian and Ubuntu: apt-get install openjdk-17-jdk-headless maven)'

/** Resolves to what is missing to run Java programs, or undefined if nothing is. */
export function missingForJava(): string | undefined {
  const java = spawnSync(javaCommand(), ['-version'], { encoding: 'utf8' })
  const version = Number(/version "(\d+)/.exec(java.stderr)?.[1] ?? 0)
  if (java.error !== undefined || version === 0) return `Java ${OLDEST_JAVA} or newer`
  if (version < OLDEST_JAVA) return `Java ${OLDEST_JAVA} or newer (found ${version})`
  return spawnSync('mvn', ['-v']).error === undefined ? undefined : 'Maven'
}

/** The options of a Java program. */
export interface JavaOptions {
  readonly mainClass: string
  readonly args: readonly string[]
  /** Options of the JVM. */
  readonly jvm: readonly string[]
  readonly logFile: string
}

/** Starts a program of Kafka. */
export async function startJava(options: JavaOptions): Promise<Child> {
  return startChild(await javaProgram(options))
}

/** Runs a program of Kafka and resolves when it exits. Its output goes to the log file. */
export async function runJava(options: JavaOptions): Promise<void> {
  await runToEnd(await javaProgram(options))
}

async function javaProgram({ mainClass, args, jvm, logFile }: JavaOptions) {
  const env = { CLASSPATH: join(await javaKit(), '*') }
  return { command: javaCommand(), args: [...jvm, mainClass, ...args], env, logFile }
}

/** The `java` to run: from `JAVA_HOME`, otherwise from the PATH. */
export function javaCommand(): string {
  const home = process.env['JAVA_HOME']
  return home === undefined || home === '' ? 'java' : join(home, 'bin', 'java')
}

/** Resolves to a folder with Kafka's JAR files, which Maven downloads once to the user's cache. */
export function javaKit(report?: (text: string) => void): Promise<string> {
  return cached(
    { name: 'kafka', pom: 'pom.xml', what: 'Kafka with Maven (55 MB, once)', options: [] },
    report,
  )
}

/**
 * Resolves to a folder for `plugin.path` of the Java worker, which contains Debezium's connector for PostgreSQL. Maven
 * downloads it once to the user's cache.
 */
export function debeziumPlugins(report?: (text: string) => void): Promise<string> {
  return cached(
    {
      name: 'debezium',
      pom: 'debezium.xml',
      what: 'Debezium with Maven (9 MB, once)',
      // the worker has these already
      options: ['-DincludeScope=runtime', '-DexcludeGroupIds=org.apache.kafka,org.slf4j'],
      folder: 'debezium-connector-postgres',
    },
    report,
  )
}

/** JAR files that Maven copies to the user's cache. */
interface Kit {
  readonly name: string
  readonly pom: string
  readonly what: string
  readonly options: readonly string[]
  /** Folder in the one that is cached. */
  readonly folder?: string
}

async function cached(kit: Kit, report: ((text: string) => void) | undefined): Promise<string> {
  const pom = join(poms, kit.pom)
  return cachedFolder({
    name: `${kit.name}-${shortHash(await readFile(pom))}`,
    async fill(folder) {
      report?.(`downloading ${kit.what}`)
      const jars = join(folder, kit.folder ?? '')
      const goal = ['dependency:copy-dependencies', `-DoutputDirectory=${jars}`]
      const args = ['-B', '-f', pom, ...goal, ...kit.options]
      await runToEnd({ command: 'mvn', args, logFile: join(workFolder('maven'), 'log') })
    },
  })
}
