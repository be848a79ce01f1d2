import { ConnectError } from '../../../../api/index.ts'
import { tagsOf, type Tags } from '../../../../config/index.ts'
import { connectorNames, type PluginKind } from '../../../plugins/index.ts'
import { within } from '../../../timing/index.ts'
import type { OwnFacts } from '../../cluster.ts'
import type { Peers } from '../../peers.ts'

/** Time to wait for each response of another worker, in milliseconds. */
const TIMEOUT_MS = 2000

/** What a worker says about itself in its REST API. */
export interface MemberFacts {
  readonly kind: 'headrace' | 'java'
  readonly version: string
  readonly tags: Tags
  /** The names under which the worker has connectors. */
  readonly connectors: ReadonlySet<string>
  /** What only Headrace workers report. */
  readonly present: Pick<OwnFacts, 'configOffset' | 'lastContact' | 'sessionEnds'> | undefined
}

/**
 * Asks a worker about itself: a Headrace worker in one request, a Java worker for its version and its plugins. Throws
 * `HR_CONNECT` when it is unreachable, does not respond in time, or refuses to answer.
 */
export async function askMember(
  peers: Peers,
  url: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<MemberFacts> {
  const base = url.replace(/\/$/, '')
  const get = async (path: string) => {
    const late = () => {
      throw new ConnectError('HR_CONNECT', `GET ${base}${path}: no response within ${TIMEOUT_MS} ms`)
    }
    return within(TIMEOUT_MS, peers.request({ method: 'GET', url: `${base}${path}`, headers }), late)
  }
  const own = await get('/headrace/cluster?scope=worker')
  if (own.status === 200) return headraceFacts(own.body as OwnBody)
  // Java workers and older Headrace workers do not have the route; both list their plugins
  const [info, plugins] = [await get('/'), await get('/connector-plugins?connectorsOnly=false')]
  const refused = [own, info, plugins].find(({ status }) => status !== 200 && status !== 404)
  if (refused !== undefined || info.status !== 200 || plugins.status !== 200) {
    const { status } = refused ?? info
    throw new ConnectError('HR_CONNECT', `GET ${base}/: the worker returned ${status}`)
  }
  const listed = (plugins.body as readonly { readonly class: string; readonly type: PluginKind }[]).filter(
    ({ type }) => type === 'source' || type === 'sink',
  )
  return {
    kind: 'java',
    version: (info.body as { readonly version: string }).version,
    tags: new Map(),
    connectors: connectorNames(listed.map((plugin) => ({ className: plugin.class, kind: plugin.type }))),
    present: undefined,
  }
}

/** The response to `GET /headrace/cluster?scope=worker`, in which a later version may have more fields. */
interface OwnBody {
  readonly version: string
  readonly tags: readonly string[]
  readonly connectors: readonly string[]
  readonly config_offset: number
  readonly last_contact: number
  readonly session_ends: number
}

const headraceFacts = (own: OwnBody): MemberFacts =>
  factsOf({
    ...own,
    configOffset: own.config_offset,
    lastContact: own.last_contact,
    sessionEnds: own.session_ends,
  })

/** What a worker knows about itself, in the form of {@link askMember}. */
export function factsOf(own: Omit<OwnFacts, 'url'>): MemberFacts {
  const { version, tags, connectors, configOffset, lastContact, sessionEnds } = own
  return {
    kind: 'headrace',
    version,
    tags: tagsOf(tags),
    connectors: new Set(connectors),
    present: { configOffset, lastContact, sessionEnds },
  }
}
