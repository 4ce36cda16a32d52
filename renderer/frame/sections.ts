import {
  ArchiveRestore,
  Clapperboard,
  Gauge,
  LifeBuoy,
  type LucideIcon,
  MonitorSmartphone,
  Settings,
  Upload,
} from 'lucide-react'

/** The sections of the window, in the order of the sidebar and of Ctrl+1 and so on. `staff` is there for the role alone (`use-sections.ts`). */
export const sections = [
  { name: 'uploads', path: '/', icon: Upload },
  { name: 'library', path: '/library', icon: Clapperboard },
  { name: 'quota', path: '/quota', icon: Gauge },
  { name: 'devices', path: '/devices', icon: MonitorSmartphone },
  { name: 'backups', path: '/backups', icon: ArchiveRestore },
  { name: 'settings', path: '/settings', icon: Settings },
  { name: 'staff', path: '/staff', icon: LifeBuoy },
] as const satisfies readonly { readonly name: string; readonly path: string; readonly icon: LucideIcon }[]

export type Section = (typeof sections)[number]
export type SectionName = (typeof sections)[number]['name']
