export { compileJavaRegex } from './java-regex.ts'
export { validRegex } from './setting.ts'
export type { JavaRegex } from './java-regex.ts'
