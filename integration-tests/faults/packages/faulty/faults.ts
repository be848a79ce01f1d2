/** Ways in which connector code can harm other connectors. Each runs forever or exits the process. */
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

/** Repeated, with turns of the event loop in between, so that the process keeps responding. */
function forEver(step: () => void): void {
  step()
  setImmediate(() => forEver(step))
}

export type Fault = keyof typeof faults

export const faultNames = Object.keys(faults) as Fault[]
