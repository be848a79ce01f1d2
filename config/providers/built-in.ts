import { readdir, readFile, realpath, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve, sep } from 'node:path'
import { ConnectError, defineConfig, type ConfigProvider } from '../../api/index.ts'
import { compileJavaRegex } from '../../java/index.ts'
import { parseProperties } from '../files/properties.ts'

const allowedPathsConfig = defineConfig({
  'allowed.paths': {
    type: 'list',
    default: null,
    importance: 'low',
    doc: 'Files and directories that the provider may read, separated by commas; all by default.',
  },
})

/** Reads values from property files: `${file:/path/to/file:key}`. Source: FileConfigProvider. */
export const fileProvider: ConfigProvider<typeof allowedPathsConfig> = {
  kind: 'configprovider',
  name: 'org.apache.kafka.common.config.provider.FileConfigProvider',
  version: '1',
  config: allowedPathsConfig,
  open: ({ 'allowed.paths': allowed }) => ({
    async get(path, keys) {
      if (path === '' || !(await isAllowed(path, allowed))) return { data: {} }
      const text = await utf8Text(path).catch((cause: unknown) => {
        throw new ConnectError('HR_CONFIG_INVALID', `Could not read properties from file ${path}`, { cause })
      })
      const entries = parseProperties(text, path).map(({ key, value }) => [key, value] as const)
      return { data: Object.fromEntries(entries.filter(([key]) => keys === undefined || keys.has(key))) }
    },
  }),
}

/**
 * Reads each value from a file in a directory: `${dir:/path/to/directory:file}`. Returns no values when the directory does
 * not exist. Source: DirectoryConfigProvider.
 */
export const directoryProvider: ConfigProvider<typeof allowedPathsConfig> = {
  kind: 'configprovider',
  name: 'org.apache.kafka.common.config.provider.DirectoryConfigProvider',
  version: '1',
  config: allowedPathsConfig,
  open: ({ 'allowed.paths': allowed }) => ({
    async get(path, keys) {
      if (path === '' || !(await isAllowed(path, allowed)) || !(await isFolder(path))) return { data: {} }
      const files = await readdir(path, { withFileTypes: true }).catch((cause: unknown) => {
        throw new ConnectError('HR_CONFIG_INVALID', `Could not list directory ${path}`, { cause })
      })
      const data: Record<string, string> = Object.create(null) as Record<string, string>
      for (const file of files) {
        if (file.isDirectory() || (keys !== undefined && !keys.has(file.name))) continue
        data[file.name] = await utf8Text(join(path, file.name)).catch((cause: unknown) => {
          throw new ConnectError('HR_CONFIG_INVALID', `Could not read file ${file.name} of ${path}`, {
            cause,
          })
        })
      }
      return { data }
    },
  }),
}

const environmentConfig = defineConfig({
  'allowlist.pattern': {
    type: 'string',
    default: '.*',
    importance: 'low',
    doc: 'Java regular expression that must match the name of an environment variable to read it; all by default.',
  },
})

/** Reads values from environment variables: `${env:NAME}`. Rejects a path. Source: EnvVarConfigProvider. */
export const environmentProvider: ConfigProvider<typeof environmentConfig> = {
  kind: 'configprovider',
  name: 'org.apache.kafka.common.config.provider.EnvVarConfigProvider',
  version: '1',
  config: environmentConfig,
  open: ({ 'allowlist.pattern': pattern }) => {
    const allowed = compileJavaRegex(pattern)
    return {
      async get(path, keys) {
        if (path !== '') {
          const message = `Path is not supported for EnvVarConfigProvider, invalid value '${path}'`
          throw new ConnectError('HR_CONFIG_INVALID', message)
        }
        const entries = Object.entries(process.env).flatMap(([key, value]) =>
          value !== undefined && (keys === undefined || keys.has(key)) && allowed.matches(key)
            ? [[key, value]]
            : [],
        )
        return { data: Object.fromEntries(entries) as Record<string, string> }
      },
    }
  },
}

export const builtInProviders = [fileProvider, directoryProvider, environmentProvider]

async function isFolder(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined)
  return found?.isDirectory() ?? false
}

/** Reads a UTF-8 file. Throws for invalid bytes, which would otherwise change the value. */
async function utf8Text(path: string): Promise<string> {
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await readFile(path))
}

/** Resolves symbolic links first, so that no link leads out of an allowed directory. */
async function isAllowed(path: string, allowed: readonly string[] | null): Promise<boolean> {
  if (allowed === null || allowed.length === 0) return true
  const real = await realpath(path).catch(async () =>
    join(await realpath(dirname(path)).catch(() => resolve(dirname(path))), basename(path)),
  )
  for (const entry of allowed) {
    const root = await realpath(entry).catch(() => entry)
    if (real === root || real.startsWith(root.endsWith(sep) ? root : root + sep)) return true
  }
  return false
}
