import { once } from 'node:events'
import { createServer } from 'node:net'

const ATTEMPTS = 3

/** Below the range for outgoing connections, so that none of them takes the port of a stopped service. */
const LOWEST = 15_000
const HIGHEST = 32_000

/** A server that has been prepared. */
interface Startable {
  /** Resolves when it is ready. */
  start(): Promise<void>
  kill(): Promise<void>
}

/**
 * Prepares a server, which chooses its ports with {@link freePorts}, and starts it. If another program has taken a port
 * first, tries other ports, three times in total. Rejects with the error of the last attempt.
 */
export async function startOnFreePorts<T extends Startable>(prepare: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    const server = await prepare()
    try {
      await server.start()
      return server
    } catch (error) {
      await server.kill()
      if (!isPortTaken(error) || attempt === ATTEMPTS) throw error
    }
  }
}

/** Resolves to free ports of 127.0.0.1. Another program may take them first; see {@link startOnFreePorts}. */
export async function freePorts(count: number): Promise<number[]> {
  const ports = new Set<number>()
  while (ports.size < count) {
    const port = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST))
    if (await isFree(port)) ports.add(port)
  }
  return [...ports]
}

/** Whether a program failed because its port is in use. */
function isPortTaken(error: unknown): boolean {
  return error instanceof Error && /address already in use|EADDRINUSE/i.test(error.message)
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer()
  try {
    const listening = once(server, 'listening')
    server.listen(port, '127.0.0.1')
    await listening
    return true
  } catch {
    return false
  } finally {
    server.close()
  }
}
