import type { CommandName } from '../contract/desktop'

/** What the screen of backups asks of main. */
export const backupCommandNames: {
  readonly [Name in Extract<CommandName, `backups:${string}` | `restores:${string}`>]: true
} = {
  'backups:list': true,
  'backups:create': true,
  'backups:delete': true,
  'backups:check': true,
  'backups:schedule': true,
  'backups:entries': true,
  'backups:download': true,
  'backups:send': true,
  'restores:plan': true,
  'restores:start': true,
  'restores:list': true,
  'restores:pause': true,
  'restores:resume': true,
  'restores:cancel': true,
  'restores:retry': true,
  'restores:report': true,
  'restores:try-again': true,
  'restores:dismiss': true,
  'restores:save-report': true,
}
