import { readFileSync } from 'node:fs'

/** Returns the most memory in bytes that a process has had; 0 on systems without /proc. See proc(5). */
export function peakMemory(pid: number): number {
  try {
    const [, kibibytes = '0'] = /^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
    return Number(kibibytes) * 1024
  } catch {
    return 0
  }
}
