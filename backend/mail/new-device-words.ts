import type { Language } from '../../contract/settings'

/** What is told of a new device. Every value is safe to stand in a sentence. */
export type NewDevice = {
  readonly username: string
  readonly device: string
  readonly app: string
  readonly where: string
  readonly when: string
}

type Words = (device: NewDevice) => { readonly subject: string; readonly paragraphs: readonly string[] }

/** The only words of the backend for people who do not see the page; complete in each language. */
export const newDeviceWords: { readonly [Name in Language]: Words } = {
  en: ({ username, device, app, where, when }) => ({
    subject: `New sign-in to your Reelport account ${username}`,
    paragraphs: [
      `A device that was not seen before has signed in to your account ${username}.`,
      `Device: ${device}\nApp: ${app}\nFrom: ${where}\nWhen: ${when}`,
      'Was it you? Then there is nothing to do.',
      'Not you? Sign it out: open Reelport, go to “Devices”, choose this device and sign it out. Then change your password.',
      'If you cannot sign in, contact your support staff. This mail has no link on purpose: we never ask for your password by mail.',
    ],
  }),
  ar: ({ username, device, app, where, when }) => ({
    subject: `تسجيل دخول جديد إلى حسابك ${username} في Reelport`,
    paragraphs: [
      `سجّل الدخولَ إلى حسابك ${username} جهازٌ لم يُستخدم من قبل.`,
      `الجهاز: ${device}\nالتطبيق: ${app}\nمن: ${where}\nالوقت: ${when}`,
      'هل كنت أنت؟ إذن لا يلزمك فعل شيء.',
      'لم تكن أنت؟ سجّل خروجه: افتح Reelport، وانتقل إلى «الأجهزة»، واختر هذا الجهاز وسجّل خروجه، ثم غيّر كلمة المرور.',
      'إن تعذّر عليك تسجيل الدخول فتواصل مع فريق الدعم. تخلو هذه الرسالة من الروابط عمدًا: لا نطلب كلمة مرورك بالبريد أبدًا.',
    ],
  }),
  th: ({ username, device, app, where, when }) => ({
    subject: `มีการเข้าสู่ระบบใหม่ในบัญชี Reelport ของคุณ ${username}`,
    paragraphs: [
      `อุปกรณ์ที่ไม่เคยใช้มาก่อนได้เข้าสู่ระบบในบัญชีของคุณ ${username}`,
      `อุปกรณ์: ${device}\nแอป: ${app}\nจาก: ${where}\nเวลา: ${when}`,
      'ใช่คุณหรือไม่ ถ้าใช่ ไม่ต้องทำอะไร',
      'ไม่ใช่คุณหรือ ให้นำอุปกรณ์นั้นออกจากระบบ โดยเปิด Reelport ไปที่ “อุปกรณ์” เลือกอุปกรณ์นี้แล้วสั่งออกจากระบบ จากนั้นเปลี่ยนรหัสผ่าน',
      'หากเข้าสู่ระบบไม่ได้ โปรดติดต่อเจ้าหน้าที่ อีเมลนี้ไม่มีลิงก์โดยตั้งใจ เราไม่เคยขอรหัสผ่านทางอีเมล',
    ],
  }),
}
