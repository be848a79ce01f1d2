import { readdir } from 'node:fs/promises'
import { join } from 'node:path'

const JAR = /\.jar$/i

export const isJar = (path: string): boolean => JAR.test(path)

/**
 * Whether a folder of Kafka Connect's `plugin.path` contains Java plugins: JAR files in it or in a subfolder.
 */
export async function hasJars(folder: string): Promise<boolean> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  if (entries.some((entry) => isJar(entry.name))) return true
  for (const entry of entries) {
    if (!entry.isDirectory() || entry.name === 'node_modules') continue
    const names = await readdir(join(folder, entry.name)).catch(() => [])
    if (names.some(isJar)) return true
  }
  return false
}
