import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Owner } from '../protocol.ts'

/**
 * A file in which a task process says whose code it is about to run. This process has it open too, and it has no
 * name: it goes when both have let go of it, whatever way they end.
 */
export class ActivityFile {
  readonly fd: number

  constructor() {
    const folder = mkdtempSync(join(tmpdir(), 'headrace-'))
    this.fd = openSync(join(folder, 'activity'), 'w+')
    rmSync(folder, { recursive: true })
    writeSync(this.fd, Buffer.alloc(4), 0, 4, 0)
  }

  /** Whose code was running when the process last said; 0 for none. */
  read(): Owner {
    const bytes = Buffer.alloc(4)
    readSync(this.fd, bytes, 0, 4, 0)
    return bytes.readInt32LE()
  }

  close(): void {
    closeSync(this.fd)
  }
}
