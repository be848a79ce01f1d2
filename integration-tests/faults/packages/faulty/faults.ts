/** Ways in which connector code can do harm to those beside it. Each goes on for ever, or ends the process. */
export const faults = {
  'spin': () => {
    for (;;);
  },
  'grow-object': () => {
    const object: Record<string, string> = {}
    let key = 0
    forEver(() => {
      for (let step = 0; step < 10_000; step++) object[`key ${key++}`] = `value ${key}`.repeat(8)
    })
  },
  'grow-map': () => {
    const map = new Map<number, number[]>()
    let key = 0
    forEver(() => {
      for (let step = 0; step < 10_000; step++) map.set(key++, [key, key, key, key])
    })
  },
  'grow-buffers': () => {
    const buffers: Buffer[] = []
    forEver(() => buffers.push(Buffer.alloc(4 * 1024 * 1024, 1)))
  },
  'throw-in-timer': () => {
    setTimeout(() => {
      throw new Error('thrown in a timer')
    }, 1)
  },
  'exit': () => {
    process.exit(7)
  },
} satisfies Record<string, () => void>

/** Again and again, with the event loop turning in between: the process goes on answering. */
function forEver(step: () => void): void {
  step()
  setImmediate(() => forEver(step))
}

export type Fault = keyof typeof faults

export const faultNames = Object.keys(faults) as Fault[]
