import { execFile } from 'node:child_process'
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { createPackage, extractAll, listPackage } from '@electron/asar'
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { videoExtensions } from '../../contract/video-extensions'
import { startBackendProcess } from '../support/backend-process'
import { temporaryFolder } from '../support/temporary-folder'
import { makeVideo } from '../support/videos'

const root = join(import.meta.dirname, '..', '..')
const { version } = JSON.parse(readFileSync(join(root, 'node_modules', 'electron', 'package.json'), 'utf8'))

/** What Electron's fuses are found by in its program, then the version of the wire, its length, and one character a fuse. */
const fuseWire = Buffer.concat([
  Buffer.from('dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'),
  Buffer.from([1, 9]),
  Buffer.from('101100011'),
])

/** As much of a distribution of Electron as a packager looks at, where the true one cannot be had. */
async function makeDistribution(folder: string): Promise<void> {
  mkdirSync(join(folder, 'resources'), { recursive: true })
  mkdirSync(join(folder, 'locales'))
  mkdirSync(join(folder, 'default-app'))
  const elf = Buffer.from([0x7f, 0x45, 0x4c, 0x46])
  writeFileSync(join(folder, 'electron'), Buffer.concat([elf, Buffer.alloc(60), fuseWire, Buffer.alloc(64)]), {
    mode: 0o755,
  })
  for (const name of ['LICENSE', 'LICENSES.chromium.html', join('locales', 'en-US.pak')])
    writeFileSync(join(folder, name), 'x')
  writeFileSync(join(folder, 'version'), String(version))
  writeFileSync(join(folder, 'default-app', 'package.json'), '{"name":"default","main":"index.js"}')
  writeFileSync(join(folder, 'default-app', 'index.js'), '')
  await createPackage(join(folder, 'default-app'), join(folder, 'resources', 'default_app.asar'))
}

const folder = temporaryFolder()
const unpacked = join(folder.path, 'dist', 'linux-unpacked')
const archive = join(unpacked, 'resources', 'app.asar')
const app = join(folder.path, 'app')

beforeAll(async () => {
  const distribution = join(folder.path, 'electron')
  await makeDistribution(distribution)
  const cli = createRequire(import.meta.url).resolve('electron-builder/cli.js')
  const args = [`-c.electronDist=${distribution}`, `-c.directories.output=${join(folder.path, 'dist')}`]
  await promisify(execFile)(process.execPath, [cli, '--linux', 'dir', '--publish', 'never', ...args], { cwd: root })
  extractAll(archive, app)
}, 120_000)

afterAll(() => folder[Symbol.dispose]())

/** Folders of the archive, and the packages with programs of their own: whatever else is in it nobody meant. */
const meant = [
  /^\/package\.json$/,
  /^\/out(\/(main|preload|renderer)(\/.*)?)?$/,
  /^\/resources(\/(tray|licences)(\/.*)?)?$/,
  /^\/node_modules(\/@node-rs(\/argon2[\w-]*(\/.*)?)?|\/keytar(\/.*)?|\/mediainfo\.js(\/.*)?)?$/,
]
const unmeant =
  /\.(map|tsx?|mts|cts|env|pem|key|log|sqlite|tsbuildinfo)$|\/(test|tests|spec|docs|scripts?)\/|\.(test|spec)\./

