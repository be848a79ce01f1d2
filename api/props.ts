/** Settings as written: values are texts, or null where a config holds a JSON null. */
export type Props = Readonly<Record<string, string | null>>

/** Settings of one task, as stored in the config topic. */
export type TaskProps = Readonly<Record<string, string>>
