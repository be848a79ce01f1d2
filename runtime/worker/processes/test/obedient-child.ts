/**
 * A task process without plugins: it answers every call, and ends or hangs as the worker's settings require.
 */
interface Message {
  readonly kind: string
  readonly id: number
  readonly method: string
  readonly args: readonly unknown[]
}

process.on('message', (messages: readonly Message[]) => {
  for (const { kind, id, method, args } of messages) {
    if (kind !== 'call') continue
    if (method === 'start') {
      const { workerProps } = args[0] as { workerProps: Readonly<Record<string, string>> }
      if (workerProps['end'] !== undefined) process.exit(Number(workerProps['end']))
    }
    process.send?.({ kind: 'result', id, value: null })
  }
})
