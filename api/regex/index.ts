export { compileJavaRegex } from './java-regex.ts'
export type { JavaRegex } from './java-regex.ts'
