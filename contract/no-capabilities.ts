import type { Capabilities } from './desktop'

/** A host that can do nothing that a page cannot do by itself. Without a schema: the page loads this file. */
export const noCapabilities: Capabilities = {
  pickFiles: false,
  revealInFolder: false,
  openLinks: false,
  keepAwake: false,
  nativeMenus: false,
  showNotices: false,
  stayWhenClosed: false,
  startAtLogin: false,
  saveFiles: false,
  knowBattery: false,
}
