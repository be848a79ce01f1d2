import type { Variant } from './variants.ts'

/** What the bare program has to do. */
export interface BareTask {
  readonly operation: Variant['operation']
  readonly servers: string
  readonly topic: string
  readonly group: string
  readonly records: number
  readonly node: string
  readonly auth: { readonly username: string; readonly password: string } | null
  readonly index: string
}
