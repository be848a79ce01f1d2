import { searchDocuments, type NumberedRecord, type SearchAddress } from '../../services/index.ts'

/** Inserts, updates and deletes of documents, in the partitions of a topic. Each document belongs to one partition. */
export interface Changes {
  /** Returns the record with a number: it inserts or replaces a document, or deletes it if the value is null. */
  recordOf(partition: number, number: number): NumberedRecord
  /** Returns the number of the record of the last change of each document that exists in the end, by id. */
  expected(): Map<string, number>
}

export interface ChangesOptions {
  readonly partitions: number
  /** Number of records in each partition. */
  readonly each: number
  /** Number of different documents in each partition, at most. */
  readonly documents: number
  /** Number of letters in each document besides the numbers. */
  readonly textLength?: number
}

/** One of so many changes is a delete. */
const DELETES = 10
const TEXT_LENGTH = 40
const MOST_FAULTS = 20

export function changesOf(options: ChangesOptions): Changes {
  const { partitions, each, documents, textLength = TEXT_LENGTH } = options
  const text = 'x'.repeat(textLength)
  const idOf = (partition: number, number: number) =>
    `${partition}-${scrambled(number * partitions + partition) % documents}`
  const isDelete = (partition: number, number: number) =>
    scrambled((number * partitions + partition) ^ 0x5bd1e995) % DELETES === 0
  return {
    recordOf: (partition, number) => ({
      key: idOf(partition, number),
      value: isDelete(partition, number) ? null : JSON.stringify({ partition, number, text }),
    }),
    expected() {
      const last = new Map<string, number>()
      for (let partition = 0; partition < partitions; partition++) {
        for (let number = 0; number < each; number++) {
          if (isDelete(partition, number)) last.delete(idOf(partition, number))
          else last.set(idOf(partition, number), number)
        }
      }
      return last
    },
  }
}

/** The last step of MurmurHash3, which spreads numbers that follow each other. */
function scrambled(number: number): number {
  let hash = Math.imul(number ^ (number >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

/** Compares the documents of an index with those that changes lead to. Returns the first differences as texts. */
export async function documentFaults(
  address: SearchAddress,
  index: string,
  changes: Changes,
): Promise<readonly string[]> {
  const faults: string[] = []
  const documents = await searchDocuments(address, index)
  const expected = changes.expected()
  for (const [id, number] of expected) {
    const document = documents.get(id)
    if (document === undefined) faults.push(`document ${id} is missing`)
    else if (document._source['number'] !== number || document._version !== number)
      faults.push(`document ${id} is ${JSON.stringify(document)}; its last change is ${number}`)
  }
  for (const id of documents.keys()) if (!expected.has(id)) faults.push(`document ${id} was deleted`)
  return faults.length <= MOST_FAULTS
    ? faults
    : [...faults.slice(0, MOST_FAULTS), `… ${faults.length} in all`]
}
