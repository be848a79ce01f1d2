type Methods<N extends string> = { readonly [K in N]: (...args: never[]) => unknown }

/** The methods of a module, all of which return promises. */
type Asynchronous<M, N extends keyof M> = {
  readonly [K in N]: M[K] extends (...args: infer A) => infer R ? (...args: A) => Promise<Awaited<R>> : never
}

/**
 * Returns methods of a connector with these names, which load their module when the first of them is called.
 *
 * A task process registers all connectors and uses one. The module of a connector therefore imports only what the worker
 * asks of each: its names, and the definitions of its settings. What connects to the other system, with its driver, is in
 * the module that `load` imports. Definitions of settings import single files of other folders, because an `index.ts` loads
 * the entire folder.
 *
 * The methods reject with what the import or the method of the module throws.
 */
export function loadedWhenCalled<N extends string, M extends Methods<N>>(
  load: () => Promise<M>,
  names: readonly N[],
): Asynchronous<M, N> {
  const methods = names.map((name) => [
    name,
    async (...args: never[]): Promise<unknown> => (await load())[name](...args),
  ])
  return Object.fromEntries(methods) as Asynchronous<M, N>
}
