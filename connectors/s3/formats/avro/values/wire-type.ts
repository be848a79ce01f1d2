import avsc from 'avsc'
import { messageOf } from '../../../../../api/index.ts'
import { invalidSchema } from '../schema/names.ts'
import { isNamed, type AvroNode } from '../schema/nodes.ts'
import { checkInside } from './items.ts'
import type { Read, Tap, Write } from './tap.ts'

/**
 * A type of avsc that writes values of Connect: a logical type that writes them itself, at the position where avsc writes,
 * instead of converting them to the objects of avsc first.
 */
export class WriteType extends avsc.types.LogicalType {
  /** Called by avsc. */
  readonly _write: Write

  constructor(node: AvroNode, write: Write) {
    super(wireType(node))
    this._write = write
  }
}

/** The result of {@link ReadType.readSome}. */
export interface ReadValues {
  readonly values: readonly unknown[]
  /** The position behind the values. */
  readonly end: number
  /** Why there are fewer values than wanted. */
  readonly fault?: unknown
}

/** A type of avsc that reads values of Connect. */
export class ReadType extends avsc.types.LogicalType {
  readonly #read: Read
  #count = 0

  constructor(node: AvroNode, read: Read) {
    super(wireType(node))
    this.#read = read
  }

  /** Reads `count` values, beginning at `start`, or those before the first that is not valid. */
  readSome(bytes: Buffer, start: number, count: number): ReadValues {
    this.#count = count
    return this.decode(bytes, start).value as ReadValues
  }

  /** Called by avsc. */
  _read(tap: Tap): ReadValues {
    const values: unknown[] = []
    let end = tap.pos
    try {
      while (values.length < this.#count) {
        const value = this.#read(tap)
        checkInside(tap)
        values.push(value)
        end = tap.pos
      }
      return { values, end }
    } catch (fault) {
      // avsc refuses a position beyond the end
      tap.pos = end
      return { values, end, fault }
    }
  }
}

/** Returns avsc's type for a schema. Throws `HR_DATA_INVALID` if it is not valid. */
function wireType(node: AvroNode): avsc.Type {
  try {
    return avsc.Type.forSchema(new WireSchema().of(node) as Parameters<typeof avsc.Type.forSchema>[0], {
      wrapUnions: 'always',
      omitRecordMethods: true,
    })
  } catch (cause) {
    throw invalidSchema(`The Avro schema is not valid: ${messageOf(cause)}`)
  }
}

/** What matters for reading and writing. Names are replaced: avsc accepts fewer of them than Java. */
class WireSchema {
  readonly #names = new Map<AvroNode, string>()

  of(node: AvroNode): unknown {
    switch (node.type) {
      case 'union':
        return node.branches.map((branch) => this.of(branch))
      case 'array':
        return { type: 'array', items: this.of(node.items) }
      case 'map':
        return { type: 'map', values: this.of(node.values) }
      default:
        return isNamed(node) ? this.#named(node) : node.type
    }
  }

  #named(node: AvroNode): unknown {
    const known = this.#names.get(node)
    if (known !== undefined) return known
    const name = `t${this.#names.size}`
    this.#names.set(node, name)
    if (node.type === 'fixed') return { type: 'fixed', name, size: node.size }
    if (node.type === 'enum')
      return { type: 'enum', name, symbols: node.symbols.map((_, index) => `s${index}`) }
    const fields = node.type === 'record' ? node.fields : []
    return {
      type: 'record',
      name,
      fields: fields.map((field, index) => ({ name: `f${index}`, type: this.of(field.node) })),
    }
  }
}
