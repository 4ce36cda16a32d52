import { contextBridge, type IpcRendererEvent, ipcRenderer, webUtils } from 'electron'
import { createDesktop } from './bridge'

contextBridge.exposeInMainWorld(
  'desktop',
  createDesktop<File>({
    channel: {
      invoke: (channel, input) => ipcRenderer.invoke(channel, input),
      listen: (channel, listener) => {
        const withoutEvent = (_event: IpcRendererEvent, payload: unknown): void => listener(payload)
        ipcRenderer.on(channel, withoutEvent)
        return () => void ipcRenderer.removeListener(channel, withoutEvent)
      },
    },
    pathOf: (file) => webUtils.getPathForFile(file),
  }),
)
