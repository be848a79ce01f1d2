import { ConnectError } from '../../../../../api/index.ts'
import type { PeerAnswer, Peers } from '../../../peers.ts'

type Answer = Pick<PeerAnswer, 'status' | 'body'>

/** Other workers: their responses by method and URL. Other requests fail; `asked` lists all requests. */
export function fakePeers(answers: Readonly<Record<string, Answer>>): Peers & { readonly asked: string[] } {
  const asked: string[] = []
  return {
    asked,
    request: async ({ method, url }) => {
      asked.push(`${method} ${url}`)
      const answer = answers[`${method} ${url}`]
      if (answer === undefined) throw new ConnectError('HR_CONNECT', `${method} ${url}: connection refused`)
      return { headers: {}, ...answer }
    },
  }
}

const notFound: Answer = { status: 404, body: { error_code: 404, message: 'HTTP 404 Not Found' } }

/** The responses of a Java worker that has one source connector. */
export const javaWorker = (url: string, className: string): Record<string, Answer> => ({
  [`GET ${url}/headrace/cluster?scope=worker`]: notFound,
  [`GET ${url}/`]: { status: 200, body: { version: '4.3.1', commit: 'c', kafka_cluster_id: 'k' } },
  [`GET ${url}/connector-plugins?connectorsOnly=false`]: {
    status: 200,
    body: [
      { class: className, type: 'source', version: '1' },
      { class: 'x.SomeConverter', type: 'converter', version: '1' },
    ],
  },
})

/** The response of a Headrace worker. */
export const headraceWorker = (url: string, connectors: readonly string[]): Record<string, Answer> => ({
  [`GET ${url}/headrace/cluster?scope=worker`]: {
    status: 200,
    body: {
      url: `${url}/`,
      version: '9.0.0',
      tags: ['zone=a'],
      connectors,
      config_offset: 5,
      last_contact: 1000,
      session_ends: 11_000,
      later: 'a field of a later version',
    },
  },
})
