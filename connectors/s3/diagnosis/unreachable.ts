import { lookup } from 'node:dns/promises'
import { messageOf, type Finding } from '../../../api/index.ts'
import { factsOf, type StorageSettings } from '../storage/index.ts'
import { error, warning } from '../../shared/finding.ts'

/** Resolves if the host has an address. */
export type LookUp = (host: string) => Promise<unknown>

const regionCodes = [
  'AuthorizationHeaderMalformed',
  'BucketRegionError',
  'IllegalLocationConstraintException',
  'MovedPermanently',
  'PermanentRedirect',
  'TemporaryRedirect',
]

/** Kinds of findings by the code of the failed request. */
const ids: ReadonlyMap<string, string> = new Map([
  ['NoSuchBucket', 'bucket-missing'],
  ['InvalidBucketName', 'bucket-missing'],
  ['InvalidAccessKeyId', 'credentials-refused'],
  ['InvalidClientTokenId', 'credentials-refused'],
  ['UnrecognizedClientException', 'credentials-refused'],
  ['SignatureDoesNotMatch', 'credentials-refused'],
  ['ExpiredToken', 'credentials-expired'],
  ['InvalidToken', 'credentials-expired'],
  ['TokenRefreshRequired', 'credentials-expired'],
  ['RequestTimeTooSkewed', 'clock-skewed'],
  ['RequestExpired', 'clock-skewed'],
  ['certificate', 'certificate-refused'],
  ['ENOTFOUND', 'host-unknown'],
  ['EAI_AGAIN', 'host-unknown'],
  ...regionCodes.map((code) => [code, 'bucket-in-other-region'] as const),
])

/** Returns why the bucket cannot be reached, and what to do. */
export async function unreachable(
  failure: unknown,
  settings: StorageSettings,
  lookUp: LookUp = lookup,
): Promise<Finding> {
  const facts = factsOf(failure)
  if (facts === undefined) return error('credentials-missing', messageOf(failure))
  const { code, text, remedy } = facts
  const id = ids.get(code) ?? (isNetwork(code) ? 'server-unreachable' : 'bucket-unusable')
  if (id === 'host-unknown' && (await isVirtualHost(settings, lookUp))) {
    return error(
      'bucket-host-unknown',
      text,
      `The name service knows the host of store.url, but not that of the bucket. Set s3.path.style.access.enabled=true, or add ${settings.bucket}.* to the name service.`,
    )
  }
  const instead = id === 'server-unreachable' ? unreachableRemedy(settings) : undefined
  return error(id, text, instead ?? (remedy === undefined ? null : `${remedy}.`))
}

/** Codes of the server are in camel case. */
const isNetwork = (code: string): boolean =>
  code === '' || /^(?:E[A-Z_]+|ERR_\w+|HPE_\w+|UND_\w+)$/.test(code)

function unreachableRemedy({ endpoint, proxy }: StorageSettings): string {
  const server =
    endpoint === null ? 'Allow this machine to connect to AWS' : 'Check store.url, and that its server runs'
  return proxy === null
    ? `${server}; a firewall may block the connection, or a proxy may be needed (s3.proxy.url).`
    : `${server}. Check the proxy of s3.proxy.url as well.`
}

/** Whether only the host name with the bucket in it is unknown. */
async function isVirtualHost(settings: StorageSettings, lookUp: LookUp): Promise<boolean> {
  const { endpoint, pathStyle } = settings
  if (pathStyle || endpoint === null) return false
  try {
    await lookUp(new URL(endpoint.includes('://') ? endpoint : `https://${endpoint}`).hostname)
    return true
  } catch {
    return false
  }
}

/** How far the clocks may differ. Servers refuse requests whose time differs by more than 15 minutes. */
const MAX_SKEW_MS = 60_000

/** Returns a warning if the clock of this machine differs from that of the server. */
export function clockFinding(aheadMs: number | null): readonly Finding[] {
  if (aheadMs === null || Math.abs(aheadMs) < MAX_SKEW_MS) return []
  const seconds = Math.round(Math.abs(aheadMs) / 1000)
  return [
    warning(
      'clock-skewed',
      `The clock of this machine is ${seconds} s ${aheadMs > 0 ? 'behind' : 'ahead of'} that of the server. Servers refuse requests from 15 minutes on.`,
      'Synchronize the clock of this machine with a time server.',
    ),
  ]
}
