import { Shapes } from './shapes.ts'

/** Describes how to compute a field of a new struct or map. */
export interface FieldPlan {
  readonly name: string
  /** The name of the source field, or an index into the additional values. */
  readonly from: string | number
  /** Replaces a null. */
  readonly fallback?: unknown
  /** Converts the value. Also called with null. */
  readonly change?: ((value: unknown) => unknown) | undefined
  /** Called if the final value is null. Throws if the field is required. */
  readonly onNull?: (() => void) | undefined
}

type Fields = Record<string, unknown>

/** Builds a struct from another one and from additional values. */
export type StructBuilder = (source: Readonly<Fields>, beside?: readonly unknown[]) => Fields

/** Larger structs are built in a loop, because the engine stores them as hash tables anyway. */
const MOST_GENERATED_FIELDS = 500

/**
 * Compiles a plan to code that names every field. All resulting structs have the same shape, and there are no lookups
 * by computed name, which is several times faster than a loop over the fields.
 *
 * The result contains every planned field, with null if the source has no value. Any string can be a field name.
 */
export function structBuilder(plan: readonly FieldPlan[]): StructBuilder {
  return plan.length > MOST_GENERATED_FIELDS
    ? (source, beside) => build(plan, source, beside)
    : generate(plan)
}

/** Does the same as the generated code, in a loop. */
function build(
  plan: readonly FieldPlan[],
  source: Readonly<Fields>,
  beside: readonly unknown[] = [],
): Fields {
  const result: Fields = {}
  for (const { name, from, fallback = null, change, onNull } of plan) {
    const found = typeof from === 'number' ? beside[from] : ownValue(source, from)
    let value = found ?? fallback
    if (change !== undefined) value = change(value) ?? null
    if (value === null) onNull?.()
    if (name === '__proto__') Object.defineProperty(result, name, { ...PLAIN_PROPERTY, value })
    else result[name] = value
  }
  return result
}

function generate(plan: readonly FieldPlan[]): StructBuilder {
  const steps = plan.flatMap(({ from, fallback, change, onNull }, at) => [
    `let v${at} = ${typeof from === 'number' ? `beside[${from}]` : read(from)}`,
    `if (v${at} === undefined || v${at} === null) v${at} = ${fallback === undefined ? 'null' : `plan[${at}].fallback`}`,
    ...(change === undefined ? [] : [`v${at} = plan[${at}].change(v${at}) ?? null`]),
    ...(onNull === undefined ? [] : [`if (v${at} === null) plan[${at}].onNull()`]),
  ])
  const fields = plan.map(({ name }, at) => `[${JSON.stringify(name)}]: v${at}`)
  const code = `return (source, beside) => {\n${steps.join('\n')}\nreturn { ${fields.join(', ')} }\n}`
  // oxlint-disable-next-line no-new-func, typescript/no-implied-eval -- names come in as string literals only
  return new Function('plan', 'ownValue', code)(plan, ownValue) as StructBuilder
}

/** Inherited properties must not be read as fields. */
function read(name: string): string {
  const literal = JSON.stringify(name)
  return name in Object.prototype ? `ownValue(source, ${literal})` : `source[${literal}]`
}

const ownValue = (source: Readonly<Fields>, name: string): unknown =>
  Object.hasOwn(source, name) ? source[name] : undefined

const PLAIN_PROPERTY = { enumerable: true, configurable: true, writable: true } as const

/** Like {@link structBuilder}, for schemaless maps. Compiles a plan for each sequence of keys that occurs often. */
export function mapBuilder(planOf: (keys: readonly string[]) => readonly FieldPlan[]): StructBuilder {
  const shapes = new Shapes((keys) => structBuilder(planOf(keys)))
  return (source, beside) => {
    const keys = Object.keys(source)
    const built = shapes.of(keys)
    return built === undefined ? build(planOf(keys), source, beside) : built(source, beside)
  }
}
