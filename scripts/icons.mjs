import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { chromium } from 'playwright'
import { root } from './project.mjs'

/** Makes every picture of the app's icon from `renderer/public/icon.svg`: run by hand when that changes (`node scripts/icons.mjs`). */
const svg = readFileSync(join(root, 'renderer', 'public', 'icon.svg'), 'utf8')
const inner = svg.replace(/^<svg[^>]*>/, '').replace(/<\/svg>\s*$/, '')

/** A sign in the corner for each state; idle has none. */
const signs = {
  idle: '',
  working:
    '<circle cx="24" cy="24" r="8" fill="#fff"/><circle cx="24" cy="24" r="6.8" fill="#1f8a4c"/><path d="M24 19.8v8.4M20.6 23.2 24 19.8l3.4 3.4" stroke="#fff" stroke-width="1.9" fill="none" stroke-linecap="round" stroke-linejoin="round"/>',
  paused:
    '<circle cx="24" cy="24" r="8" fill="#fff"/><circle cx="24" cy="24" r="6.8" fill="#5b6477"/><path d="M22 21v6M26 21v6" stroke="#fff" stroke-width="2.1" stroke-linecap="round"/>',
  'needs-you':
    '<circle cx="24" cy="24" r="8" fill="#fff"/><circle cx="24" cy="24" r="6.8" fill="#c22f24"/><path d="M24 20.2v4.4" stroke="#fff" stroke-width="2.2" stroke-linecap="round"/><circle cx="24" cy="27.6" r="1.25" fill="#fff"/>',
}
const picture = (content) => `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">${content}</svg>`

/** Windows: a table of pictures, each a whole PNG (supported since Vista). */
function toIco(pictures) {
  const head = Buffer.alloc(6 + 16 * pictures.length)
  head.writeUInt16LE(1, 2)
  head.writeUInt16LE(pictures.length, 4)
  let at = head.length
  for (const [index, { size, png }] of pictures.entries()) {
    const entry = 6 + 16 * index
    // 0 stands for 256.
    head.writeUInt8(size % 256, entry)
    head.writeUInt8(size % 256, entry + 1)
    head.writeUInt16LE(1, entry + 4)
    head.writeUInt16LE(32, entry + 6)
    head.writeUInt32LE(png.length, entry + 8)
    head.writeUInt32LE(at, entry + 12)
    at += png.length
  }
  return Buffer.concat([head, ...pictures.map(({ png }) => png)])
}

/** macOS: a row of chunks, each a type, its length and a whole PNG. */
const icnsTypes = { 16: 'icp4', 32: 'icp5', 64: 'icp6', 128: 'ic07', 256: 'ic08', 512: 'ic09', 1024: 'ic10' }
function toIcns(pictures) {
  const chunks = pictures.map(({ size, png }) => {
    const head = Buffer.alloc(8)
    head.write(icnsTypes[size], 'latin1')
    head.writeUInt32BE(png.length + 8, 4)
    return Buffer.concat([head, png])
  })
  const body = Buffer.concat(chunks)
  const head = Buffer.alloc(8)
  head.write('icns', 'latin1')
  head.writeUInt32BE(body.length + 8, 4)
  return Buffer.concat([head, body])
}

const executablePath = process.env.CHROMIUM_PATH ?? (existsSync('/usr/bin/chromium') ? '/usr/bin/chromium' : undefined)
const browser = await chromium.launch({
  ...(executablePath === undefined ? {} : { executablePath }),
  chromiumSandbox: false,
})
async function draw(source, size) {
  const page = await browser.newPage({ viewport: { width: size, height: size } })
  const address = `data:image/svg+xml;base64,${Buffer.from(source).toString('base64')}`
  await page.setContent(`<style>*{margin:0}</style><img src="${address}" width="${size}" height="${size}">`)
  const png = await page.screenshot({ omitBackground: true })
  await page.close()
  return { size, png }
}

const icons = join(root, 'resources', 'icons')
const tray = join(root, 'resources', 'tray')
for (const folder of [icons, tray]) mkdirSync(folder, { recursive: true })
const drawn = new Map()
for (const size of [16, 24, 32, 48, 64, 128, 256, 512, 1024]) drawn.set(size, await draw(svg, size))
for (const size of [16, 24, 32, 48, 64, 128, 256, 512]) {
  writeFileSync(join(icons, `${size}x${size}.png`), drawn.get(size).png)
}
const of = (sizes) => sizes.map((size) => drawn.get(size))
writeFileSync(join(root, 'resources', 'icon.ico'), toIco(of([16, 24, 32, 48, 64, 128, 256])))
writeFileSync(join(root, 'resources', 'icon.icns'), toIcns(of([16, 32, 64, 128, 256, 512, 1024])))
for (const [name, sign] of Object.entries(signs)) {
  writeFileSync(join(tray, `${name}.png`), (await draw(picture(inner + sign), 16)).png)
  writeFileSync(join(tray, `${name}@2x.png`), (await draw(picture(inner + sign), 32)).png)
}
await browser.close()
