export type Cell = string | number | boolean | null
export type Row = Readonly<Record<string, Cell>>

/** Where a command writes: rows as a table for people, or with `--json` the whole value for scripts. */
export type Output = {
  readonly isJson: boolean
  /** One value: for scripts as it is, for people as lines or a table. */
  readonly show: (value: unknown, rows: readonly Row[]) => void
  /** A sentence for people alone. */
  readonly say: (text: string) => void
}

export function createOutput(write: (text: string) => void, isJson: boolean): Output {
  return {
    isJson,
    show: (value, rows) => write(isJson ? `${JSON.stringify(value)}\n` : toTable(rows)),
    say: (text) => {
      if (!isJson) write(`${printable(text)}\n`)
    },
  }
}

/** What strangers call themselves must not move the cursor or change what stands above. */
function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\u{FFFD}')
}

function text(cell: Cell | undefined): string {
  return cell === null || cell === undefined ? '–' : printable(String(cell))
}

/** Columns as wide as their widest cell. */
function toTable(rows: readonly Row[]): string {
  const [first] = rows
  if (first === undefined) return 'nothing\n'
  const names = Object.keys(first)
  const lines = [names.map((name) => name.toUpperCase()), ...rows.map((row) => names.map((name) => text(row[name])))]
  const widths = names.map((_, column) => Math.max(...lines.map((cells) => widthOf(cells[column] ?? ''))))
  const isNumber = names.map((name) => rows.every((row) => typeof row[name] === 'number' || row[name] === null))
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => {
        const space = ' '.repeat((widths[column] ?? 0) - widthOf(cell))
        return isNumber[column] === true ? space + cell : cell + space
      })
      .join('  ')
      .trimEnd()
  return `${lines.map(line).join('\n')}\n`
}

/** What takes a place on the screen: a letter with all its marks is one (Thai, Arabic). */
function widthOf(cell: string): number {
  return [...new Intl.Segmenter().segment(cell)].length
}
