import { ConnectError, type Logger } from '../../../api/index.ts'
import { Backoff, sleep } from '../../timing/index.ts'
import type { ClientOutages } from '../outages/index.ts'
import { closeBroker, createBroker, exchange, lanes, type KafkajsBroker, type RawRequest } from './kafkajs.ts'
import type { Address, ConnectionSettings } from './settings.ts'
import { endSocket, resetSocket } from './socket.ts'

/** Connections for requests that the broker may hold, by API key. */
const waitingLanes = new Map<number, number>([
  [1, lanes.fetch],
  [11, lanes.join], // JoinGroup
  [14, lanes.join], // SyncGroup
])

/** One broker. Connects on first use and reconnects after a lost connection, with a backoff. */
export class BrokerNode {
  readonly address: Address
  readonly #settings: ConnectionSettings
  readonly #log: Logger
  readonly #outages: ClientOutages
  readonly #backoff: Backoff
  #broker: KafkajsBroker | undefined
  #connecting: Promise<KafkajsBroker> | undefined
  #notBefore = 0

  /** Reports in `outages` that the broker does not answer. */
  constructor(settings: ConnectionSettings, address: Address, log: Logger, outages: ClientOutages) {
    this.#settings = settings
    this.address = address
    this.#log = log
    this.#outages = outages
    this.#backoff = new Backoff(settings.reconnectBackoffMs, settings.reconnectBackoffMaxMs)
  }

  /**
   * Resolves to the broker with an open, authenticated connection. Throws the error of kafkajs if it cannot
   * connect.
   */
  async connected(signal?: AbortSignal): Promise<KafkajsBroker> {
    // During connect, kafkajs reports a broker as connected before its API versions are known
    if (this.#connecting === undefined && this.#broker?.isConnected() === true) return this.#broker
    this.#connecting ??= this.#connect(signal).finally(() => {
      this.#connecting = undefined
    })
    return this.#connecting
  }

  async send(request: RawRequest, signal?: AbortSignal): Promise<Buffer> {
    const broker = await this.connected(signal)
    const lane = waitingLanes.get(request.apiKey) ?? lanes.prompt
    try {
      return await exchange(await broker.connectionPool.getConnection(lane), request)
    } catch (error) {
      throw this.#withAddress(error)
    }
  }

  /**
   * Closes all connections; requests in flight fail with `reason`, and bytes already written are still sent. The next
   * request reconnects.
   */
  disconnect(reason = closed()): Promise<void> {
    return this.#close(reason, endSocket)
  }

  /** Like {@link disconnect}, but what the broker has not got yet is never sent. */
  reset(reason: ConnectError): Promise<void> {
    return this.#close(reason, async (socket) => resetSocket(socket))
  }

  async #close(reason: ConnectError, close: Parameters<typeof closeBroker>[2]): Promise<void> {
    const broker = this.#broker
    this.#broker = undefined
    if (broker !== undefined) await closeBroker(broker, reason, close)
  }

  async #connect(signal: AbortSignal | undefined): Promise<KafkajsBroker> {
    await sleep(Math.max(0, this.#notBefore - Date.now()), signal)
    const broker = (this.#broker ??= createBroker(this.#settings, this.address, this.#log, this.#outages))
    try {
      await broker.connect()
      this.#backoff.reset()
      return broker
    } catch (error) {
      this.#notBefore = Date.now() + this.#backoff.next()
      await this.disconnect()
      throw this.#withAddress(error)
    }
  }

  /** Adds the broker's address to an error that lacks it. */
  #withAddress(error: unknown): unknown {
    if (!(error instanceof Error) || 'broker' in error) return error
    return Object.assign(error, { broker: `${this.address.host}:${this.address.port}` })
  }
}

const closed = () => new ConnectError('HR_KAFKA_UNAVAILABLE', 'The connection was closed')
