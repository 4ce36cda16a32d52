import { DatabaseSync, StatementSync } from 'node:sqlite'

/**
 * Loaded into a backend before its own program (`--import`): ends it by SIGKILL at the n-th write to its database from the
 * statement on whose text begins with `COUNT_WRITES_FROM` (as Kysely writes it). The commit counts as one.
 */
const killAt = Number(process.env['KILL_AT_WRITE'])
const countFrom = process.env['COUNT_WRITES_FROM']
if (countFrom === undefined) throw new Error('COUNT_WRITES_FROM is missing')
let writes = null

function count(text) {
  if (text.startsWith(countFrom)) writes = 0
  if (writes === null || /^select/i.test(text)) return
  if (writes === killAt) process.kill(process.pid, 'SIGKILL')
  writes += 1
}

for (const name of ['run', 'all']) {
  const original = StatementSync.prototype[name]
  StatementSync.prototype[name] = function (...parameters) {
    count(this.sourceSQL)
    return original.apply(this, parameters)
  }
}
const exec = DatabaseSync.prototype.exec
DatabaseSync.prototype.exec = function (text) {
  count(text)
  return exec.call(this, text)
}
