import { execFile } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { javaCommand, javaKit, projectFolder, workFolder } from '../../integration-tests/services/index.ts'
import type { Peer } from '../pipeline/peers.ts'

const generatorFolder = join(projectFolder, 'bench/cluster/generator')
const run = promisify(execFile)

/** Returns the `plugin.path` of each worker, with a generator source that behaves the same in both. */
export async function generatorPaths(report: (text: string) => void): Promise<Record<Peer['name'], string>> {
  return { 'Java 4.3.1': await compiledGenerator(report), 'Headrace': generatorFolder }
}

async function compiledGenerator(report: (text: string) => void): Promise<string> {
  const kit = await javaKit(report)
  const pluginPath = workFolder('generator')
  const classes = join(pluginPath, 'generator')
  const services = join(classes, 'META-INF/services')
  await mkdir(services, { recursive: true })
  await writeFile(join(services, 'org.apache.kafka.connect.source.SourceConnector'), 'bench.Generator\n')
  const compiler = javaCommand().replace(/java$/, 'javac')
  await run(compiler, ['-cp', join(kit, '*'), '-d', classes, join(generatorFolder, 'Generator.java')])
  return pluginPath
}
