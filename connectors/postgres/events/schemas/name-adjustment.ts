/** Value of `schema.name.adjustment.mode` and `field.name.adjustment.mode`. */
export type NameAdjustment = 'none' | 'avro' | 'avro_unicode'

interface Rules {
  readonly first: RegExp
  readonly others: RegExp
  readonly replace: (char: string) => string
  /** Whether a leading digit is kept behind its replacement, so that `1x` and `2x` stay different. */
  readonly keepsLeadingDigit: boolean
}

const underscore = { replace: () => '_', keepsLeadingDigit: true }
const unicode = { replace: escaped, keepsLeadingDigit: false }

const schemaRules = {
  avro: { first: /[A-Za-z_]/, others: /[A-Za-z0-9_.]/, ...underscore },
  avro_unicode: { first: /[A-Za-z]/, others: /[A-Za-z0-9.]/, ...unicode },
} satisfies Record<string, Rules>

const fieldRules = {
  avro: { first: /[A-Za-z_]/, others: /[A-Za-z0-9_]/, ...underscore },
  avro_unicode: { first: /[A-Za-z]/, others: /[A-Za-z0-9]/, ...unicode },
} satisfies Record<string, Rules>

/** Returns the name of a schema in the given mode. Source: SchemaNameAdjuster. */
export function schemaName(name: string, mode: NameAdjustment): string {
  return mode === 'none' ? name : adjusted(name, schemaRules[mode])
}

/** Returns the name of a field in the given mode. Source: SchemaNameAdjuster.AVRO_FIELD_NAMER. */
export function fieldName(name: string, mode: NameAdjustment): string {
  return mode === 'none' ? name : adjusted(name, fieldRules[mode])
}

/** Works on UTF-16 code units, as Java does. */
function adjusted(name: string, { first, others, replace, keepsLeadingDigit }: Rules): string {
  let result = ''
  for (let index = 0; index < name.length; index++) {
    const char = name.charAt(index)
    if ((index === 0 ? first : others).test(char)) result += char
    else result += replace(char) + (index === 0 && keepsLeadingDigit && /\p{Nd}/u.test(char) ? char : '')
  }
  return result
}

/** Code units below 0x100 have two leading zeros, and others no padding. Source: UnicodeReplacementFunction. */
function escaped(char: string): string {
  const hex = char.charCodeAt(0).toString(16)
  return `_u${hex.length <= 2 ? '00' : ''}${hex}`
}
