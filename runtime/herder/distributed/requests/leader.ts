import { ConnectError, messageOf, type TaskProps } from '../../../../api/index.ts'
import { printJson } from '../../../../java/index.ts'
import type { SessionKey } from '../../../stores/index.ts'
import type { PeerRequest, Peers } from '../../peers.ts'
import { signatureOf } from './request-signature.ts'

/**
 * Statuses of answers after which a later attempt may succeed: 403 while the session key is being rotated, 409 during a
 * rebalance, 503 while the leader starts.
 */
const LATER: ReadonlySet<number> = new Set([403, 409, 503])

export interface LeaderPorts {
  readonly peers: Peers
  /** REST URL of the leader; undefined without a leader. */
  url(): string | undefined
  /** Undefined while requests between workers are not signed. */
  key(): SessionKey | undefined
  readonly algorithm: string
}

/**
 * Requests that a worker sends to the leader, signed with the session key of the cluster.
 *
 * Source: KIP-507.
 */
export class Leader {
  readonly #ports: LeaderPorts

  constructor(ports: LeaderPorts) {
    this.#ports = ports
  }

  /**
   * Sends the task configs of a connector. Throws `HR_CONNECT` with the leader's message, and `HR_REBALANCING` if a later
   * attempt may succeed.
   */
  async putTaskConfigs(connector: string, configs: readonly TaskProps[]): Promise<void> {
    await this.#ask('POST', connector, 'tasks', printJson(configs))
  }

  /**
   * Requests a round of fencing before a task of an exactly-once source starts. Throws the same errors as
   * {@link putTaskConfigs}.
   *
   * Source: DistributedHerder.fenceZombieSourceTasks (KIP-618).
   */
  async fence(connector: string): Promise<void> {
    await this.#ask('PUT', connector, 'fence')
  }

  async #ask(method: string, connector: string, what: string, body?: string): Promise<void> {
    const { peers, url, key, algorithm } = this.#ports
    const base = url()
    if (base === undefined) {
      throw new ConnectError('HR_REBALANCING', 'The cluster has no leader at the moment; retry the request')
    }
    const sessionKey = key()
    const bytes = Buffer.from(body ?? '')
    const headers =
      sessionKey === undefined
        ? {}
        : {
            'X-Connect-Authorization': signatureOf(bytes, sessionKey, algorithm).toString('base64'),
            'X-Connect-Request-Signature-Algorithm': algorithm,
          }
    const request: PeerRequest = {
      method,
      url: `${base.replace(/\/$/, '')}/connectors/${encodeURIComponent(connector)}/${what}`,
      headers,
      ...(body === undefined ? {} : { body }),
    }
    const answer = await peers.request(request).catch((cause: unknown) => {
      throw new ConnectError('HR_REBALANCING', `The leader does not answer: ${messageOf(cause)}`, { cause })
    })
    if (answer.status < 400) return
    const { message } = (answer.body ?? {}) as { message?: unknown }
    const code = LATER.has(answer.status) ? 'HR_REBALANCING' : 'HR_CONNECT'
    throw new ConnectError(code, `The leader returned ${answer.status}: ${String(message)}`)
  }
}
