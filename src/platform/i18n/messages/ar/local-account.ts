export default {
  'local.intro.heading': 'أنشئ حسابك لدى {organization}',
  'local.intro.lead': 'لا أحد غيرك يضمن عنوانك هنا، لذلك تحصل على حساب خاص بك. يستغرق ذلك دقيقة.',
  'local.intro.proof':
    'أولًا نتحقق مرة واحدة من أن صندوق البريد لك، برمز نرسله إلى {address}. بعد ذلك تسجّل الدخول من دون رمز.',
  'local.sign-in.heading': 'تسجيل الدخول إلى {organization}',
  'local.sign-in.lead': 'بحسابك الخاص هناك، المعروف بالعنوان {address}.',
  'local.password': 'كلمة المرور',
  'local.sign-in.button': 'تسجيل الدخول',
  'local.passkey.use': 'استخدام مفتاح مرور',
  'local.wrong': 'كلمة المرور هذه وهذا العنوان لا يتطابقان. تحقق من كلمة المرور، أو اختر كلمة جديدة في الأسفل.',
  'local.passkey.wrong': 'لم يُؤكَّد مفتاح المرور. حاول مرة أخرى أو اختر طريقة أخرى.',
  'local.reset.heading': 'ليست لديك كلمة مرور بعد، أو نسيتها؟',
  'local.reset.lead':
    'نتحقق برمز من أن صندوق البريد لك، ثم تختار كلمة مرور جديدة. وتبقى مفاتيح المرور التي لديك كما هي.',
  'local.choose.heading': 'اختر كيف تسجّل الدخول',
  'local.choose.lead': 'صندوق البريد لك. من الآن تسجّل الدخول إلى {organization} بما تختاره هنا.',
  'local.choose.anew': 'صندوق البريد لك. كلمة المرور الجديدة تنهي كل جلسات الكلمة السابقة.',
  'local.passkey.lead': 'أو استخدم مفتاح مرور: يحفظه جهازك ويفتحه كما يفتح قفله. لا شيء تحتاج إلى تذكّره.',
  'local.passkey.create': 'إنشاء مفتاح مرور',
  'local.password.new': 'كلمة مرور جديدة',
  'local.password.again': 'الكلمة نفسها مرة أخرى',
  'local.password.checked':
    '{shortest, plural, zero {# حرف} one {حرف واحد} two {حرفان} few {# أحرف} many {# حرفًا} other {# حرف}} على الأقل، أيًّا كانت. نبحث عنها في قوائم كلمات المرور المسرّبة، ولا تغادر هذه الخدمة لأجل ذلك.',
  'local.password.unchecked':
    '{shortest, plural, zero {# حرف} one {حرف واحد} two {حرفان} few {# أحرف} many {# حرفًا} other {# حرف}} على الأقل، أيًّا كانت. من السهل تذكّر عدة كلمات متتالية.',
  'local.password.button': 'حفظ كلمة المرور',
  'local.fault.short':
    'كلمة المرور هذه قصيرة جدًا. اختر كلمة من {shortest, plural, zero {# حرف} one {حرف واحد} two {حرفين} few {# أحرف} many {# حرفًا} other {# حرف}} على الأقل.',
  'local.fault.long':
    'كلمة المرور هذه طويلة جدًا. اختر كلمة من {longest, plural, zero {# حرف} one {حرف واحد} two {حرفين} few {# أحرف} many {# حرفًا} other {# حرف}} على الأكثر.',
  'local.fault.leaked':
    'ظهرت كلمة المرور هذه في تسريب بيانات، لذلك يجرّبها المهاجمون أولًا. اختر كلمة لا تستخدمها في أي مكان آخر.',
  'local.fault.guessable':
    'من السهل تخمين كلمة المرور هذه: فهي مكوّنة من عنوانك أو من {organization} أو من أحرف قليلة متتالية. اختر كلمة أخرى.',
  'local.fault.differs': 'كلمتا المرور مختلفتان. اكتب الكلمة نفسها مرتين.',
  'local.limited.heading': 'كلمات مرور خاطئة كثيرة',
  'local.limited.lead': 'لحماية الحسابات لا نتحقق لفترة من كلمات مرور أخرى لهذا العنوان أو من شبكتك.',
  'local.other': 'استخدام عنوان آخر',
  'start.lead.local': 'بصفتك ضيفًا يمكنك فتح {destination}. تسجّل الدخول بحساب لدى {organization}.',
  'start.check.local': 'إن لم يكن لديك حساب كهذا بعد، فستنشئه في الصفحة التالية. لم يُقبل شيء بعد.',
  'start.return.check.local': 'تسجّل الدخول بحسابك هناك، ثم تتابع مباشرة.',
  'start.local': 'متابعة',
  'wrong-account.next.local': 'نسجّل خروجك هنا، ثم تسجّل الدخول بحساب العنوان المدعو.',
  'choose.local': 'حساب لدى {organization}',
} as const
