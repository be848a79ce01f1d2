import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdirSync, mkdtempSync } from 'node:fs'
import type { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * The guard keeps a list of process groups. When its input ends because this process has exited, it kills them and
 * removes the work folder. Signals from the terminal do not reach it.
 */
const script = `
trap '' INT TERM HUP
ids=
while read -r what id; do
  if [ "$what" = add ]; then ids="$ids $id"; continue; fi
  rest=
  for each in $ids; do [ "$each" = "$id" ] || rest="$rest $each"; done
  ids=$rest
done
for each in $ids; do kill -s KILL -- "-$each" 2>/dev/null; done
rm -rf -- "$1"
`

/** Programs that run as another user reach their own folder inside; they cannot list the others. */
const TRAVERSABLE = 0o711

interface Guard {
  readonly process: ChildProcess
  readonly input: Socket
  readonly folder: string
}

let current: Guard | undefined

/** The guard of this process, started on first use. */
function guard(): Guard {
  if (current !== undefined) return current
  const folder = mkdtempSync(join(tmpdir(), 'headrace-'))
  chmodSync(folder, TRAVERSABLE)
  const child = spawn('sh', ['-c', script, 'guard', folder], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  const input = child.stdin as Socket
  child.unref()
  input.unref()
  current = { process: child, input, folder }
  return current
}

/** Ensures that a process and all its children are killed when this process exits for any reason. */
export function guardProcess(pid: number): void {
  guard().input.write(`add ${pid}\n`)
}

/** Removes an exited process from the list, because its pid may be reused. */
export function unguardProcess(pid: number): void {
  guard().input.write(`remove ${pid}\n`)
}

/** Removes the work folder immediately. */
export async function endGuard(): Promise<void> {
  if (current === undefined) return
  const { process: child, input } = current
  current = undefined
  child.ref()
  const exited = once(child, 'exit')
  input.end()
  await exited
}

/** Creates a folder that is removed when this process exits. */
export function workFolder(name: string): string {
  const folder = join(guard().folder, name)
  mkdirSync(folder, { recursive: true })
  return mkdtempSync(join(folder, 'x'))
}
