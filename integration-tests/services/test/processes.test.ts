import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { projectFolder } from '../project.ts'
import { waitFor } from '../wait-for.ts'

const program = join(projectFolder, 'dist/integration-tests/services/test/long-lived.js')

for (const signal of ['SIGKILL', 'SIGINT'] as const) {
  test(`children of a test exit with it, even if ${signal} ends it`, async () => {
    const parent = spawn(process.execPath, [program], { stdio: ['ignore', 'pipe', 'inherit'] })
    const [line] = (await once(parent.stdout, 'data')) as [Buffer]
    const { child, folder } = JSON.parse(line.toString()) as { child: number; folder: string }
    assert.ok(isAlive(child))

    parent.kill(signal)
    await once(parent, 'exit')

    const gone = () => (isAlive(child) || existsSync(folder) ? undefined : true)
    await waitFor(gone, { timeoutMs: 10_000, what: 'its child to exit and its folder to be removed' })
  })
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
