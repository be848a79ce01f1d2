import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { root } from '../../../integration-tests/source-tree.ts'

/** Returns the files of a page: code blocks below a line that ends with a file name. */
export async function filesOfPage(path: string): Promise<ReadonlyMap<string, string>> {
  const page = await readFile(join(root, path), 'utf8')
  const blocks = page.matchAll(/`([\w.-]+)`:\n\n```\w+\n([\s\S]*?)```/g)
  return new Map([...blocks].map(([, name = '', text = '']) => [name, text]))
}
