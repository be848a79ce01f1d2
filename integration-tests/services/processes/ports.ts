import { once } from 'node:events'
import { createServer } from 'node:net'

/** Below the range for outgoing connections, so that none of them takes the port of a stopped service. */
const LOWEST = 15_000
const HIGHEST = 32_000

/** Resolves to free ports of 127.0.0.1. Another program may take them first; see {@link isPortTaken}. */
export async function freePorts(count: number): Promise<number[]> {
  const ports = new Set<number>()
  while (ports.size < count) {
    const port = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST))
    if (await isFree(port)) ports.add(port)
  }
  return [...ports]
}

/** Whether a program failed because its port is in use. */
export function isPortTaken(error: unknown): boolean {
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
