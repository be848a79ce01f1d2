import { readFileSync } from 'node:fs'

const KIBIBYTE = 1024

/** Returns the resident memory of a process in bytes, or undefined on systems without `/proc`. See proc(5). */
export function residentBytes(pid: number): number | undefined {
  try {
    // In KiB; the pages of statm differ in size between machines
    const kibibytes = /^VmRSS:\s*(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1]
    return kibibytes === undefined ? undefined : Number(kibibytes) * KIBIBYTE
  } catch {
    return undefined
  }
}
