import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Owner } from '../protocol.ts'

/**
 * A file in which a task process records the owner of the code that it is about to run. The worker has it open too. The
 * file has no name, so it is deleted when both processes have closed it or exited.
 */
export class ActivityFile {
  readonly fd: number

  constructor() {
    const folder = mkdtempSync(join(tmpdir(), 'headrace-'))
    this.fd = openSync(join(folder, 'activity'), 'w+')
    rmSync(folder, { recursive: true })
    writeSync(this.fd, Buffer.alloc(4), 0, 4, 0)
  }

  /** The owner recorded last; 0 for none. */
  read(): Owner {
    const bytes = Buffer.alloc(4)
    readSync(this.fd, bytes, 0, 4, 0)
    return bytes.readInt32LE()
  }

  close(): void {
    closeSync(this.fd)
  }
}
