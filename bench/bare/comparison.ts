import { cell, figure, markdownTable } from '../report.ts'
import type { Measured } from './course.ts'

/** A round: what the bare program and the connector did with the same records. */
export interface Round {
  readonly bare: Measured
  readonly headrace: Measured
}

/** The results of connectors next to those of bare programs. */
export class Comparison {
  readonly #rounds = new Map<string, Round[]>()
  readonly #report: (text: string) => void

  constructor(report: (text: string) => void) {
    this.#report = report
  }

  /** Adds a round of a measurement. */
  add(what: string, round: Round): void {
    const rounds = this.#rounds.get(what) ?? []
    this.#rounds.set(what, rounds)
    rounds.push(round)
    const { bare, headrace } = round
    const rates = `${figure(headrace.rate)} of ${figure(bare.rate)} records/s`
    this.#report(`  ${what}: ${rates}, a share of ${figure(headrace.rate / bare.rate)}`)
  }

  /** Formats a table. `recordBytes` is the size of a record as a line of JSON. */
  table(recordBytes: number): string {
    const head = ['', 'bare program', 'Headrace', 'share']
    const lines = [...this.#rounds].flatMap(([what, rounds]) => {
      const line = (title: string, value: (measured: Measured) => number, share: readonly number[] = []) => {
        const sides = [rounds.map(({ bare }) => value(bare)), rounds.map(({ headrace }) => value(headrace))]
        return [title, ...sides.map(cell), share.length === 0 ? '' : cell(share)]
      }
      const shares = rounds.map(({ bare, headrace }) => headrace.rate / bare.rate)
      return [
        line(`${what}: records/s`, ({ rate }) => rate, shares),
        line('  MB/s of JSON', ({ rate }) => (rate * recordBytes) / 1e6),
        line('  CPU seconds per million', ({ cpuPerMillion }) => cpuPerMillion),
        line('  peak resident, MB', ({ peak }) => peak / 1e6),
      ]
    })
    return markdownTable(head, lines)
  }
}
