import type { connect } from '../../connection/database.ts'
import type { Query } from '../../ports.ts'

/** Opens connections that answer with `query`, and counts those that are open. */
export function fakeDatabase(query: Query): { readonly connect: typeof connect; open(): number } {
  let open = 0
  return {
    open: () => open,
    connect: () => {
      open++
      return Promise.resolve({
        query,
        processId: 1,
        copyOut: () => Promise.reject(new Error('not expected')),
        ended: new Promise<undefined>(() => {}),
        close: () => {
          open--
          return Promise.resolve()
        },
      })
    },
  }
}
