import { useEffect } from 'react'
import { useTranslation } from '../locales/use-translation'
import { nativeWordKeys, type NativeWords } from '../../contract/native-words'
import { command, logError } from '../desktop'
import { useMirror } from '../state/mirror'

/** Gives the host the words for its menus, in the language of this window. */
export function useNativeWords(): void {
  const { t } = useTranslation()
  const isWanted = useMirror((mirror) => mirror.app.capabilities.nativeMenus)
  useEffect(() => {
    if (!isWanted) return
    // Safe: made from the very list of the keys.
    const words = Object.fromEntries(nativeWordKeys.map((key) => [key, t(`shell.words.${key}`)])) as NativeWords
    void command('shell:speak', words).then((reply) => {
      if (!reply.ok) logError(reply.failure.code, 'shell:speak')
    })
  }, [isWanted, t])
}
