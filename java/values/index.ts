export { parseValueText } from './parse-text.ts'
export { dateText, valueText } from './to-text.ts'
export { NoMoreTokens } from './tokens.ts'
