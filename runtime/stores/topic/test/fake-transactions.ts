import { ConnectError } from '../../../../api/index.ts'
import type { DeliveryListener, RawRecord, TransactionalProducer } from '../../../kafka/index.ts'

interface Appended {
  readonly listener: DeliveryListener
  readonly index: number
  readonly text: string
}

/** The brokers' side of one transactional id: the newest producer fences the others. */
export class FakeTransactions {
  /** What was committed, a list per transaction. */
  readonly committed: string[][] = []
  readonly heard: string[] = []
  /** Awaited by each commit. */
  committing: () => Promise<void> = async () => {}
  initFailure: Error | undefined
  #epoch = 0

  readonly open = async (): Promise<TransactionalProducer> => {
    let epoch = -1
    let open: Appended[] = []
    return {
      timeoutMs: 60_000,
      init: async () => {
        if (this.initFailure !== undefined) throw this.initFailure
        epoch = ++this.#epoch
        this.heard.push(`init ${epoch}`)
      },
      begin: () => {
        open = []
      },
      append: (_topic: string, _partition: number | null, { key }: RawRecord, listener, index) => {
        open.push({ listener, index, text: String(key) })
        return true
      },
      commit: async (signal) => {
        await this.committing()
        signal.throwIfAborted()
        if (epoch !== this.#epoch) throw new ConnectError('HR_PRODUCER_FENCED', `epoch ${epoch} is fenced`)
        const first = this.committed.flat().length
        this.committed.push(open.map(({ text }) => text))
        for (const [step, { listener, index }] of open.entries())
          listener.acknowledged(index, 1, 'configs', 0, first + step)
      },
      close: async () => void this.heard.push(`close ${epoch}`),
      prepare: async () => {},
      abort: async () => {},
      refresh: async () => {},
      stop: () => {},
      check: () => {},
      room: async () => {},
      flush: async () => {},
    }
  }
}
