import { invalidValue, type Validator } from '../../../api/index.ts'

/**
 * Returns the URLs of the servers: with a scheme, without a slash at the end, and each one once. A URL without a scheme gets
 * `http`. Source: ElasticsearchSinkConnectorConfig.connectionUrls, HttpHost.create.
 */
export function serverUrls(urls: readonly string[]): readonly string[] {
  return [...new Set(urls.map((url) => withScheme(url).replace(/\/$/, '')))]
}

/**
 * Accepts a list of URLs with `http` or `https`, or without a scheme.
 *
 * Source: UrlListValidator. Differs: an empty list, another scheme, and a user in a URL are refused, which fail a task in Java.
 */
export const urlList: Validator = {
  description: 'List of valid URIs.',
  check: (key, value) => {
    if (!Array.isArray(value)) return invalidValue(key, value, 'The config must be provided and non-null.')
    const urls = value as readonly string[]
    if (urls.length === 0) return invalidValue(key, '[]', 'at least one URL is expected')
    const wrong = urls.find((url) => !isServerUrl(url))
    if (wrong === undefined) return undefined
    // A password may be in any of them: one with a comma is divided into two
    if (urls.some((url) => url.includes('@'))) {
      return `Invalid value [hidden] for configuration ${key}: a URL must not contain a user; set connection.username and connection.password`
    }
    return invalidValue(key, value, `The provided url '${wrong}' is not a valid url.`)
  },
}

const withScheme = (url: string): string => (url.includes('://') ? url : `http://${url}`)

function isServerUrl(text: string): boolean {
  const url = withScheme(text)
  if (!URL.canParse(url) || text.startsWith('.')) return false
  const { protocol, username, password, search, hash, hostname } = new URL(url)
  return /^https?:$/.test(protocol) && hostname !== '' && username + password + search + hash === ''
}
