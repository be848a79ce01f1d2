import { readdir, readFile, realpath } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { messageOf, type Logger } from '../../api/index.ts'
import { hasJars, isJar } from './jar-files.ts'

const NO_JAVA = 'is ignored: Java plugins are not supported; install an npm package instead'

/** A package whose package.json names a plugin file under `headrace`. Its code has not been loaded. */
export interface PluginPackage {
  readonly name: string
  readonly version: string
  /** Absolute path of the file that exports the plugin. */
  readonly file: string
}

interface Manifest {
  readonly name?: string
  readonly version?: string
  readonly headrace?: string
  readonly dependencies?: Readonly<Record<string, string>>
}

/**
 * Finds plugin packages by their manifests alone: in the folders of `plugin.path`, and among the dependencies
 * of the project in `projectDir`. Logs and skips unusable entries: a missing folder, a file, Java plugins. Throws the
 * reason of `signal`, and then logs nothing more.
 */
export async function discoverPlugins(
  pluginPath: readonly string[],
  projectDir: string,
  log: Logger,
  signal?: AbortSignal,
): Promise<PluginPackage[]> {
  const found = new Map<string, PluginPackage>()
  const keep = (plugin: PluginPackage | undefined) => {
    if (plugin !== undefined && !found.has(plugin.file)) found.set(plugin.file, plugin)
  }
  for (const entry of pluginPath.filter((part) => part !== '')) {
    signal?.throwIfAborted()
    const path = resolve(entry)
    for (const plugin of await packagesBelow(path, log)) keep(plugin)
    if (!isJar(path) && (await hasJars(path)))
      log.warn(`JAR files in a folder of plugin.path ${NO_JAVA}`, { folder: path })
  }
  const project = await readManifest(projectDir)
  const require = createRequire(join(projectDir, 'package.json'))
  for (const dependency of Object.keys(project?.dependencies ?? {})) {
    const places = require.resolve.paths(dependency) ?? []
    for (const place of places) {
      const plugin = await packageAt(join(place, dependency))
      keep(plugin)
      if (plugin !== undefined) break
    }
  }
  signal?.throwIfAborted()
  for (const { name, version } of found.values())
    log.info('found a plugin package', { package: name, version })
  return [...found.values()]
}

/**
 * The folder itself when it is a package; otherwise the packages in it, including scoped ones and
 * node_modules.
 */
async function packagesBelow(folder: string, log: Logger): Promise<PluginPackage[]> {
  const itself = await packageAt(folder)
  if (itself !== undefined) return [itself]
  const names = await readdir(folder).catch((error: unknown) => error)
  if (!Array.isArray(names)) {
    warnOfPath(folder, names, log)
    return []
  }
  const found: PluginPackage[] = []
  for (const name of names as readonly string[]) {
    const child = join(folder, name)
    if (name === 'node_modules' || name.startsWith('@')) found.push(...(await packagesBelow(child, log)))
    else found.push(...[await packageAt(child)].filter((plugin) => plugin !== undefined))
  }
  return found
}

function warnOfPath(path: string, error: unknown, log: Logger): void {
  const { code } = error as NodeJS.ErrnoException
  if (code === 'ENOENT') log.warn('a folder of plugin.path does not exist; ignoring it', { folder: path })
  else if (isJar(path)) log.warn(`a JAR file of plugin.path ${NO_JAVA}`, { file: path })
  else if (code === 'ENOTDIR')
    log.warn('an entry of plugin.path is a file, expected a folder; ignoring it', { file: path })
  else
    log.warn('cannot read a folder of plugin.path; ignoring it', { folder: path, reason: messageOf(error) })
}

async function packageAt(folder: string): Promise<PluginPackage | undefined> {
  const manifest = await readManifest(folder)
  if (manifest?.headrace === undefined) return undefined
  const real = await realpath(folder)
  return {
    name: manifest.name ?? real,
    version: manifest.version ?? '0.0.0',
    file: resolve(real, manifest.headrace),
  }
}

async function readManifest(folder: string): Promise<Manifest | undefined> {
  try {
    return JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as Manifest
  } catch {
    return undefined
  }
}
