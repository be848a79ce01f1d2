import type { Schema } from '../../../../api/index.ts'
import type { ObjectEncoder } from '../../ports.ts'
import type { Compressor } from '../compression/index.ts'
import { BlockWriter } from './block-writer.ts'

/** Adds one value to an object. Throws before it has added anything. */
export type WriteRow = (blocks: BlockWriter, value: unknown, schema: Schema | null) => void

/** Encodes an object row by row. `end` writes what follows the last row. */
export class RowEncoder implements ObjectEncoder {
  readonly keptBytes = 0
  readonly #compressor: Compressor
  readonly #blocks: BlockWriter
  readonly #writeRow: WriteRow
  readonly #endOfObject: string

  constructor(compressor: Compressor, writeRow: WriteRow, endOfObject = '') {
    this.#compressor = compressor
    this.#blocks = new BlockWriter((bytes) => compressor.add(bytes))
    this.#writeRow = writeRow
    this.#endOfObject = endOfObject
  }

  get heldBytes(): number {
    return this.#blocks.heldBytes + this.#compressor.heldBytes
  }

  write(value: unknown, schema: Schema | null): void {
    this.#writeRow(this.#blocks, value, schema)
  }

  release(): Promise<void> {
    this.#blocks.flush()
    return this.#compressor.release()
  }

  end(): Promise<void> {
    if (this.#endOfObject !== '') this.#blocks.addText(this.#endOfObject)
    this.#blocks.flush()
    return this.#compressor.end()
  }
}
