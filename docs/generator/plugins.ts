import type { PluginEntry } from '../../api/index.ts'
import { aliasesOf, aliasTable, kindsOf, type PluginKind } from '../../runtime/plugins/index.ts'
import { code, page } from './markdown.ts'
import { settingsTable } from './settings.ts'

/** Returns a page with a section per plugin: description, class names and settings. */
export function pluginPage(
  title: string,
  intro: string,
  plugins: readonly PluginEntry[],
  described: (entry: PluginEntry) => string,
): string {
  const shortNames = aliasTable(
    plugins.flatMap((entry) => kindsOf(entry).map((kind) => [entry.name, kind, ownAliases(entry)] as const)),
  )
  const sections = families(plugins).map(({ title: name, members }) => {
    const [first] = members
    const names = members.map((entry) => namesOf(entry, shortNames)).join('\n')
    return [`## ${name}`, described(first), names, settingsTable(first.config)].join('\n\n')
  })
  return page(title, intro, ...sections)
}

const ownAliases = (entry: PluginEntry): readonly string[] =>
  'aliases' in entry ? (entry.aliases ?? []) : []

interface Family {
  readonly title: string
  readonly members: readonly [PluginEntry, ...PluginEntry[]]
}

/** Groups `…$Key` and `…$Value` of a transform. */
function families(plugins: readonly PluginEntry[]): Family[] {
  const byName = new Map<string, [PluginEntry, ...PluginEntry[]]>()
  for (const entry of plugins) {
    const name = entry.name.replace(/\$(?:Key|Value)$/, '')
    const members = byName.get(name)
    if (members === undefined) byName.set(name, [entry])
    else members.push(entry)
  }
  return [...byName].map(([name, members]) => ({ title: name.slice(name.lastIndexOf('.') + 1), members }))
}

function namesOf(entry: PluginEntry, shortNames: ReadonlyMap<string, string>): string {
  const short = kindsOf(entry)
    .flatMap((kind: PluginKind) => [...aliasesOf(entry.name, kind), ...ownAliases(entry)])
    .filter((alias, index, all) => shortNames.get(alias) === entry.name && all.indexOf(alias) === index)
  return `- ${code(entry.name)}${short.length === 0 ? '' : `, alias ${short.map(code).join(' or ')}`}`
}
