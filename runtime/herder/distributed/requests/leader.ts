import { ConnectError, type TaskProps } from '../../../../api/index.ts'
import { printJson } from '../../../../java/index.ts'
import type { SessionKey } from '../../../stores/index.ts'
import type { PeerRequest, Peers } from '../../peers.ts'
import { signatureOf } from './request-signature.ts'

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

  /** Sends the task configs of a connector. Throws `HR_CONNECT` with the leader's message. */
  async putTaskConfigs(connector: string, configs: readonly TaskProps[]): Promise<void> {
    await this.#ask('POST', connector, 'tasks', printJson(configs))
  }

  /**
   * Requests a round of fencing before a task of an exactly-once source starts. Throws the same errors as
   * {@link putTaskConfigs}.
   */
  async fence(connector: string): Promise<void> {
    await this.#ask('PUT', connector, 'fence')
  }

  async #ask(method: string, connector: string, what: string, body?: string): Promise<void> {
    const { peers, url, key, algorithm } = this.#ports
    const base = url()
    if (base === undefined) {
      throw new ConnectError('HR_CONNECT', 'The cluster has no leader at the moment; retry the request')
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
    const answer = await peers.request(request)
    if (answer.status < 400) return
    const { message } = (answer.body ?? {}) as { message?: unknown }
    throw new ConnectError('HR_CONNECT', `The leader returned ${answer.status}: ${String(message)}`)
  }
}
