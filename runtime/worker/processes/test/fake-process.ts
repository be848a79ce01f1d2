import type { Remote } from '../../channel.ts'
import type { HostMethods, InspectorMethods } from '../../protocol.ts'
import { processLost, type ProcessEnd, type RunningProcess } from '../task-process.ts'
import { gate } from '../../../timing/test/gate.ts'

/** A fake task process in memory; the test decides when it is ready and when it dies. */
export interface FakeProcess extends RunningProcess {
  /** The calls received, in order: `stopTask`. */
  readonly calls: string[]
  readonly closed: boolean
  die(end?: Partial<ProcessEnd>): void
}

/**
 * `answers` are the methods that do more than return undefined. The process is ready at once, unless `ready`
 * says otherwise. When it dies, pending calls reject, as those of a real process do.
 */
export function fakeProcess(
  pid: number,
  answers: Partial<HostMethods & InspectorMethods> = {},
  ready: Promise<void> = Promise.resolve(),
): FakeProcess {
  const lost = gate<never>()
  lost.opened.catch(() => {})
  const end = gate<ProcessEnd>()
  const up = Promise.race([ready, lost.opened])
  up.catch(() => {})
  const endWith = (how: ProcessEnd) => {
    lost.break(processLost(how.reason))
    end.open(how)
  }
  const calls: string[] = []
  let closed = false
  const remote = new Proxy({} as Remote<HostMethods & InspectorMethods>, {
    get:
      (_target, method) =>
      async (...args: never[]) => {
        calls.push(String(method))
        const answer: ((...args: never[]) => unknown) | undefined = answers[method as keyof typeof answers]
        return Promise.race([answer?.(...args), lost.opened])
      },
  })
  return {
    pid,
    calls,
    remote,
    ready: up,
    ended: end.opened,
    get closed() {
      return closed
    },
    setLogLevels: () => {},
    setLease: () => {},
    close: async () => {
      closed = true
      endWith({ kind: 'closed', reason: 'it was closed', culprit: undefined, loading: undefined })
    },
    die: (init = {}) =>
      endWith({ kind: 'fault', reason: 'it died', culprit: undefined, loading: undefined, ...init }),
  }
}
