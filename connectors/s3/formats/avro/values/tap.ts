/**
 * A position in a buffer, at which avsc reads and writes the primitive types. It moves on beyond the end of the buffer;
 * reading then returns anything, and nothing is written.
 */
export interface Tap {
  readonly buf: Buffer
  pos: number
  readBoolean(): boolean
  readInt(): number
  /** Exact up to 52 bits. */
  readLong(): number
  readFloat(): number
  readDouble(): number
  readString(): string
  readBytes(): Buffer
  readFixed(size: number): Buffer
  skipLong(): void
  writeBoolean(value: boolean): void
  writeInt(value: number): void
  /** Exact up to 52 bits. */
  writeLong(value: number): void
  writeFloat(value: number): void
  writeDouble(value: number): void
  writeString(value: string): void
  writeBytes(value: Buffer): void
  writeFixed(value: Buffer, size: number): void
}

/** Writes a value at a position. Throws `HR_DATA_INVALID` for a value that the type cannot hold. */
export type Write = (tap: Tap, value: unknown) => void

/** Reads a value. The caller checks that the position is still inside the buffer. */
export type Read = (tap: Tap) => unknown
