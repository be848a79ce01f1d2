import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { root } from '../../../integration-tests/source-tree.ts'

/** A command of a page. */
export interface Command {
  readonly text: string
  /** What the page says about it at the end of the line; empty if nothing. */
  readonly comment: string
}

const readPage = (path: string): Promise<string> => readFile(join(root, path), 'utf8')

/** Returns the files of a page: code blocks below a line that ends with a file name. */
export async function filesOfPage(path: string): Promise<ReadonlyMap<string, string>> {
  const blocks = (await readPage(path)).matchAll(/`([\w.-]+)`:\n\n```\w+\n([\s\S]*?)```/g)
  return new Map([...blocks].map(([, name = '', text = '']) => [name, text]))
}

/** Returns the commands of a page: the lines of its blocks of the language sh. */
export async function commandsOfPage(path: string): Promise<readonly Command[]> {
  const blocks = (await readPage(path)).matchAll(/```sh\n([\s\S]*?)```/g)
  const lines = [...blocks].flatMap(([, text = '']) => text.trim().split('\n'))
  return lines.map((line) => {
    const [, text = '', comment = ''] = /^(.*?)(?:\s{2,}# (.*))?$/.exec(line) ?? []
    return { text, comment }
  })
}
