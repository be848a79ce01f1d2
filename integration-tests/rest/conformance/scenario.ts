import type { MaskRule } from './masks.ts'

/** The body of a response. Each predicate knows its shape. */
// oxlint-disable-next-line typescript/no-explicit-any -- the test checks the shape of the response
export type Body = any

/** Names and files for a scenario, with a prefix that is unique to the run. */
export interface Place {
  readonly prefix: string
  readonly base: string
  /** The folder for files. */
  readonly tmp: string
  /** Returns the name of a connector, topic or group. */
  n(name: string): string
  /** Returns the path of a file. */
  f(name: string): string
}

export interface HttpOptions {
  readonly json?: unknown
  /** The unparsed body. */
  readonly raw?: string
  readonly headers?: Readonly<Record<string, string | null>>
  readonly mask?: readonly MaskRule[]
  /** Additional headers to compare. */
  readonly keep?: readonly string[]
  /** Headers whose values are unordered lists. */
  readonly sortHeaders?: readonly string[]
  readonly statusOnly?: boolean
  /** Compares lists of plugins by a special rule. */
  readonly compare?: 'plugins'
  /** Whether the response is not compared. */
  readonly quiet?: boolean
  /** Whether an error response because of a rebalance is the expected result, and not retried. */
  readonly noRetry?: boolean
}

export interface HttpStep extends HttpOptions {
  readonly kind: 'http'
  readonly method: string
  readonly path: string
  /** Repeats the request until the predicate returns true. The last response is compared. */
  readonly until?: (body: Body, status: number) => boolean
  readonly timeoutMs?: number
}

/** Waits until a file has `lines` lines, or `pred` returns true for its content. Its lines are compared. */
export interface FileStep {
  readonly kind: 'file'
  readonly file: string
  readonly lines: number
  readonly timeoutMs: number
  readonly sort?: boolean
  readonly pred?: (text: string) => boolean
}

export type Step =
  | HttpStep
  | FileStep
  | { readonly kind: 'write'; readonly file: string; readonly text: string }
  | { readonly kind: 'append'; readonly file: string; readonly text: string }
  | { readonly kind: 'sleep'; readonly ms: number }

/** Requests. The responses of a Java worker are recorded under the same name. */
export interface Scenario {
  readonly name: string
  readonly doc?: string
  /** Required features of the worker setup. */
  readonly tags?: readonly string[]
  readonly mask?: readonly MaskRule[]
  steps(place: Place): readonly Step[]
}

/** The comparable result of a step. */
export interface StepResult {
  readonly label: string
  readonly timeout?: boolean
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
  readonly compare?: 'plugins'
}
