import { MS_PER_DAY } from '../../api/data/logical.ts'
import { firstOfMonth, resolveDay, weekdayUpTo } from './calendar.ts'

/** Fields of a date by their letters. `zone` is the offset in minutes; `E` is the weekday, with Sunday as 0. */
export type FieldLetter =
  'G' | 'y' | 'Y' | 'M' | 'd' | 'D' | 'E' | 'w' | 'W' | 'F' | 'H' | 'K' | 'a' | 'm' | 's' | 'S' | 'zone'

/** The parsed fields of a date, in order. If fields contradict each other, the later ones take precedence. */
export class DateFields {
  readonly #values = new Map<FieldLetter, number>()

  set(letter: FieldLetter, value: number): void {
    this.#values.delete(letter)
    this.#values.set(letter, value)
  }

  get(letter: FieldLetter, fallback = 0): number {
    return this.#values.get(letter) ?? fallback
  }

  has(letter: FieldLetter): boolean {
    return this.#values.has(letter)
  }

  /** Returns the position in the order, starting at 1, or 0 if the field is not set. */
  place(letter: FieldLetter): number {
    return [...this.#values.keys()].indexOf(letter) + 1
  }

  /**
   * Returns the milliseconds since the epoch. Fields may overflow.
   *
   * Source: CalendarBuilder.establish, GregorianCalendar.computeTime.
   */
  time(): number {
    const day = this.place('Y') > this.place('y') ? this.#weekDate() : this.#day()
    const minutes = this.#hours() * 60 + this.get('m') - this.get('zone')
    return day * MS_PER_DAY + (minutes * 60 + this.get('s')) * 1000 + this.get('S')
  }

  #hours(): number {
    const half = this.has('K') && this.has('a') ? Math.max(this.place('K'), this.place('a')) : 0
    const whole = this.place('H')
    if (whole > half || (whole === 0 && half === 0 && !this.has('K') && !this.has('a'))) return this.get('H')
    return this.get('K') + 12 * this.get('a')
  }

  /** Returns the day for the week year, week and weekday. */
  #weekDate(): number {
    return startOfFirstWeek(this.get('Y')) + 7 * (this.get('w', 1) - 1) + daysFromSunday(this.get('E'))
  }

  #day(): number {
    const ofEra = this.get('y', 1970)
    const year = this.get('G', 1) === 0 ? 1 - ofEra : ofEra
    const way = this.#way()
    const relativeToYear = way === 'D' || way === 'w'
    return resolveDay(
      year,
      (calendar) => this.#dayIn(way, (month) => firstOfMonth(calendar, year, month)),
      relativeToYear,
    )
  }

  /** Selects the fields that determine the day. Source: Calendar.selectFields. */
  #way(): 'd' | 'W' | 'F' | 'D' | 'w' {
    const weekday = this.place('E')
    const withWeekday = (letter: FieldLetter) =>
      this.has(letter) && weekday > 0 ? Math.max(this.place(letter), weekday) : 0
    let [day, week, nth, dayOfYear, weekOfYear] = [
      this.place('d'),
      withWeekday('W'),
      withWeekday('F'),
      this.place('D'),
      withWeekday('w'),
    ]
    let best = Math.max(day, week, nth, dayOfYear, weekOfYear)
    if (best === 0) {
      week = this.place('W')
      nth = Math.max(this.place('F'), weekday)
      weekOfYear = this.place('w')
      best = Math.max(week, nth, weekOfYear)
      if (best === 0) best = day = this.place('M')
    }
    if (best === day) return 'd'
    const ofMonth =
      (best === week && this.place('W') >= this.place('w')) ||
      (best === nth && this.place('F') >= this.place('w'))
    if (!ofMonth) return best === dayOfYear ? 'D' : 'w'
    if (week === nth) return this.place('W') >= this.place('F') ? 'W' : 'F'
    return best === week ? 'W' : 'F'
  }

  #dayIn(way: 'd' | 'W' | 'F' | 'D' | 'w', first: (month: number) => number): number {
    const month = this.get('M')
    switch (way) {
      case 'd':
        return first(month) + this.get('d', 1) - 1
      case 'D':
        return first(0) + this.get('D', 1) - 1
      case 'W':
        return weekdayUpTo(weekStart(first(month)) + 6, this.get('E')) + 7 * (this.get('W') - 1)
      case 'w':
        return weekdayUpTo(weekStart(first(0)) + 6, this.get('E')) + 7 * (this.get('w') - 1)
      case 'F':
        return this.#nthWeekday(first(month), first(month + 1))
    }
  }

  #nthWeekday(start: number, next: number): number {
    const nth = this.get('F', 1)
    if (nth >= 0) return weekdayUpTo(start + 7 * nth - 1, this.get('E'))
    return weekdayUpTo(next - 1 + 7 * (nth + 1), this.get('E'))
  }
}

/** A weekday beyond 7, possible only with `u`, overflows into other weeks. Source: CalendarBuilder.establish. */
function daysFromSunday(weekday: number): number {
  if (weekday >= 0 && weekday <= 6) return weekday
  return 7 * Math.floor(weekday / 7) + (((((weekday % 7) + 7) % 7) + 1) % 7)
}

/** Returns the Sunday of the week of a day. */
const weekStart = (day: number): number => weekdayUpTo(day, 0)

function startOfFirstWeek(year: number): number {
  return weekStart(resolveDay(year, (calendar) => firstOfMonth(calendar, year, 0), true))
}
