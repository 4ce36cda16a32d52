import { mkdtempSync, rmSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from './project.mjs'
import { hasProgram } from './system-packages.mjs'

/**
 * Runs a Node script with a keychain of its own: a private D-Bus session with an unlocked keyring in a temporary home. Where
 * the system has none, it runs without. Everything it prints goes to standard error.
 */
export function runWithKeychain(args) {
  if (!hasProgram('dbus-run-session') || !hasProgram('gnome-keyring-daemon')) {
    return spawnSync(process.execPath, args, { cwd: root, stdio: ['ignore', 2, 2] })
  }
  const home = mkdtempSync(join(tmpdir(), 'reelport-home-'))
  const start = 'printf test | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1; exec "$0" "$@"'
  const env = { ...process.env, HOME: home, XDG_DATA_HOME: home, XDG_CACHE_HOME: home }
  try {
    return spawnSync('dbus-run-session', ['--', 'sh', '-c', start, process.execPath, ...args], {
      cwd: root,
      stdio: ['ignore', 2, 2],
      env,
    })
  } finally {
    rmSync(home, { recursive: true, force: true, maxRetries: 5 })
  }
}
