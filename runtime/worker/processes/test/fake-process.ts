import type { Remote } from '../../channel.ts'
import type { HostMethods, InspectorMethods } from '../../protocol.ts'
import type { ProcessEnd, RunningProcess } from '../task-process.ts'
import { gate } from '../../../timing/test/gate.ts'

/** A task process that is an object of the test: it is ready at once, and dies when the test says so. */
export interface FakeProcess extends RunningProcess {
  /** What was called over there, in order: `stopTask`. */
  readonly calls: string[]
  readonly closed: boolean
  die(end?: Partial<ProcessEnd>): void
}

/** `answers` are the methods over there that do more than to answer nothing. */
export function fakeProcess(pid: number, answers: Partial<HostMethods & InspectorMethods> = {}): FakeProcess {
  const end = gate<ProcessEnd>()
  const calls: string[] = []
  let closed = false
  const remote = new Proxy({} as Remote<HostMethods & InspectorMethods>, {
    get:
      (_target, method) =>
      async (...args: never[]) => {
        calls.push(String(method))
        const answer: ((...args: never[]) => unknown) | undefined = answers[method as keyof typeof answers]
        return answer?.(...args)
      },
  })
  return {
    pid,
    calls,
    remote,
    ready: Promise.resolve(),
    ended: end.opened,
    get closed() {
      return closed
    },
    setLogLevels: () => {},
    close: async () => {
      closed = true
      end.open({ reason: 'it was closed', culprit: undefined, expected: true })
    },
    die: (init = {}) => end.open({ reason: 'it died', culprit: undefined, expected: false, ...init }),
  }
}
