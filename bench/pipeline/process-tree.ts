import { readdir, readFile } from 'node:fs/promises'

/** The resource usage of a process and its descendants. */
export interface Usage {
  /** Resident memory in bytes. */
  readonly resident: number
  /** CPU time since the start, in seconds. */
  readonly cpuSeconds: number
}

const PAGE_BYTES = 4096
const TICKS_A_SECOND = 100
/** Indexes of fields in /proc/N/stat, counted from the field after the name in parentheses. */
const field = { parent: 1, user: 11, system: 12, pages: 21 } as const

interface Process extends Usage {
  readonly pid: number
  readonly parent: number
}

/** Returns the total usage of the process `root` and its descendants, as reported by Linux (proc(5)). */
export async function usageOf(root: number): Promise<Usage> {
  const all = await processes()
  let resident = 0
  let cpuSeconds = 0
  const members = new Set([root])
  // A child may have a lower pid than its parent, so one pass is not enough
  for (let before = 0; before !== members.size;) {
    before = members.size
    for (const { pid, parent } of all) if (members.has(parent)) members.add(pid)
  }
  for (const process of all) {
    if (!members.has(process.pid)) continue
    resident += process.resident
    cpuSeconds += process.cpuSeconds
  }
  return { resident, cpuSeconds }
}

async function processes(): Promise<Process[]> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const found = await Promise.all(ids.map(readProcess))
  return found.filter((process) => process !== undefined)
}

async function readProcess(id: string): Promise<Process | undefined> {
  const stat = await readFile(`/proc/${id}/stat`, 'utf8').catch(() => undefined)
  if (stat === undefined) return undefined
  const fields = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number)
  const at = (place: number) => fields[place] ?? 0
  return {
    pid: Number(id),
    parent: at(field.parent),
    resident: at(field.pages) * PAGE_BYTES,
    cpuSeconds: (at(field.user) + at(field.system)) / TICKS_A_SECOND,
  }
}
