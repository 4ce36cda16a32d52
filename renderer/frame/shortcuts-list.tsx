import { useTranslation } from '../locales/use-translation'
import { commandKey } from './command-key'
import { useSections } from './use-sections'

/** Stands for the digits, one for each section: staff have one more. */
const sectionKeys = 'sections'

/** What a key does, by its text; the keys are written as they are on the keyboard, left to right. */
const shortcuts = [
  { text: 'palette', keys: [commandKey, 'K'] },
  { text: 'add', keys: [commandKey, 'O'] },
  { text: 'pause', keys: ['Space'] },
  { text: 'remove', keys: ['Delete'] },
  { text: 'retry', keys: [commandKey, 'R'] },
  { text: 'sections', keys: [commandKey, sectionKeys] },
  { text: 'settings', keys: [commandKey, ','] },
  { text: 'list', keys: ['?'] },
] as const

/** The keys that add files, named in one piece: "Ctrl+O". */
export const addKeys = `${commandKey}+O`

/** All keyboard shortcuts and what they do. */
export function ShortcutsList(): React.JSX.Element {
  const { t } = useTranslation()
  const { length } = useSections()
  return (
    <dl className="shortcuts">
      {shortcuts.map(({ text, keys }) => (
        <div key={text} className="shortcut">
          <dt>{t(`shortcuts.${text}`)}</dt>
          <dd dir="ltr">
            {keys.map((key) => (
              <kbd key={key}>{key === sectionKeys ? `1 – ${String(length)}` : key}</kbd>
            ))}
          </dd>
        </div>
      ))}
    </dl>
  )
}
