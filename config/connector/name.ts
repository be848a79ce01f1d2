/**
 * Returns why the REST API cannot address a connector with this name, or undefined if it can: `its name contains '/'`.
 * Such a connector can be created, but neither shown nor deleted.
 *
 * Source: Jetty's URI compliance, which Kafka Connect leaves at its default.
 */
export function nameFault(name: string): string | undefined {
  if (name === '') return 'its name is empty'
  if (name === '.' || name === '..') return `its name is '${name}'`
  const [found] = /[/\\%\u0000-\u001f\u007f]/.exec(name) ?? []
  if (found !== undefined) return `its name contains ${/[/\\%]/.test(found) ? `'${found}'` : codeOf(found)}`
  const [half] = /\p{Surrogate}/u.exec(name) ?? []
  return half === undefined ? undefined : `its name contains the unpaired surrogate ${codeOf(half)}`
}

const codeOf = (character: string): string =>
  `U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`
