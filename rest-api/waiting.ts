import type { FastifyReply } from 'fastify'
import { ConnectError } from '../api/index.ts'
import type { Goal, Herder, Outcome } from '../runtime/index.ts'
import { textParam } from './schemas/parameters.ts'

const MAX_WAIT_MS = 60_000
/** Response header with the outcome of the wait: reached, failed or timeout. */
export const WAIT_HEADER = 'headrace-wait'

export const waitParam = textParam(
  'Time to wait for the change to complete, such as 500ms or 10s, up to 60s; the response header headrace-wait is reached, failed or timeout',
)

/**
 * Returns the value of the parameter `wait` in milliseconds, 0 if absent.
 *
 * Throws `HR_BAD_REQUEST` for an invalid duration; call it before changing anything.
 */
export function readWait(given: string | readonly string[] | undefined): number {
  const text = [given].flat()[0] ?? ''
  if (text === '') return 0
  const [, digits, unit] = /^(\d{1,7})(ms|s|)$/.exec(text) ?? []
  const ms = digits === undefined ? NaN : Number(digits) * (unit === 'ms' ? 1 : 1000)
  if (ms <= MAX_WAIT_MS) return ms
  const message = `wait is '${text.slice(0, 100)}'; expected a duration of at most 60s, such as 500ms, 10s or 10`
  throw new ConnectError('HR_BAD_REQUEST', message)
}

/** Delays the response until the change completes or `waitMs` has passed, and sets {@link WAIT_HEADER}. */
export async function holdBack(
  reply: FastifyReply,
  herder: Herder,
  name: string,
  goal: Goal,
  { waitMs, since }: { readonly waitMs: number; readonly since: number },
): Promise<void> {
  if (waitMs === 0) return
  const closed = new AbortController()
  reply.raw.once('close', () => closed.abort())
  let outcome: Outcome | undefined
  const isOver = () => (outcome = goal(herder, name, since)) !== undefined
  await herder.until(isOver, waitMs, closed.signal)
  void reply.header(WAIT_HEADER, outcome ?? 'timeout')
}
