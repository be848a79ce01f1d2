/** Something to close. */
export interface Closable {
  close(): Promise<void>
}

/** The connections of a session, closed together at its end. */
export class Connections {
  readonly #open: Closable[] = []
  #closing: Promise<void> | undefined

  /** Keeps a connection that is being opened. It is closed at once if the session has ended meanwhile. */
  async open<C extends Closable>(opening: Promise<C>): Promise<C> {
    const connection = await opening
    if (this.#closing !== undefined) await connection.close()
    else this.#open.push(connection)
    return connection
  }

  /** Closes all connections, the newest first. */
  close(): Promise<void> {
    return (this.#closing ??= this.#closeAll())
  }

  async #closeAll(): Promise<void> {
    for (const connection of this.#open.toReversed()) await connection.close()
  }
}
