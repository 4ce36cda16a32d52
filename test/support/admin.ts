import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'

const program = join(import.meta.dirname, '..', '..', 'out', 'main', 'admin.js')

export type Ran = { readonly code: number | null; readonly output: string; readonly errors: string }

/** Runs the built command line on a data folder; `input` is what it reads from standard input. */
export async function runAdmin(args: readonly string[], input = ''): Promise<Ran> {
  if (!existsSync(program)) throw new Error('The programs are not built: run `npm run build` first.')
  const child = spawn(process.execPath, [program, ...args], { stdio: ['pipe', 'pipe', 'pipe'] })
  const closed = new Promise<number | null>((resolve) => child.once('close', resolve))
  child.stdin.end(input)
  const [output, errors, code] = await Promise.all([text(child.stdout), text(child.stderr), closed])
  return { code, output, errors }
}

/** The same with `--json`, and what it printed. */
export async function admin(dataFolder: string, ...args: readonly string[]): Promise<Ran & { readonly rows: unknown }> {
  const ran = await runAdmin(['--data-dir', dataFolder, ...args, '--json'])
  return { ...ran, rows: ran.output === '' ? null : (JSON.parse(ran.output) as unknown) }
}
