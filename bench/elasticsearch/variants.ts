/** A kind of operation to measure. */
export interface Variant {
  readonly title: string
  /** Settings of the sink. */
  readonly sink: Readonly<Record<string, string>>
  /** The operations of the bare program, which are the same. */
  readonly operation: 'index by place' | 'index by key' | 'update by key'
}

export const variants: readonly Variant[] = [
  {
    title: 'inserts, ids of topic, partition and offset',
    sink: { 'key.ignore': 'true' },
    operation: 'index by place',
  },
  { title: 'inserts by key, with versions', sink: {}, operation: 'index by key' },
  { title: 'upserts by key', sink: { 'write.method': 'UPSERT' }, operation: 'update by key' },
]
