import { readFileSync } from 'node:fs'

const PAGE_BYTES = 4096

/** Resident memory of a process in bytes; undefined where the system does not tell. */
export function residentBytes(pid: number): number | undefined {
  try {
    const pages = readFileSync(`/proc/${pid}/statm`, 'latin1').split(' ')[1]
    return Number(pages) * PAGE_BYTES
  } catch {
    return undefined
  }
}
