export default {
  'mfa.enrol.heading': 'إعداد خطوة ثانية',
  'mfa.enrol.lead': 'تطلب {organization} من ضيوفها رمزًا من تطبيق مصادقة. تفعل ذلك مرة واحدة.',
  'mfa.enrol.open': 'افتح تطبيق مصادقة على هاتفك.',
  'mfa.enrol.scan': 'امسح هذا الرمز.',
  'mfa.enrol.type': 'اكتب الأرقام الستة التي يعرضها.',
  'mfa.enrol.qr': 'رمز QR فيه مفتاح الإعداد',
  'mfa.enrol.cannot': 'لا يمكنك المسح، أو تقرأ هذا على هاتفك؟',
  'mfa.enrol.link': '<a>افتح تطبيق المصادقة</a>، أو اكتب فيه هذا المفتاح:',
  'mfa.enrol.account': 'الحساب: {organization} ({address}). النوع: زمني، 6 أرقام.',
  'mfa.enrol.label': 'الرمز من التطبيق (6 أرقام)',
  'mfa.enrol.button': 'تفعيل',
  'mfa.enrol.wrong': 'ليس هذا الرمز الذي يعرضه التطبيق الآن. تحقق من الوقت في هاتفك ثم اكتب الرمز التالي.',

  'mfa.app.heading': 'أدخل الرمز من تطبيقك',
  'mfa.app.lead': 'افتح تطبيق المصادقة وابحث عن {organization} ({address}).',
  'mfa.app.label': 'الرمز (6 أرقام)',
  'mfa.app.wrong': 'هذا الرمز غير صحيح أو استُخدم من قبل. انتظر الرمز التالي واكتبه.',
  'mfa.app.malformed': 'يتكون الرمز في التطبيق من 6 أرقام. تحقق منه وحاول مرة أخرى.',

  'mfa.recovery.heading': 'أدخل رمز استرداد',
  'mfa.recovery.lead': 'حصلت على هذه الرموز عند إعداد الخطوة الثانية. يعمل كل منها مرة واحدة.',
  'mfa.recovery.label': 'رمز الاسترداد',
  'mfa.recovery.wrong': 'ليس هذا من رموز الاسترداد الخاصة بك، أو استُخدم من قبل.',
  'mfa.recovery.malformed': 'يتكون رمز الاسترداد من 10 أحرف وأرقام، مثل {example}. تحقق منه وحاول مرة أخرى.',

  'mfa.keep.heading': 'احتفظ برموز الاسترداد',
  'mfa.keep.lead': 'إذا فقدت هاتفك، يتيح لك كل رمز منها الدخول مرة واحدة. نعرضها الآن ولن نعرضها ثانية.',
  'mfa.keep.how': 'اطبع هذه الصفحة، أو اكتب الرموز حيث لا يجدها غيرك.',
  'mfa.keep.button': 'احتفظت بها',

  'mfa.passkey.enrol.heading': 'إعداد مفتاح مرور',
  'mfa.passkey.enrol.lead': 'تطلب {organization} من ضيوفها خطوة ثانية. يحتفظ جهازك بمفتاح مرور ويستخدمه كما يفتح قفله.',
  'mfa.passkey.enrol.button': 'إنشاء مفتاح مرور',
  'mfa.passkey.heading': 'استخدم مفتاح المرور',
  'mfa.passkey.lead': 'يطلب منك جهازك تأكيد هويتك.',
  'mfa.passkey.button': 'استخدام مفتاح المرور',
  'mfa.passkey.unsupported':
    'لا يستطيع هذا المتصفح استخدام مفاتيح المرور هنا، أو أن البرامج النصية متوقفة. اختر طريقة أخرى أدناه.',
  'mfa.passkey.wrong': 'لم يتأكد مفتاح المرور. حاول مرة أخرى أو اختر طريقة أخرى.',

  'mfa.phone.enrol.heading': 'استلام الرموز برسالة نصية',
  'mfa.phone.enrol.lead': 'تطلب {organization} من ضيوفها خطوة ثانية. نرسل رمزًا إلى هاتفك.',
  'mfa.phone.label': 'رقم الهاتف مع رمز البلد',
  'mfa.phone.malformed': 'أدخل الرقم كاملًا مع رمز البلد، مثل {example}.',
  'mfa.phone.button': 'إرسال الرمز',

  'mfa.send.heading': 'أكّد هويتك',
  'mfa.send.mail': 'تطلب {organization} من ضيوفها خطوة ثانية. نرسل رمزًا إلى صندوق بريدك.',
  'mfa.send.phone': 'تطلب {organization} من ضيوفها خطوة ثانية. نرسل رمزًا إلى هاتفك.',
  'mfa.send.button': 'إرسال الرمز إلى {address}',

  'mfa.text':
    '{code} هو رمزك لدى {organization}. يعمل لمدة {minutes, plural, zero {# دقيقة} one {دقيقة واحدة} two {دقيقتين} few {# دقائق} many {# دقيقة} other {# دقيقة}}. لن يطلبه منك أحد هناك.',
  'mfa.sent.wrong': 'ليس هذا أحدث رمز أرسلناه.',
  'mfa.sent.malformed': 'يتكون الرمز المرسل من 6 أرقام. تحقق منه وحاول مرة أخرى.',
  'mfa.sent.no-text': 'لم تصلك رسالة بعد دقيقة؟ أرسل رمزًا جديدًا. يحل محل القديم.',
  'mfa.sent.newest': 'ما زال أحدث رمز يعمل.',
  'mfa.phone.other': 'استخدام رقم آخر',
  'mfa.limit.person':
    '{count, plural, zero {لا نرسل رموزًا إلى الشخص الواحد.} one {نرسل إلى الشخص الواحد رمزًا واحدًا في اليوم على الأكثر.} two {نرسل إلى الشخص الواحد رمزين في اليوم على الأكثر.} few {نرسل إلى الشخص الواحد # رموز في اليوم على الأكثر.} many {نرسل إلى الشخص الواحد # رمزًا في اليوم على الأكثر.} other {نرسل إلى الشخص الواحد # رمز في اليوم على الأكثر.}}',
  'mfa.limit.organization': 'لا تُرسل رسائل نصية أخرى لهذه المؤسسة اليوم. قد تكون هناك طريقة أخرى متاحة.',

  'mfa.other.heading': 'طرق أخرى',
  'mfa.other.softwareOath': 'استخدام تطبيق مصادقة',
  'mfa.other.fido2': 'استخدام مفتاح مرور',
  'mfa.other.phone': 'استلام رمز برسالة نصية',
  'mfa.other.email': 'استلام رمز بالبريد الإلكتروني',
  'mfa.other.recoveryCode': 'استخدام رمز استرداد',

  'mfa.lost.heading': 'فقدت هاتفك أو غيّرته؟',
  'mfa.lost.reset':
    '{reach, select, contact {لا يستطيع إعادة ضبط خطوتك الثانية إلا {organization}: {contact}. بعد ذلك تعدّها من جديد.} other {لا يستطيع إعادة ضبط خطوتك الثانية إلا {organization}. اسأل من تعرفه هناك. بعد ذلك تعدّها من جديد.}}',

  'home.reference': 'إذا كتبت إلينا فاذكر {reference} لنجد عملية تسجيل الدخول هذه.',

  'mfa.limited.heading': 'رموز خاطئة كثيرة',
  'mfa.limited.lead': 'لحماية حسابك لا نتحقق من رموز أخرى لبعض الوقت.',
  'mfa.limited.again': 'حاول مرة أخرى في {time}.',
  'mfa.tries':
    '{tries, plural, zero {بقيت # محاولة.} one {بقيت محاولة واحدة.} two {بقيت محاولتان.} few {بقيت # محاولات.} many {بقيت # محاولة.} other {بقيت # محاولة.}}',
} as const
