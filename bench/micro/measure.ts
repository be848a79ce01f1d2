import { cases, type Case } from './cases.ts'

/**
 * The Headrace side of the benchmark, in a separate process like Micro.java. Arguments: seconds to warm up, seconds to
 * measure. Prints a line `case<TAB>records per second` for each case.
 */
function main(warmUp: number, measured: number): void {
  for (const one of cases()) {
    rate(one, warmUp)
    process.stdout.write(`${one.name}\t${Math.round(rate(one, measured))}\n`)
  }
}

/** Keeps results alive, so that the work is not optimized away. */
export const sink: { last: unknown } = { last: undefined }

function rate({ records, on }: Case, seconds: number): number {
  const start = performance.now()
  const end = start + seconds * 1000
  let rounds = 0
  let now = start
  while (now < end) {
    for (let index = 0; index < records; index++) sink.last = on(index)
    rounds++
    now = performance.now()
  }
  return (rounds * records * 1000) / (now - start)
}

main(Number(process.argv[2]), Number(process.argv[3]))
