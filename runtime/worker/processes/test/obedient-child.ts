/** A task process that runs no plugin: it answers every call, and ends or hangs when the worker's settings say so. */
process.on('message', (message: { kind: string; id: number; method: string; args: unknown[] }) => {
  if (message.kind !== 'call') return
  if (message.method === 'start') {
    const { workerProps } = message.args[0] as { workerProps: Readonly<Record<string, string>> }
    if (workerProps['end'] !== undefined) process.exit(Number(workerProps['end']))
  }
  process.send?.({ kind: 'result', id: message.id, value: null })
})
