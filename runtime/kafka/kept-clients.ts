import type { Logger, Props } from '../../api/index.ts'
import type { KafkaClient } from './connection/client.ts'

/** How a client is opened; see `openClient`. */
export type OpenClient = (props: Props, log: Logger) => Promise<KafkaClient>

interface Kept {
  readonly client: Promise<KafkaClient>
  users: number
  idle: NodeJS.Timeout | undefined
}

const IDLE_MS = 10_000

/** Clients that stay open for a while after their use, for callers who soon come again with the same settings. */
export class KeptClients {
  readonly #openClient: OpenClient
  readonly #idleMs: number
  readonly #clients = new Map<string, Kept>()

  constructor(openClient: OpenClient, idleMs = IDLE_MS) {
    this.#openClient = openClient
    this.#idleMs = idleMs
  }

  /** Does something with a client of these settings. Throws what opening it and the work throw. */
  async use<T>(props: Props, log: Logger, work: (client: KafkaClient) => Promise<T>): Promise<T> {
    const key = JSON.stringify(Object.entries(props).toSorted(([a], [b]) => (a < b ? -1 : 1)))
    const kept = this.#clients.get(key) ?? this.#open(key, props, log)
    clearTimeout(kept.idle)
    kept.users++
    let good = false
    try {
      const result = await work(await kept.client)
      good = true
      return result
    } finally {
      kept.users--
      // A client that failed may hold what made it fail: the next caller gets a new one
      if (!good) this.#forget(key, kept)
      if (kept.users === 0) this.#closeLater(key, kept)
    }
  }

  #open(key: string, props: Props, log: Logger): Kept {
    const kept: Kept = { client: this.#openClient(props, log), users: 0, idle: undefined }
    this.#clients.set(key, kept)
    return kept
  }

  #closeLater(key: string, kept: Kept): void {
    if (this.#clients.get(key) !== kept) return void close(kept)
    kept.idle = setTimeout(() => {
      this.#forget(key, kept)
      void close(kept)
    }, this.#idleMs).unref()
  }

  #forget(key: string, kept: Kept): void {
    if (this.#clients.get(key) === kept) this.#clients.delete(key)
  }
}

async function close({ client }: Kept): Promise<void> {
  await client.then((opened) => opened.close()).catch(() => {}) // one that could not be opened was told of
}
