import { createHash } from 'node:crypto'
import { mkdir, rename, rm, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'

export interface CachedFolderOptions {
  /** Name of the folder, which changes with what belongs into it; see {@link shortHash}. */
  readonly name: string
  /** Puts the content into an empty folder. */
  readonly fill: (folder: string) => Promise<void>
  /** The cache if `XDG_CACHE_HOME` is not set; by default, `.cache` in the home of the user. */
  readonly cache?: string
}

/**
 * Resolves to a folder of the cache, which is filled once. It appears with all of its content, even if several processes
 * fill it at the same time. Rejects if it cannot be filled.
 */
export async function cachedFolder({ name, fill, cache }: CachedFolderOptions): Promise<string> {
  const place = placeOf(name, cache)
  if (await exists(place)) return place
  const unfinished = `${place}.${process.pid}-${++fills}`
  try {
    await mkdir(unfinished, { recursive: true })
    await fill(unfinished)
    await rename(unfinished, place)
  } catch (error) {
    if (!(await exists(place))) throw error // another call or process may have been faster
  } finally {
    await rm(unfinished, { recursive: true, force: true })
  }
  return place
}

let fills = 0

/** Whether a folder of the user's cache has been filled. */
export const isCached = (name: string): Promise<boolean> => exists(placeOf(name))

/** Returns eight digits that differ if the content does. */
export const shortHash = (content: string | Buffer): string =>
  createHash('sha256').update(content).digest('hex').slice(0, 8)

const placeOf = (name: string, cache = join(homedir(), '.cache')): string =>
  join(process.env['XDG_CACHE_HOME'] || cache, 'headrace', name)

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  )