describe.runIf(process.platform === 'linux')('the packaged app', () => {
  it('holds what runs, and nothing else: no maps, no tests, no sources', () => {
    const names = listPackage(archive, { isPack: false }).map((name) => name.replaceAll('\\', '/'))
    expect(names.filter((name) => !meant.some((pattern) => pattern.test(name)))).toEqual([])
    expect(names.filter((name) => unmeant.test(name))).toEqual([])
    const needed = ['/out/main/electron.js', '/out/main/backend.js', '/out/preload/index.cjs', '/out/renderer/index.html']
    const licences = ['noto-sans-OFL', 'noto-sans-arabic-OFL', 'noto-sans-thai-looped-OFL']
    const wanted = [...needed, ...licences.map((name) => `/resources/licences/${name}.txt`), '/resources/tray/idle@2x.png']
    expect(wanted.filter((name) => !names.includes(name))).toEqual([])
  })

  it('has no secret and no path of the machine that it was made on in it', async () => {
    const names = listPackage(archive, { isPack: false }).filter(
      (name) => /\.(js|cjs|mjs|json|css|html)$/.test(name) && statSync(join(app, name)).isFile(),
    )
    const texts = await Promise.all(names.map(async (name) => ({ name, text: await readFile(join(app, name), 'utf8') })))
    const revealing = [root, ...(homedir().length > 5 ? [homedir()] : []), 'BEGIN PRIVATE KEY', 'BEGIN RSA PRIVATE', 'rpt_a']
    expect(
      texts.flatMap(({ name, text }) => revealing.filter((word) => text.includes(word)).map((word) => [name, word])),
    ).toEqual([])
    const { scripts, devDependencies, main } = JSON.parse(readFileSync(join(app, 'package.json'), 'utf8'))
    expect({ scripts, devDependencies, main }).toMatchObject({ devDependencies: undefined, main: './out/main/electron.js' })
  })

  it('has its eight fuses set, and no app beside ours', async () => {
    const wire = await getCurrentFuseWire(join(unpacked, 'reelport'))
    const isOn = (fuse: FuseV1Options): boolean => wire[fuse] === FuseState.ENABLE
    expect({
      runAsNode: isOn(FuseV1Options.RunAsNode),
      cookieEncryption: isOn(FuseV1Options.EnableCookieEncryption),
      nodeOptions: isOn(FuseV1Options.EnableNodeOptionsEnvironmentVariable),
      nodeInspect: isOn(FuseV1Options.EnableNodeCliInspectArguments),
      asarIntegrity: isOn(FuseV1Options.EnableEmbeddedAsarIntegrityValidation),
      onlyAsar: isOn(FuseV1Options.OnlyLoadAppFromAsar),
      browserSnapshot: isOn(FuseV1Options.LoadBrowserProcessSpecificV8Snapshot),
      filePrivileges: isOn(FuseV1Options.GrantFileProtocolExtraPrivileges),
    }).toEqual({
      runAsNode: false,
      cookieEncryption: true,
      nodeOptions: false,
      nodeInspect: false,
      asarIntegrity: true,
      onlyAsar: true,
      browserSnapshot: false,
      filePrivileges: false,
    })
    expect(() => readFileSync(join(unpacked, 'resources', 'default_app.asar'))).toThrow(/ENOENT/)
  })

  it('needs nothing that is not in it: its server makes an account and measures a video', async () => {
    using data = temporaryFolder()
    await using backend = await startBackendProcess(data.path, [], { program: join(app, 'out', 'main', 'backend.js') })
    const credentials = { username: 'nok', password: 'a long enough password' }
    const post = (path: string, init: RequestInit): Promise<Response> =>
      fetch(`${backend.url}${path}`, { method: 'POST', ...init })
    const json = { headers: { 'content-type': 'application/json' }, body: JSON.stringify(credentials) }
    expect((await post('/auth/register', json)).status).toBe(201)
    const { token } = await (await post('/auth/login', json)).json()
    const form = new FormData()
    form.set('file', new Blob([await readFile(await makeVideo({ name: 'packaged.mp4', seconds: 3 }))]), 'packaged.mp4')
    const sent = await post('/upload-video', { body: form, headers: { authorization: `Bearer ${token}` } })
    expect([sent.status, (await sent.json()).durationSeconds]).toEqual([201, expect.closeTo(3, 0)])
  })
})

describe('the installers', () => {
  it('offer the app for every kind of video that it takes, on every system', () => {
    const config = readFileSync(join(root, 'electron-builder.yml'), 'utf8')
    const named = [...config.matchAll(/ext: (\w+),/g)].map(([, extension]) => extension ?? '')
    expect(named.toSorted()).toEqual(videoExtensions.toSorted())
    const windows = readFileSync(join(root, 'resources', 'installer.nsh'), 'utf8')
    expect(videoExtensions.filter((extension) => !windows.includes(`SupportedTypes" ".${extension}"`))).toEqual([])
  })

  it('have a picture of every size, in the form of each system', () => {
    const png = readFileSync(join(root, 'resources', 'icons', '512x512.png'))
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([512, 512])
    const ico = readFileSync(join(root, 'resources', 'icon.ico'))
    const sizes = Array.from({ length: ico.readUInt16LE(4) }, (_, index) => ico.readUInt8(6 + 16 * index) || 256)
    expect(sizes).toEqual([16, 24, 32, 48, 64, 128, 256])
    expect(readFileSync(join(root, 'resources', 'icon.icns')).toString('latin1', 0, 4)).toBe('icns')
  })
})
