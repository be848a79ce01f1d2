import { ConnectError } from '../../../api/index.ts'

/** A piece of a template: plain text, or a variable. */
export type TemplatePart =
  | { readonly text: string }
  | { readonly name: string; readonly parameter: Parameter | null; readonly placeholder: string }

/** The parameter of a variable, as `unit` and `yyyy` in `{{timestamp:unit=yyyy}}`. */
export interface Parameter {
  readonly name: string
  readonly value: string
}

const VARIABLE = /\{\{\s*(\w+)?(:?)([\w=]+)?\s*\}\}/g
const PARAMETER = /^(\w+)?=?(\w+)?/

/**
 * Parses a template for names, such as `{{topic}}/{{partition:padding=true}}`.
 *
 * Throws `HR_CONFIG_INVALID` for a variable that has no name or no value of its parameter. Source: TemplateParser.
 */
export function parseTemplate(template: string): readonly TemplatePart[] {
  const parts: TemplatePart[] = []
  let position = 0
  for (const match of template.matchAll(VARIABLE)) {
    if (match.index > position) parts.push({ text: template.slice(position, match.index) })
    const [placeholder, name, colon, definition] = match
    if (name === undefined) throw invalid(`Variable name hasn't been set for template: ${template}`)
    if (colon === ':' && definition === undefined) throw invalid('Wrong variable with parameter definition')
    parts.push({ name, parameter: parseParameter(name, definition), placeholder })
    position = match.index + placeholder.length
  }
  if (position < template.length) parts.push({ text: template.slice(position) })
  return parts
}

/** The names of the variables in a template. */
export function variablesOf(parts: readonly TemplatePart[]): ReadonlySet<string> {
  return new Set(parts.flatMap((part) => ('name' in part ? [part.name] : [])))
}

function parseParameter(variable: string, definition: string | undefined): Parameter | null {
  if (definition === undefined) return null
  const [, name, value] = PARAMETER.exec(definition) ?? []
  if (name === undefined) throw invalid(`Parameter name for variable \`${variable}\` has not been set`)
  if (value === undefined) {
    throw invalid(`Parameter value for variable \`${variable}\` and parameter \`${name}\` has not been set`)
  }
  return { name, value }
}

const invalid = (message: string): ConnectError => new ConnectError('HR_CONFIG_INVALID', message)
