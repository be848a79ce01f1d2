import { ConnectError } from '../../api/index.ts'
import { within } from '../timing/index.ts'

/** The timeout of a request. Source: HerderRequestHandler. */
const REQUEST_TIMEOUT_MS = 90_000

/** Settles like `answer`, or throws `HR_REQUEST_TIMEOUT` with the current stage of the herder. */
export async function inTime<T>(
  herder: { readonly stage: string },
  answer: Promise<T>,
  timeoutMs = REQUEST_TIMEOUT_MS,
): Promise<T> {
  return within(timeoutMs, answer, (): never => {
    throw new ConnectError('HR_REQUEST_TIMEOUT', `Request timed out. ${herder.stage}`)
  })
}
