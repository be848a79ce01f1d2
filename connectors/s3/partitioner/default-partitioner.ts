import type { Partitioner } from '../ports.ts'

/** Partitions by the Kafka partition: `partition=0`. Source: DefaultPartitioner. */
export function defaultPartitioner(): Partitioner {
  const directories = new Map<number, string>()
  return {
    directoryOf({ partition }) {
      let directory = directories.get(partition)
      if (directory === undefined) directories.set(partition, (directory = `partition=${partition}`))
      return directory
    },
  }
}
