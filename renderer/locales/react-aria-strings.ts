import type { Language } from '../../contract/settings'

type Formatter = { number(value: number): string; plural(count: number, forms: Record<string, () => string>): string }
type Text = string | ((values: Record<string, string | number>, formatter: Formatter) => string)
type Table = Record<string, Record<string, Text>>

/** What React Aria says by itself in the controls we use; it has no Thai (`ui.md` section 1.2). */
const thai: Table = {
  '@react-aria/overlays': { dismiss: 'ปิด' },
  '@react-aria/toast': {
    close: 'ปิด',
    notifications: (values, formatter) => `การแจ้งเตือน ${formatter.number(Number(values['count']))} รายการ`,
  },
  '@react-aria/autocomplete': { collectionLabel: 'คำสั่งที่พบ' },
  '@react-aria/searchfield': { 'Clear search': 'ล้างการค้นหา' },
  '@react-aria/spinbutton': { Empty: 'ว่าง' },
  '@react-aria/numberfield': {
    decrease: (values) => `ลด ${values['fieldLabel']}`,
    increase: (values) => `เพิ่ม ${values['fieldLabel']}`,
    numberField: 'ช่องตัวเลข',
  },
  '@react-aria/gridlist': {
    hasActionAnnouncement: 'แถวนี้มีการทำงาน',
    hasLinkAnnouncement: (values) => `แถวนี้มีลิงก์: ${values['link']}`,
  },
  '@react-aria/grid': {
    select: 'เลือก',
    selectedAll: 'เลือกทั้งหมดแล้ว',
    selectedItem: (values) => `เลือก ${values['item']} แล้ว`,
    deselectedItem: (values) => `ไม่ได้เลือก ${values['item']}`,
    selectedCount: (values, formatter) => `เลือก ${formatter.number(Number(values['count']))} รายการ`,
    longPressToSelect: 'กดค้างเพื่อเข้าสู่โหมดเลือก',
  },
  '@react-aria/table': {
    select: 'เลือก',
    selectAll: 'เลือกทั้งหมด',
    sortable: 'คอลัมน์ที่เรียงได้',
    ascending: 'น้อยไปมาก',
    descending: 'มากไปน้อย',
    ascendingSort: (values) => `เรียงตามคอลัมน์ ${values['columnName']} จากน้อยไปมาก`,
    descendingSort: (values) => `เรียงตามคอลัมน์ ${values['columnName']} จากมากไปน้อย`,
  },
  '@react-aria/menu': { longPressMessage: 'กดค้างหรือกด Alt + ลูกศรลง เพื่อเปิดเมนู' },
  'react-aria-components': { selectPlaceholder: 'เลือกรายการ', dropzoneLabel: 'พื้นที่วางไฟล์' },
}

/**
 * Gives React Aria its Thai strings through the global table that it reads once. English fills what we never show. For
 * English and Arabic its own tables are in the bundle.
 */
export async function applyReactAriaStrings(language: Language, tag: string): Promise<void> {
  if (language !== 'th') return
  // Its declaration exports the table's type under the table's name, so the value itself has to be told what it is.
  const { default: english } = (await import('react-aria-components/i18n/en-US')) as unknown as { readonly default: Table }
  const strings = Object.fromEntries(Object.entries(english).map(([name, texts]) => [name, { ...texts, ...thai[name] }]))
  Reflect.set(window, Symbol.for('react-aria.i18n.locale'), tag)
  Reflect.set(window, Symbol.for('react-aria.i18n.strings'), strings)
}
