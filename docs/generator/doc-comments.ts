import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { PluginEntry } from '../../api/index.ts'
import { pathsIn, root } from '../../integration-tests/source-tree.ts'

/** Folders whose modules contain plugins. */
const folders = ['connectors', 'converters', 'transforms', 'config/providers']

interface Described {
  readonly value: unknown
  readonly config: unknown
  readonly text: string
}

/**
 * Reads the doc comments of all plugins, which are their documentation in the reference.
 *
 * A plugin is matched by identity, or by its setting definitions if one export creates several plugins.
 */
export async function readDescriptions(): Promise<(entry: PluginEntry) => string> {
  const paths = (await Promise.all(folders.map(pathsIn))).flat().filter((path) => path.endsWith('.ts'))
  const sources = paths.filter((path) => !path.split('/').includes('test'))
  const found = (await Promise.all(sources.map(describedIn))).flat()
  return (entry) =>
    (found.find(({ value }) => value === entry) ?? found.find(({ config }) => config === entry.config))
      ?.text ?? ''
}

async function describedIn(path: string): Promise<Described[]> {
  const text = await readFile(join(root, path), 'utf8')
  const comments = [...text.matchAll(/\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\nexport const (\w+)/g)]
  if (comments.length === 0) return []
  const built = pathToFileURL(join(root, 'dist', path.replace(/\.ts$/, '.js'))).href
  const module = (await import(built)) as Readonly<Record<string, unknown>>
  return comments.flatMap(([, comment = '', name = '']) => {
    const value = module[name]
    return typeof value === 'object' && value !== null && 'config' in value
      ? [{ value, config: value.config, text: plain(comment) }]
      : []
  })
}

/** Removes comment markers and "Source:" references, which are for readers of the code. */
function plain(comment: string): string {
  const lines = comment.split('\n').map((line) => line.replace(/^\s*\*? ?/, '').trim())
  return lines
    .join('\n')
    .trim()
    .split(/\n\n+/)
    .map((paragraph) =>
      paragraph
        .replaceAll('\n', ' ')
        .replace(/\s*Source: .*?(?=Differs:|$)/, ' ')
        .replaceAll(/\{@link (\w+)\}/g, '`$1`')
        .trim(),
    )
    .filter((paragraph) => paragraph !== '')
    .join('\n\n')
}
