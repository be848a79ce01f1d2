import assert from 'node:assert/strict'
import { existsSync, statSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { archivedClasses, quickStart } from '../kafka/class-archive.ts'
import { runJava } from '../kafka/java-kit.ts'
import { workFolder } from '../processes/index.ts'
import { uniqueName } from '../worker/index.ts'

const fileOf = (option: string) => option.replace('-XX:SharedArchiveFile=', '')
const fileToWrite = (option = '') => option.replace('-XX:ArchiveClassesAtExit=', '')

async function run(jvm: readonly string[]): Promise<void> {
  const logFile = join(workFolder('java'), 'log')
  const program = { mainClass: 'kafka.tools.StorageTool', args: ['random-uuid'], logFile }
  await runJava({ ...program, jvm: [...quickStart, ...jvm] })
}

test('a program starts with the archive of an earlier run', async () => {
  const option = await archivedClasses(uniqueName('whole'), run, { cache: workFolder('cache') })

  assert.ok(statSync(fileOf(option)).size > 0)
  await run([option])
})

test('an archive that was not written to its end is not used', async () => {
  const cutOff = async (jvm: readonly string[]) => {
    await run(jvm)
    const file = fileToWrite(jvm[0])
    truncateSync(file, statSync(file).size / 2)
  }
  const option = await archivedClasses(uniqueName('cut'), cutOff, { cache: workFolder('cache') })

  assert.equal(existsSync(fileOf(option)), false)
  await run([option])
})
