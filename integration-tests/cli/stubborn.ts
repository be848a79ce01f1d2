import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { workFolder } from '../services/index.ts'

const source = `
const connector = {
  kind: 'source',
  name: 'test.StubbornSource',
  version: '1',
  taskClass: 'test.StubbornTask',
  config: {},
  start: () => ({ taskConfigs: () => [{}] }),
  openTask: () => ({ poll: () => new Promise(() => {}), close: async () => {} }),
}
export default { connectors: [connector] }
`

/** Returns a folder for plugin.path with a connector whose task never returns from a poll, not even to stop. */
export function stubbornPlugin(): string {
  const folder = join(workFolder('plugins'), 'stubborn')
  mkdirSync(folder, { recursive: true })
  const manifest = { name: 'stubborn', version: '1.0.0', type: 'module', headrace: './index.js' }
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest))
  writeFileSync(join(folder, 'index.js'), source)
  return folder
}
