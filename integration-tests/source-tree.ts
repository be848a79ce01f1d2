import { readdir, readFile } from 'node:fs/promises'
import { dirname, join, normalize, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The root of the repository, relative to the compiled file. */
export const root = fileURLToPath(new URL('../../', import.meta.url))

const outside = new Set(['.git', 'dist', 'node_modules'])

/** A file of the repository, with its path from the root. */
export interface TreeFile {
  readonly path: string
  readonly text: string
}

/** An import. Files are paths from the root; the `target` of a package is its name. */
export interface Import {
  readonly path: string
  readonly target: string
  readonly ours: boolean
}

/** Returns the paths of all files in a folder, without compiled files and installed packages. */
export async function pathsIn(folder = ''): Promise<string[]> {
  const entries = await readdir(join(root, folder), { withFileTypes: true }).catch(() => [])
  const paths = await Promise.all(
    entries
      .filter(({ name }) => !outside.has(name))
      .map(async (entry) => {
        const path = folder === '' ? entry.name : `${folder}/${entry.name}`
        return entry.isDirectory() ? pathsIn(path) : [path]
      }),
  )
  return paths.flat()
}

/** Returns all files in a folder whose names end with `ending`. */
export async function filesIn(folder: string, ending: string): Promise<TreeFile[]> {
  const paths = (await pathsIn(folder)).filter((path) => path.endsWith(ending))
  return Promise.all(paths.map(async (path) => ({ path, text: await readFile(join(root, path), 'utf8') })))
}

/** Returns the static and dynamic imports of the files. */
export function importsOf(files: readonly TreeFile[]): Import[] {
  return files.flatMap(({ path, text }) =>
    [...text.matchAll(/(?:\bfrom |\bimport\(?|\brequire\(|\(import\.meta\.url\)\()\s*'([^'\n]+)'/g)].map(
      ([, name = '']) =>
        name.startsWith('.')
          ? { path, target: toPath(path, name), ours: true }
          : { path, target: packageOf(name), ours: false },
    ),
  )
}

function toPath(from: string, name: string): string {
  return relative('', normalize(join(dirname(from), name))).replaceAll(sep, '/')
}

function packageOf(name: string): string {
  return name.split('/', name.startsWith('@') ? 2 : 1).join('/')
}
