/** Settings as written: strings, or null for a JSON null in a config. */
export type Props = Readonly<Record<string, string | null>>

/** Settings of one task, as stored in the config topic. */
export type TaskProps = Readonly<Record<string, string>>
