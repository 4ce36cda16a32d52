import { Upload } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from '../locales/use-translation'
import { useFormat } from '../format/use-format'
import { takeDrop } from './read-drop'

/** Only files count; a dragged link or selection is somebody else's business. */
const carriesFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false

const countFiles = (event: DragEvent): number =>
  [...(event.dataTransfer?.items ?? [])].filter((item) => item.kind === 'file').length

/**
 * The whole window takes drops. Also where nothing is taken the drop is stopped: the browser would otherwise leave the app
 * and play the file.
 */
export function DropZone(): React.JSX.Element | null {
  const { t } = useTranslation()
  const format = useFormat()
  const [count, setCount] = useState<number | null>(null)

  useEffect(() => {
    const over = (event: DragEvent): void => {
      event.preventDefault()
      if (carriesFiles(event)) setCount(countFiles(event))
    }
    // The pointer leaves the window only where it goes to no other element.
    const leave = (event: DragEvent): void => {
      if (event.relatedTarget === null) setCount(null)
    }
    const drop = (event: DragEvent): void => {
      event.preventDefault()
      setCount(null)
      if (event.dataTransfer && carriesFiles(event)) void takeDrop(event.dataTransfer)
    }
    window.addEventListener('dragover', over)
    window.addEventListener('dragleave', leave)
    window.addEventListener('drop', drop)
    return () => {
      window.removeEventListener('dragover', over)
      window.removeEventListener('dragleave', leave)
      window.removeEventListener('drop', drop)
    }
  }, [])

  if (count === null) return null
  return (
    <div className="drop-veil" data-testid="drop-veil">
      <div className="drop-words">
        <Upload size={32} aria-hidden />
        <p>{count > 0 ? t('uploads.drop', { count, num: format.number(count) }) : t('uploads.dropUnknown')}</p>
      </div>
    </div>
  )
}
