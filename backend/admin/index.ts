import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { userIdSchema } from '../../contract/ids'
import { usernameKeyOf } from '../accounts/accounts'
import { findUserByKey } from '../accounts/users-table'
import { defaults } from '../config'
import { type Database, openDatabase } from '../db/database'
import { readQuota } from '../quota/quota'
import { checkAll } from './check'
import { hasQuota, listUsernames } from './check-table'

/** Reads a data folder from a terminal on its machine, while the backend runs or not. It changes nothing. */
const usage = `usage: admin --data-dir DIR users list [--json]
       admin --data-dir DIR quota show USER [--json]
       admin --data-dir DIR check [--json]`

class Refusal extends Error {
  override name = 'Refusal'
}

type Row = Readonly<Record<string, string | number | null>>

async function listUsers(db: Database): Promise<Row[]> {
  const users = await listUsernames(db)
  return users.map(({ username, role, disabledAt, createdAt }) => ({
    username,
    role,
    disabled: disabledAt === null ? 'no' : 'yes',
    created: new Date(createdAt).toISOString(),
  }))
}

async function showQuota(db: Database, name: string | undefined): Promise<Row[]> {
  const user = name === undefined ? undefined : await findUserByKey(db, usernameKeyOf(name))
  if (user === undefined) throw new Refusal(`There is no user ${name ?? ''}`)
  if (!(await hasQuota(db, userIdSchema.parse(user.id)))) throw new Refusal(`${user.username} has not used Reelport yet`)
  const who = { userId: userIdSchema.parse(user.id), username: user.username, limits: defaults.limits }
  const { usage: used, limits, stored } = await readQuota(db, who)
  return [
    {
      what: 'videos',
      used: used.videos_count,
      reserved: used.reserved_videos,
      limit: limits.maxVideos,
      stored: stored.videos_count,
    },
    {
      what: 'seconds',
      used: used.total_duration,
      reserved: used.reserved_duration,
      limit: limits.maxDurationMinutes === null ? null : limits.maxDurationMinutes * 60,
      stored: stored.total_duration,
    },
  ]
}

async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { 'data-dir': { type: 'string' }, json: { type: 'boolean' }, help: { type: 'boolean' } },
  })
  const [noun = '', verb = '', name] = positionals
  const dataFolder = values['data-dir']
  if (values.help === true || dataFolder === undefined) throw new Refusal(usage)
  if (!existsSync(join(dataFolder, 'reelport.sqlite'))) throw new Refusal(`There is no backend's data in ${dataFolder}`)
  const db = openDatabase(dataFolder)
  try {
    const show = (rows: readonly object[]): void => {
      if (values.json === true) process.stdout.write(`${JSON.stringify(rows)}\n`)
      else console.table(rows)
    }
    if (noun === 'users' && verb === 'list') show(await listUsers(db))
    else if (noun === 'quota' && verb === 'show') show(await showQuota(db, name))
    else if (noun === 'check') {
      const findings = await checkAll(db, dataFolder)
      show(findings)
      if (values.json !== true)
        process.stdout.write(findings.length === 0 ? 'Everything is as it should be.\n' : `${findings.length} findings.\n`)
      return findings.length === 0 ? 0 : 1
    } else throw new Refusal(usage)
    return 0
  } finally {
    await db.destroy()
  }
}

try {
  process.exitCode = await run(process.argv.slice(2))
} catch (error) {
  const isMistake = error instanceof Refusal || error instanceof TypeError
  process.stderr.write(
    `${error instanceof Error ? (isMistake ? error.message : (error.stack ?? error.message)) : 'unknown'}\n`,
  )
  process.exitCode = 2
}
