import type { DirectoryObjects } from '../batch/directory-objects.ts'

/** The objects of a partition that are closed together. */
export interface Rotation {
  /** Offset of the first record in these objects. */
  readonly start: number
  readonly directories: readonly DirectoryObjects[]
  /** Estimated at the rotation: bytes of the objects, with the memory of their encoders. */
  readonly bytes: number
}

/** What happened to the objects of a rotation, if one of them existed with other records. */
export interface Conflict {
  readonly rotation: Rotation
  /** Offset of the last record of each object that is in the bucket now, by place. */
  readonly ends: ReadonlyMap<string, number>
  /** The objects that existed. */
  readonly kept: readonly { readonly key: string; readonly endOffset: number }[]
}
