// Runs before every npm script, with nothing but Node: installs what the lock file names when that has changed, then hands
// over to the script under the Node of `node_modules` (the version this project is written for). Syntax of Node 18.
'use strict'

const { spawnSync } = require('node:child_process')
const { createHash } = require('node:crypto')
const fs = require('node:fs')
const path = require('node:path')

const root = path.join(__dirname, '..')
const modules = path.join(root, 'node_modules')
const stampPath = path.join(modules, '.bootstrap-stamp')
const lockPath = path.join(root, '.bootstrap.lock')
const wantedMajor = 24

function localNode() {
  const file = process.platform === 'win32' ? 'node.exe' : 'node'
  const os = process.platform === 'win32' ? 'win' : process.platform
  const bundled = path.join(modules, `node-${os}-${process.arch}`, 'bin', file)
  if (fs.existsSync(bundled)) return bundled
  // No such package for this system (a Mac): the person's own Node will do when it is new enough.
  return Number(process.versions.node.split('.')[0]) >= wantedMajor ? process.execPath : null
}

function wantedStamp() {
  const hash = createHash('sha256')
  hash.update(fs.readFileSync(path.join(root, 'package-lock.json')))
  hash.update(`${process.platform}-${process.arch}`)
  return hash.digest('hex')
}

function installedStamp() {
  try {
    return fs.readFileSync(stampPath, 'utf8')
  } catch {
    return ''
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

/** Two npm scripts started at once must not install into one folder: the second waits, or takes a dead one's lock. */
function underLock(work) {
  for (;;) {
    try {
      fs.writeFileSync(lockPath, String(process.pid), { flag: 'wx' })
      break
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
      let holder = 0
      try {
        holder = Number(fs.readFileSync(lockPath, 'utf8'))
      } catch (readError) {
        if (readError.code !== 'ENOENT') throw readError
      }
      if (holder > 0 && !isAlive(holder)) fs.rmSync(lockPath, { force: true })
      else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200)
    }
  }
  try {
    return work()
  } finally {
    fs.rmSync(lockPath, { force: true })
  }
}

function cleanEnvironment() {
  const env = { ...process.env }
  for (const key of Object.keys(env)) {
    if (/^npm_(lifecycle|package|command|config_global)/.test(key)) delete env[key]
  }
  // NODE_ENV=production would leave out the packages that the build needs.
  delete env.NODE_ENV
  return env
}

function install() {
  console.error('Installing dependencies (only when they changed; this takes about a minute) …')
  const cli = process.env.npm_execpath
  const isNpm = cli !== undefined && path.basename(cli) === 'npm-cli.js'
  const args = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error']
  const options = { cwd: root, stdio: ['ignore', 2, 2], env: cleanEnvironment() }
  const done = isNpm
    ? spawnSync(process.execPath, [cli, ...args], options)
    : spawnSync('npm', args, { ...options, shell: process.platform === 'win32' })
  if (done.status !== 0) {
    console.error('The dependencies could not be installed (see above). Check the network, then run the command again.')
    process.exit(done.status === null ? 1 : done.status)
  }
}

const stamp = wantedStamp()
if (installedStamp() !== stamp || localNode() === null) {
  underLock(() => {
    if (installedStamp() === stamp && localNode() !== null) return
    install()
    fs.writeFileSync(stampPath, stamp)
  })
}

const node = localNode()
if (node === null) {
  console.error(`Reelport needs Node ${wantedMajor} or newer on this system; this is ${process.version}.`)
  process.exit(1)
}

const [script, ...rest] = process.argv.slice(2)
const env = cleanEnvironment()
const pathKey = Object.keys(env).find((key) => key.toUpperCase() === 'PATH') || 'PATH'
env[pathKey] = [path.dirname(node), path.join(modules, '.bin'), env[pathKey]].filter(Boolean).join(path.delimiter)

// npm passes a signal on to its shell, which dies of it without passing it on: when the parent has gone, the script goes too.
const { ppid } = process
const child = require('node:child_process').spawn(node, [path.join(root, script), ...rest], {
  cwd: root,
  stdio: 'inherit',
  env,
})
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
const watch = setInterval(() => {
  if (process.ppid === ppid) return
  clearInterval(watch)
  child.kill('SIGTERM')
}, 250)
child.on('exit', (code, signal) => {
  clearInterval(watch)
  if (signal === null) process.exit(code === null ? 1 : code)
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.removeAllListeners(name)
  process.kill(process.pid, signal)
})
