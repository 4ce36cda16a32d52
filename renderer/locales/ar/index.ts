import acts from './acts.json'
import common from './common.json'
import sessions from './sessions.json'
import backend from './backend.json'
import backups from './backups.json'
import devices from './devices.json'
import downloads from './downloads.json'
import failures from './failures.json'
import frame from './frame.json'
import guide from './guide.json'
import quota from './quota.json'
import settings from './settings.json'
import shell from './shell.json'
import shortcuts from './shortcuts.json'
import staff from './staff.json'
import support from './support.json'
import tokens from './tokens.json'
import updates from './updates.json'
import uploads from './uploads.json'
import videos from './videos.json'

/** Every text of the interface in Arabic, by noun. */
export const ar = {
  acts,
  common,
  sessions,
  backend,
  backups,
  devices,
  downloads,
  failures,
  frame,
  guide,
  quota,
  settings,
  shell,
  shortcuts,
  staff,
  support,
  tokens,
  updates,
  uploads,
  videos,
}
