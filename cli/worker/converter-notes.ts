import { nearest, withPrefix, type SettingNote } from '../../config/index.ts'
import { converterCatalog } from '../../converters/catalog.ts'

/** Converters are loaded only if the worker has settings for one. */
const loadConverters = async () => (await import('../../converters/index.ts')).converters.converters ?? []

/** Returns a note for each setting of a built-in converter of the worker that the converter does not have. */
export async function converterNotes(props: Readonly<Record<string, string>>): Promise<SettingNote[]> {
  const notes: SettingNote[] = []
  for (const role of ['key', 'value', 'header']) {
    const prefix = `${role}.converter.`
    const name = builtInName(props[`${role}.converter`]?.trim())
    const keys = Object.keys(withPrefix(props, prefix))
    if (name === undefined || keys.length === 0) continue
    const config = (await loadConverters()).find((converter) => converter.name === name)?.config ?? {}
    const known = [...Object.keys(config), 'plugin.version']
    for (const key of keys.filter((own) => !known.includes(own))) {
      const meant = nearest(key, known)
      const hint = meant === undefined ? '' : `; did you mean ${prefix}${meant}?`
      notes.push({ key: prefix + key, text: `${simpleName(name)} has no such setting${hint}` })
    }
  }
  return notes
}

/** Full name of a built-in converter by its full or short name; undefined for those of packages. */
function builtInName(className: string | undefined): string | undefined {
  return Object.values(converterCatalog)
    .map(({ name }) => name)
    .find(
      (name) =>
        className === name ||
        [simpleName(name), simpleName(name).replace(/Converter$/, '')].includes(className ?? ''),
    )
}

const simpleName = (name: string): string => name.slice(name.lastIndexOf('.') + 1)
