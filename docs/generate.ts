import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { root } from '../integration-tests/source-tree.ts'
import { referencePages } from './generator/reference.ts'

const folder = join(root, 'docs', 'reference')

await mkdir(folder, { recursive: true })
for (const [name, text] of await referencePages()) await writeFile(join(folder, name), text)
