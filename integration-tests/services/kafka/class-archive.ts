import { spawnSync } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { cachedFolder, shortHash, workFolder, type CachedFolderOptions } from '../processes/index.ts'
import { javaCommand, javaKit } from './java-kit.ts'

/** Options of a JVM that starts with little work, because programs of tests run for minutes only. */
export const quickStart = ['-XX:TieredStopAtLevel=1', '-Xshare:auto'] as const

/** How long a program on a busy machine may take to stop while it writes its archive. */
export const ARCHIVE_MS = 120_000

const FILE = 'classes.jsa'

/**
 * Resolves to the option of a JVM that reads the classes of a program from an archive, which halves the CPU time of its
 * start. The archive is written once to the user's cache.
 *
 * @param name - Name of the program in the cache.
 * @param train - Runs the program with more options of the JVM, and stops it once it has started.
 */
export async function archivedClasses(
  name: string,
  train: (jvm: readonly string[]) => Promise<void>,
  options: Pick<CachedFolderOptions, 'cache'> = {},
): Promise<string> {
  version ??= spawnSync(javaCommand(), ['-version'], { encoding: 'utf8' }).stderr
  const folder = await cachedFolder({
    ...options,
    name: `${name}-classes-${shortHash(`${await javaKit()}\n${version}`)}`,
    async fill(unfinished) {
      const file = join(unfinished, FILE)
      await train([`-XX:ArchiveClassesAtExit=${file}`])
      if (!(await canUse(file))) await rm(file, { force: true })
    },
  })
  return `-XX:SharedArchiveFile=${join(folder, FILE)}`
}

let version: string | undefined

/** Whether a JVM starts with an archive: it crashes if the program was killed while it wrote that. It ignores a missing one. */
async function canUse(file: string): Promise<boolean> {
  const env = { ...process.env, CLASSPATH: join(await javaKit(), '*') }
  const args = ['-Xshare:on', `-XX:SharedArchiveFile=${file}`, '-version']
  return spawnSync(javaCommand(), args, { env, cwd: workFolder('java') }).status === 0
}
