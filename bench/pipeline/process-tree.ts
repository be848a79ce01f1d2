import { readdir, readFile, writeFile } from 'node:fs/promises'

/** The resource usage of a process and its descendants. */
export interface Usage {
  /** Resident memory in bytes. */
  readonly resident: number
  /** CPU time since the start, in seconds, with that of children that have ended. */
  readonly cpuSeconds: number
}

const PAGE_BYTES = 4096
const TICKS_A_SECOND = 100
/** Written to /proc/N/clear_refs. */
const RESET_PEAK = '5'
/** Indexes of fields in /proc/N/stat, counted from the field after the name in parentheses. */
const field = { parent: 1, user: 11, system: 12, childrenUser: 13, childrenSystem: 14, pages: 21 } as const

interface Process extends Usage {
  readonly pid: number
  readonly parent: number
}

/** Returns the total usage of the process `root` and its descendants, as reported by Linux (proc(5)). */
export async function usageOf(root: number): Promise<Usage> {
  let resident = 0
  let cpuSeconds = 0
  for (const process of await treeOf(root)) {
    resident += process.resident
    cpuSeconds += process.cpuSeconds
  }
  return { resident, cpuSeconds }
}

/** Makes {@link peakOf} start from the memory of now. */
export async function resetPeak(root: number): Promise<void> {
  const tree = await treeOf(root)
  // a process may have ended meanwhile
  await Promise.allSettled(tree.map(({ pid }) => writeFile(`/proc/${pid}/clear_refs`, RESET_PEAK)))
}

/** Returns the sum of the peaks of the resident memory of `root` and its descendants, in bytes. */
export async function peakOf(root: number): Promise<number> {
  const peaks = (await treeOf(root)).map(async ({ pid }) => {
    const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
    return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024
  })
  return (await Promise.all(peaks)).reduce((sum, peak) => sum + peak, 0)
}

/**
 * Returns the proportional set size of the process `root` and its descendants, in bytes: a page that several processes
 * share counts once in all of them together.
 */
export async function proportionalOf(root: number): Promise<number> {
  const sizes = (await treeOf(root)).map(async ({ pid }) => {
    const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '')
    return Number(/^Pss:\s+(\d+) kB$/m.exec(rollup)?.[1] ?? 0) * 1024
  })
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)
}

async function treeOf(root: number): Promise<Process[]> {
  const all = await processes()
  const members = new Set([root])
  // A child may have a lower pid than its parent, so one pass is not enough
  for (let before = 0; before !== members.size;) {
    before = members.size
    for (const { pid, parent } of all) if (members.has(parent)) members.add(pid)
  }
  return all.filter(({ pid }) => members.has(pid))
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
  const ticks = at(field.user) + at(field.system) + at(field.childrenUser) + at(field.childrenSystem)
  return {
    pid: Number(id),
    parent: at(field.parent),
    resident: at(field.pages) * PAGE_BYTES,
    cpuSeconds: ticks / TICKS_A_SECOND,
  }
}
