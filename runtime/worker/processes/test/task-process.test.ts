import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test, type TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import { silentLogger } from '../../../telemetry/index.ts'
import { unlimitedLease } from '../../../timing/index.ts'
import { residentBytes } from '../memory.ts'
import { TaskProcess } from '../task-process.ts'

const entry = fileURLToPath(new URL('obedient-child.js', import.meta.url))
/** Index of the thread count after the process name; the first field is the state. See proc(5). */
const THREADS = 17
const ignore = () => {}
const events = {
  taskRunning: ignore,
  taskPaused: ignore,
  taskFailed: ignore,
  taskEnded: ignore,
  connectorFailed: ignore,
  connectorBlocked: ignore,
  reconfigurationRequested: ignore,
  topicUsed: ignore,
  metrics: ignore,
  loggers: ignore,
  log: ignore,
}
const methods = {
  readOffsets: async () => [],
  writeOffsets: async () => {},
  allOffsets: async () => [],
  fence: async () => {},
  verifyTask: async () => {},
}

function start(
  t: TestContext,
  workerProps: Readonly<Record<string, string>> = {},
  memoryBytes = 1024 ** 3,
): TaskProcess {
  const process = new TaskProcess({
    entry,
    limits: { memoryBytes, stallTimeoutMs: 60_000 },
    settings: { workerProps, packages: [], logLevels: [], leaseEnd: unlimitedLease().end },
    events,
    methods,
    log: silentLogger,
  })
  t.after(() => process.close())
  return process
}

/** Returns when the process has exited with all its threads, before any of its events can be delivered. */
function killAndStay(pid: number): void {
  process.kill(pid, 'SIGKILL')
  const deadline = performance.now() + 5000
  while (performance.now() < deadline) {
    try {
      const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]?.split(' ') ?? []
      if (fields[0] === 'Z' && fields[THREADS] === '1') return
    } catch {
      return
    }
  }
}

test('a closed process ends as expected, without a culprit', async (t) => {
  const child = start(t)
  await child.ready
  await child.close()
  const { kind, culprit } = await child.ended
  assert.deepEqual([kind, culprit], ['closed', undefined])
})

test('a call to a process that has just died rejects, and the worker continues', async (t) => {
  const child = start(t)
  await child.ready
  killAndStay(child.pid)

  await assert.rejects(child.remote.ping(), { code: 'HR_TASK_PROCESS_LOST' })
  const { reason, kind } = await child.ended
  const killed =
    'it was killed by signal SIGKILL, not by the worker; the operating system may be out of memory'
  assert.deepEqual([reason, kind], [killed, 'killed'])
})

test('a process that exits while it starts is never ready, and the reason contains the exit code', async (t) => {
  const child = start(t, { end: '3' })
  await assert.rejects(child.ready, { code: 'HR_TASK_PROCESS_LOST' })
  const { reason, kind } = await child.ended
  assert.deepEqual([reason, kind], ['it exited with code 3', 'unstarted'])
})

test('a process that cannot be started ends with the reason of the operating system', async (t) => {
  const { execPath } = process
  t.after(() => (process.execPath = execPath))
  process.execPath = `${entry}.absent`
  const child = start(t)

  await assert.rejects(child.ready, { code: 'HR_TASK_PROCESS_LOST' })
  const { reason, culprit, kind } = await child.ended
  assert.match(reason, /^it cannot be started: spawn .* ENOENT$/)
  assert.deepEqual([culprit, kind], [undefined, 'unstarted'])
})

test('a process that exceeds its memory limit is killed, without a culprit', async (t) => {
  const child = start(t, {}, 32 * 1024 ** 2)
  const { reason, kind, culprit } = await child.ended
  assert.match(
    reason,
    /^the worker killed it because it used \d+ MiB of memory, more than 32 MiB \(task\.process/,
  )
  assert.notEqual(kind, 'killed')
  assert.equal(culprit, undefined)
})

test('residentBytes matches the resident memory that the process itself measures', (t) => {
  if (process.platform !== 'linux') return t.skip('only Linux lets others look')
  const own = process.memoryUsage.rss()
  const seen = residentBytes(process.pid) ?? 0
  assert.ok(Math.abs(seen - own) < own / 4, `${seen} bytes, and ${own} by its own account`)
  assert.equal(residentBytes(-1), undefined)
})
