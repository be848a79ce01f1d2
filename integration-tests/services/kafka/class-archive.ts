import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { cachedFolder, shortHash } from '../processes/index.ts'
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
): Promise<string> {
  const version = spawnSync(javaCommand(), ['-version'], { encoding: 'utf8' }).stderr
  const folder = await cachedFolder({
    name: `${name}-classes-${shortHash(`${await javaKit()}\n${version}`)}`,
    fill: (unfinished) => train([`-XX:ArchiveClassesAtExit=${join(unfinished, FILE)}`]),
  })
  return `-XX:SharedArchiveFile=${join(folder, FILE)}`
}
