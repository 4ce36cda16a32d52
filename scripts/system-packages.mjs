import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** What the tests use of the system, and the Debian package that has it. */
const wanted = [
  { program: 'chromium', packageName: 'chromium', for: 'the end-to-end tests' },
  { program: 'ffmpeg', packageName: 'ffmpeg', for: 'real videos and thumbnails' },
  { program: 'gnome-keyring-daemon', packageName: 'gnome-keyring', for: 'the keychain tests' },
  { program: 'dbus-run-session', packageName: 'dbus', for: 'the keychain tests' },
  { program: 'strace', packageName: 'strace', for: 'the fault tests' },
  // Nobody else may mount.
  ...(process.getuid?.() === 0 ? [{ program: 'xfs_io', packageName: 'xfsprogs', for: 'power cuts' }] : []),
]

export function hasProgram(name) {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, name)))
}

/**
 * Installs what is missing where that needs nobody's leave: as root on Debian. Elsewhere it says what to install. Answers what
 * is still missing; tests that need it name it when they are skipped.
 */
export function installSystemPackages() {
  const missing = () => wanted.filter(({ program }) => !hasProgram(program))
  const before = missing()
  if (before.length === 0) return []
  const names = [...new Set(before.map(({ packageName }) => packageName)), 'libsecret-1-0']
  if (process.getuid?.() === 0 && existsSync('/etc/debian_version')) {
    console.error(`Installing for the tests: ${names.join(' ')} …`)
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    const apt = (...args) => spawnSync('apt-get', ['-qq', ...args], { env, stdio: ['ignore', 'ignore', 2] })
    apt('update')
    apt('install', '-y', '--no-install-recommends', ...names)
  } else {
    console.error(
      `Missing for some tests: ${before.map(({ packageName, for: purpose }) => `${packageName} (${purpose})`).join(', ')}`,
    )
    console.error(`On Debian: sudo apt-get install ${names.join(' ')}`)
  }
  return missing()
}
