import {
  type LucideIcon,
  ArchiveRestore,
  ArrowUpToLine,
  ChartNoAxesColumn,
  Clapperboard,
  FileSearch,
  FolderOpen,
  ListX,
  Pause,
  Play,
  RotateCcw,
  RotateCw,
  ScrollText,
  X,
} from 'lucide-react'
import type { TransferAction } from './transfer-actions'

/** One sign for each thing that can be done with a row. */
export const iconOfAction: { readonly [Action in TransferAction]: LucideIcon } = {
  pause: Pause,
  resume: Play,
  tryNow: RotateCw,
  tryAgain: RotateCw,
  findFile: FileSearch,
  uploadNext: ArrowUpToLine,
  startOver: RotateCcw,
  uploadAgain: RotateCw,
  seeQuota: ChartNoAxesColumn,
  showInLibrary: Clapperboard,
  restoreFrom: ArchiveRestore,
  reveal: FolderOpen,
  details: ScrollText,
  cancel: X,
  remove: ListX,
}
