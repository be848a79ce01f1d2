export { JsonNumber, JsonSyntaxError, parseJson } from './parse.ts'
export type { JsonParseOptions } from './parse.ts'
export { jsonDouble, jsonFloat, jsonString, printJson } from './print.ts'
