import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { root, wakeMemory } from './processes.mjs'

/** Why there is no row of curl to nginx here; null where there is. */
export function whyNoLimit() {
  const missing = ['nginx', 'curl'].filter((name) => spawnSync(name, ['-V']).error !== undefined)
  return missing.length === 0 ? null : `${missing.join(' and ')} not installed`
}

const config = (folder, port) => `
daemon off; pid ${folder}/nginx.pid; error_log ${folder}/error.log; worker_processes 1;
events {}
http {
  access_log off; client_max_body_size 0; client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/p; fastcgi_temp_path ${folder}/f; uwsgi_temp_path ${folder}/u; scgi_temp_path ${folder}/s;
  server { listen 127.0.0.1:${port}; location / { root ${folder}/files; dav_methods PUT; } }
}`

async function untilListening(port) {
  for (;;) {
    const socket = connect(port, '127.0.0.1')
    const isThere = await new Promise((resolve) => {
      socket.once('connect', () => resolve(true))
      socket.once('error', () => resolve(false))
    })
    socket.destroy()
    if (isThere) return
    await wait(50)
  }
}

/** curl to nginx, the best that this machine does: no digest, no flush. MB/s. */
export async function limit(path) {
  const folder = mkdtempSync(join(root, '.cache', 'bench-'))
  mkdirSync(join(folder, 'files'))
  // Its worker is another user where this is run by root.
  spawnSync('chmod', ['-R', 'a+rwX', folder])
  const port = 20_000 + (process.pid % 20_000)
  writeFileSync(join(folder, 'nginx.conf'), config(folder, port))
  const user = process.getuid?.() === 0 ? ['-g', 'user root;'] : []
  const server = spawn('nginx', ['-p', folder, '-e', join(folder, 'error.log'), '-c', join(folder, 'nginx.conf'), ...user], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  try {
    await Promise.race([
      untilListening(port),
      once(server, 'exit').then(() => {
        throw new Error('nginx ended')
      }),
    ])
    wakeMemory(folder)
    const startedAt = performance.now()
    const client = spawn('curl', ['-sf', '-T', path, `http://127.0.0.1:${port}/file`], {
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    const [code] = await once(client, 'exit')
    if (code !== 0) throw new Error(`curl ended with ${code}`)
    const seconds = (performance.now() - startedAt) / 1000
    return { megabytesPerSecond: statSync(path).size / 1e6 / seconds }
  } finally {
    server.kill('SIGTERM')
    if (server.exitCode === null && server.signalCode === null) await once(server, 'exit')
    rmSync(folder, { recursive: true, force: true })
  }
}
