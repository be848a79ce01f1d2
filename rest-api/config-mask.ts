import type { Props } from '../api/index.ts'
import type { Herder } from '../runtime/index.ts'

const MASK = '[hidden]'

/**
 * Hides settings of type password in responses if `rest.mask.passwords` is true. A hidden value in a request stands for
 * the stored value.
 */
export class ConfigMask {
  readonly #herder: Herder
  readonly #enabled: boolean

  constructor(herder: Herder, enabled: boolean) {
    this.#herder = herder
    this.#enabled = enabled
  }

  /** Returns settings with passwords hidden. References to config providers stay visible. */
  async shown<P extends Props>(props: P): Promise<P> {
    if (!this.#enabled) return props
    return replaced(props, await this.#herder.passwordKeys(props), (value) =>
      value === null || /^\$\{[^}]*\}$/.test(value) ? value : MASK,
    )
  }

  async shownIn<T extends { readonly config: Props }>(info: T): Promise<T> {
    return this.#enabled ? { ...info, config: await this.shown(info.config) } : info
  }

  /** Returns a task with the settings hidden that its connector defines as passwords. */
  async shownInTask<T extends { readonly config: Props }>(task: T, connector: Props): Promise<T> {
    if (!this.#enabled) return task
    const keys = await this.#herder.passwordKeys({ ...connector, ...task.config })
    return { ...task, config: replaced(task.config, keys, () => MASK) }
  }

  /** Replaces hidden values in a request with the stored values. */
  async restored(name: string, props: Props): Promise<Props> {
    const hidden = Object.keys(props).filter((key) => props[key] === MASK)
    if (!this.#enabled || hidden.length === 0) return props
    const stored = await this.#herder.config(name).catch((): Props => ({}))
    const keys = new Set(await this.#herder.passwordKeys({ ...stored, ...props }))
    const kept = hidden.filter((key) => keys.has(key) && Object.hasOwn(stored, key))
    return replaced(props, kept, (_value, key) => stored[key] ?? null)
  }
}

function replaced<P extends Props>(
  props: P,
  keys: readonly string[],
  value: (value: string | null, key: string) => string | null,
): P {
  const chosen = new Set(keys)
  const entries = Object.entries(props).map(
    ([key, old]) => [key, chosen.has(key) ? value(old, key) : old] as const,
  )
  return Object.fromEntries(entries) as P
}
