export default {
  'page.title': '{title} - {organization}',
  'page.title-error': 'خطأ: {title}',
  'page.guest-access': 'دخول الضيوف عبر <bdi>Vestibule</bdi>',
  'page.help': 'مساعدة',
  'page.privacy': 'الخصوصية',
  'page.language': 'اللغة:',
  'time.days-left':
    '{days, plural, =0 {بقي أقل من يوم} zero {بقي # يوم} one {بقي يوم واحد} two {بقي يومان} few {بقيت # أيام} many {بقي # يومًا} other {بقي # يوم}}',

  'start.heading': '{kind, select, application {تدعوك {organization} ضيفًا} other {يدعوك {inviter} إلى {organization}}}',
  'start.lead': 'بصفتك ضيفًا يمكنك فتح {destination} بعنوان بريدك الحالي، من دون كلمة مرور جديدة.',
  'start.sent-by': 'المرسل',
  'start.invited': 'المدعو',
  'start.opens': 'يفتح',
  'start.accept-by': 'اقبل قبل',
  'start.no-end': 'بلا تاريخ انتهاء',
  'start.check': 'نتحقق أولًا من أن صندوق البريد هذا لك. لم يُقبل أي شيء بعد.',
  'start.send': 'إرسال الرمز إلى {address}',
  'start.not-you': 'لست المقصود، أو ليس هذا عنوانك؟',
  'start.not-you.close': 'أغلق هذه الصفحة ولن يحدث شيء.',
  'start.not-you.other':
    '{reach, select, reply {للانضمام بعنوان آخر، رُدَّ على رسالة الدعوة واطلب من {inviter} دعوة ذلك العنوان.} contact {للانضمام بعنوان آخر، اطلب من {organization} دعوة ذلك العنوان: {contact}.} other {للانضمام بعنوان آخر، اطلب ممن تعرفه في {organization} دعوة ذلك العنوان.}}',
  'start.not-you.block': 'لإيقاف هذه الرسائل، <a>احظر الدعوات من {organization}</a>.',
  'start.return.heading': 'تسجيل الدخول إلى {organization}',
  'start.return.lead': 'أنت ضيف هناك بالفعل. يفتح تسجيل الدخول {destination}.',
  'start.return.account': 'الحساب',
  'start.return.check': 'نتحقق أولًا من أن صندوق البريد هذا لك، ثم تتابع مباشرة.',

  'code.heading': 'أدخل الرمز',
  'code.lead':
    'أرسلنا {digits, plural, zero {# رقم} one {رقمًا واحدًا} two {رقمين} few {# أرقام} many {# رقمًا} other {# رقم}} إلى {address}. يعمل الرمز لمدة {minutes, plural, zero {# دقيقة} one {دقيقة واحدة} two {دقيقتين} few {# دقائق} many {# دقيقة} other {# دقيقة}}، وفي هذا المتصفح فقط.',
  'code.label': 'الرمز',
  'code.continue': 'متابعة',
  'code.no-mail':
    'لم تصل الرسالة بعد دقيقة؟ ابحث في مجلد الرسائل غير المرغوب فيها، ثم أرسل رمزًا جديدًا يحل محل القديم. {seconds, plural, zero {رمز واحد كل # ثانية.} one {رمز واحد كل ثانية.} two {رمز واحد كل ثانيتين.} few {رمز واحد كل # ثوانٍ.} many {رمز واحد كل # ثانية.} other {رمز واحد كل # ثانية.}}',
  'code.send-new': 'إرسال رمز جديد',
  'code.wrong':
    'هذا ليس الرمز الوارد في أحدث رسائلنا. تحقق منه وحاول مرة أخرى: {tries, plural, zero {بقيت # محاولة} one {بقيت محاولة واحدة} two {بقيت محاولتان} few {بقيت # محاولات} many {بقيت # محاولة} other {بقيت # محاولة}}.',
  'code.malformed':
    'يتكون الرمز في رسالتنا من {digits, plural, zero {# رقم} one {رقم واحد} two {رقمين} few {# أرقام} many {# رقمًا} other {# رقم}}. تحقق منه وحاول مرة أخرى.',
  'code.expired':
    'لم يعد هذا الرمز يعمل، فقد {minutes, plural, zero {مرت # دقيقة} one {مرت دقيقة واحدة} two {مرت دقيقتان} few {مرت # دقائق} many {مرت # دقيقة} other {مرت # دقيقة}} على إرساله. أرسل رمزًا جديدًا وأدخله.',
  'code.used-up': 'لم يعد هذا الرمز يعمل، فقد استُنفدت جميع محاولاته. أرسل رمزًا جديدًا وأدخله.',
  'code.none': 'لا يوجد رمز صالح لهذا المتصفح. أرسل رمزًا جديدًا وأدخله هنا.',

  'limited.heading': 'لا يمكن إرسال رمز بعد',
  'limited.lead': 'لم نرسل شيئًا إلى {address} الآن.',
  'limited.wait':
    '{unit, select, second {{count, plural, zero {يمكنك طلب رمز جديد بعد # ثانية} one {يمكنك طلب رمز جديد بعد ثانية واحدة} two {يمكنك طلب رمز جديد بعد ثانيتين} few {يمكنك طلب رمز جديد بعد # ثوانٍ} many {يمكنك طلب رمز جديد بعد # ثانية} other {يمكنك طلب رمز جديد بعد # ثانية}}} minute {{count, plural, zero {يمكنك طلب رمز جديد بعد # دقيقة} one {يمكنك طلب رمز جديد بعد دقيقة واحدة} two {يمكنك طلب رمز جديد بعد دقيقتين} few {يمكنك طلب رمز جديد بعد # دقائق} many {يمكنك طلب رمز جديد بعد # دقيقة} other {يمكنك طلب رمز جديد بعد # دقيقة}}} other {{count, plural, zero {يمكنك طلب رمز جديد بعد # ساعة} one {يمكنك طلب رمز جديد بعد ساعة واحدة} two {يمكنك طلب رمز جديد بعد ساعتين} few {يمكنك طلب رمز جديد بعد # ساعات} many {يمكنك طلب رمز جديد بعد # ساعة} other {يمكنك طلب رمز جديد بعد # ساعة}}}}',
  'limited.at': 'في {time}.',
  'limited.reason':
    '{kind, select, interval {{count, plural, zero {نرسل رمزًا واحدًا كل # ثانية.} one {نرسل رمزًا واحدًا كل ثانية.} two {نرسل رمزًا واحدًا كل ثانيتين.} few {نرسل رمزًا واحدًا كل # ثوانٍ.} many {نرسل رمزًا واحدًا كل # ثانية.} other {نرسل رمزًا واحدًا كل # ثانية.}}} window {{count, plural, zero {لا نرسل أكثر من # رمز خلال 15 دقيقة.} one {لا نرسل أكثر من رمز واحد خلال 15 دقيقة.} two {لا نرسل أكثر من رمزين خلال 15 دقيقة.} few {لا نرسل أكثر من # رموز خلال 15 دقيقة.} many {لا نرسل أكثر من # رمزًا خلال 15 دقيقة.} other {لا نرسل أكثر من # رمز خلال 15 دقيقة.}}} day {{count, plural, zero {لا نرسل أكثر من # رمز في اليوم إلى عنوان واحد.} one {لا نرسل أكثر من رمز واحد في اليوم إلى عنوان واحد.} two {لا نرسل أكثر من رمزين في اليوم إلى عنوان واحد.} few {لا نرسل أكثر من # رموز في اليوم إلى عنوان واحد.} many {لا نرسل أكثر من # رمزًا في اليوم إلى عنوان واحد.} other {لا نرسل أكثر من # رمز في اليوم إلى عنوان واحد.}}} other {{count, plural, zero {لا نرسل أكثر من # رمز في الساعة لشبكة واحدة.} one {لا نرسل أكثر من رمز واحد في الساعة لشبكة واحدة.} two {لا نرسل أكثر من رمزين في الساعة لشبكة واحدة.} few {لا نرسل أكثر من # رموز في الساعة لشبكة واحدة.} many {لا نرسل أكثر من # رمزًا في الساعة لشبكة واحدة.} other {لا نرسل أكثر من # رمز في الساعة لشبكة واحدة.}}}}',
  'limited.newest': 'لا يزال أحدث رمز في صندوق بريدك صالحًا.',

  'consent.heading': 'هل تريد الانضمام إلى {organization} بصفة ضيف؟',
  'consent.signed-in': 'أنت مسجّل الدخول باسم {address}.',
  'consent.sees': 'سترى {organization}',
  'consent.sees.profile': 'اسمك وعنوان بريدك وصورتك إن وُجدت',
  'consent.sees.use': 'متى تسجّل الدخول وأي تطبيق من تطبيقاتها تفتح',
  'consent.hidden': 'ولن ترى',
  'consent.hidden.list': 'كلمة مرورك ولا بريدك ولا المؤسسات الأخرى التي تعمل معها',
  'consent.next': 'الصفحة التالية',
  'consent.invited-by': 'الداعي',
  'consent.answers': 'المسؤول عن وصولك',
  'consent.application': 'تطبيق لدى {organization}',
  'consent.contact': 'للتواصل',
  'consent.privacy': 'الخصوصية',
  'consent.statement': 'بيان خصوصية {organization}',
  'consent.no-statement':
    '{reach, select, contact {لم تنشر {organization} بيان خصوصية. إن أردت معرفة المزيد قبل أن تقرر، فاسأل جهة التواصل المذكورة أعلاه.} reply {لم تنشر {organization} بيان خصوصية. إن أردت معرفة المزيد قبل أن تقرر، فاسأل {inviter} بالرد على رسالة الدعوة.} other {لم تنشر {organization} بيان خصوصية.}}',
  'consent.accept': 'قبول',
  'consent.decline': 'رفض',
  'consent.change': 'يمكن لـ {organization} تعديل حساب الضيف الخاص بك أو حذفه.',
  'consent.leave': 'يمكنك المغادرة متى شئت من صفحة <a>حسابي</a>.',

  'declined.title': 'رفضت الدعوة',
  'declined.heading': 'لقد رفضت الدعوة',
  'declined.lead': 'سترى {organization} أنك رفضت، ولن تعرف عنك شيئًا آخر. لا حاجة إلى التراجع عن أي شيء.',
  'declined.until': 'هل غيّرت رأيك؟ يعمل الرابط الوارد في الرسالة حتى {date}.',
  'declined.open': 'هل غيّرت رأيك؟ لا يزال الرابط الوارد في الرسالة يعمل.',
  'declined.block': 'حظر الدعوات من {organization}',

  'help.heading': 'ما يمكنك فعله',
  'help.or': '{via, select, web {أو تواصل عبر {contact}.} other {أو اكتب إلى {contact}.}}',
  'help.reference': 'إذا كتبت إلينا فاذكر {reference} لنعثر على هذه الدعوة.',

  'expired.heading': 'انتهت صلاحية هذه الدعوة في {date}',
  'expired.lifetime':
    '{days, plural, zero {تمنح {organization} ضيوفها # يوم للقبول.} one {تمنح {organization} ضيوفها يومًا واحدًا للقبول.} two {تمنح {organization} ضيوفها يومين للقبول.} few {تمنح {organization} ضيوفها # أيام للقبول.} many {تمنح {organization} ضيوفها # يومًا للقبول.} other {تمنح {organization} ضيوفها # يوم للقبول.}}',
  'expired.lead': 'لم يُفعَّل وصولك.',
  'expired.fresh':
    '{reach, select, reply {رُدَّ على رسالة الدعوة، فيصل ردك إلى {inviter} ويمكن إرسال دعوة جديدة إليك خلال دقيقة.} contact {اطلب دعوة جديدة من {organization}: {contact}.} other {اطلب دعوة جديدة ممن تعرفه في {organization}.}}',

  'revoked.heading': 'سحبت {organization} هذه الدعوة',
  'revoked.on': 'سُحبت في {date}.',
  'revoked.links': 'لم يعد هذا الرابط ولا الروابط الأقدم منه تعمل.',
  'revoked.ask':
    '{reach, select, reply {إن كنت تتوقع هذه الدعوة فاسأل {inviter} بالرد على رسالة الدعوة.} contact {إن كنت تتوقع هذه الدعوة فاسأل {organization}: {contact}.} other {إن كنت تتوقع هذه الدعوة فاسأل من تعرفه في {organization}.}}',
  'revoked.newer': 'إن وصلتك بعدها دعوة أحدث فافتحها.',
  'reset.heading': 'حلّ رابط أحدث محل هذا الرابط',
  'reset.on': 'جددت {organization} دعوتك في {date}.',
  'reset.newer': 'افتح أحدث رسالة دعوة من {organization} واستخدم رابطها.',
  'reset.ask':
    '{reach, select, reply {لا توجد رسالة أحدث؟ اسأل {inviter} بالرد على رسالة الدعوة.} contact {لا توجد رسالة أحدث؟ اسأل {organization}: {contact}.} other {لا توجد رسالة أحدث؟ اسأل من تعرفه في {organization}.}}',

  'used.heading': 'سبق قبول هذه الدعوة',
  'used.lead': 'قبلها في {date} من يتحكم في صندوق البريد المدعو.',
  'used.you-link': 'هل كنت أنت؟ <a>سجّل الدخول إلى {destination}</a> بالحساب الذي استخدمته حينها.',
  'used.you': 'هل كنت أنت؟ سجّل الدخول بالحساب الذي استخدمته حينها.',
  'used.not-you':
    '{reach, select, contact {لست أنت؟ أبلغ {organization} الآن: {contact}. يمكنها إنهاء ذلك الوصول فورًا.} other {لست أنت؟ أبلغ {organization} الآن. يمكنها إنهاء ذلك الوصول فورًا.}}',

  'wrong-account.heading': 'هذه الدعوة موجهة إلى عنوان آخر',
  'wrong-account.lead': 'لم يُقبل أي شيء. انتقل إلى العنوان المدعو للمتابعة.',
  'wrong-account.invited': 'دعته {organization}',
  'wrong-account.signed-in': 'أنت مسجّل الدخول باسم',
  'wrong-account.switch': 'الانتقال إلى {address}',
  'wrong-account.next': 'نسجّل خروجك هنا ونرسل رمزًا إلى صندوق البريد ذاك.',
  'wrong-account.other':
    '{reach, select, reply {إن كان العنوانان لك وتفضّل الآخر، فاطلب من {inviter} دعوته بالرد على رسالة الدعوة.} contact {إن كان العنوانان لك وتفضّل الآخر، فاطلب من {organization} دعوته: {contact}.} other {إن كان العنوانان لك وتفضّل الآخر، فاطلب ممن تعرفه في {organization} دعوته.}}',

  'blocked.domain.heading': 'لا تقبل {organization} ضيوفًا من {domain}',
  'blocked.domain.lead':
    'تحدد {organization} النطاقات التي يمكن أن يأتي منها ضيوفها، وهذا النطاق ليس من بينها. لم يُقبل أي شيء.',
  'blocked.organization.heading': 'لا تقبل {organization} ضيوفًا في الوقت الحالي',
  'blocked.organization.lead': 'دخول الضيوف إلى {organization} موقوف. لم يُقبل أي شيء.',
  'blocked.account.heading': 'حساب الضيف الخاص بك لدى {organization} موقوف',
  'blocked.account.lead': 'لا يمكنك تسجيل الدخول به حتى تعيد {organization} تفعيله.',
  'blocked.ended.heading': 'انتهى وصولك إلى {organization}',
  'blocked.ended.lead': 'كان ممنوحًا حتى {date}. لا يمكنك تسجيل الدخول ما لم يمدده أحد هناك.',
  'blocked.ended.ask':
    '{reach, select, reply {إن كنت ما زلت تحتاج إليه، فاطلب تمديده من {inviter} بالرد على رسالة الدعوة.} contact {إن كنت ما زلت تحتاج إليه، فاطلب تمديده من {organization}: {contact}.} other {إن كنت ما زلت تحتاج إليه، فاطلب تمديده ممن تعرفه في {organization}.}}',
  'blocked.identity.heading': 'عنوان البريد الإلكتروني هذا تابع لحساب ضيف آخر',
  'blocked.identity.lead':
    'لدى {organization} حساب آخر يسجل الدخول بعنوانك. يجب إعادة تعيينه أو حذفه قبل قبول هذه الدعوة.',
  'blocked.identity.ask':
    '{reach, select, reply {اطلب ذلك من {inviter} بالرد على رسالة الدعوة.} contact {اطلب ذلك من {organization}: {contact}.} other {اطلب ذلك ممن تعرفه في {organization}.}}',
  'blocked.ask':
    '{reach, select, reply {إن كنت ترى أن هذا غير صحيح، فاسأل {inviter} بالرد على رسالة الدعوة.} contact {إن كنت ترى أن هذا غير صحيح، فاسأل {organization}: {contact}.} other {إن كنت ترى أن هذا غير صحيح، فاسأل من تعرفه في {organization}.}}',

  'extend.heading': 'هل تريد تمديد وصول {guest}؟',
  'extend.lead': 'أنت المسؤول عن هذا الضيف لدى {organization}. ينتهي الوصول من تلقاء نفسه ما لم يمدده أحد.',
  'extend.guest': 'الضيف',
  'extend.ends': 'ينتهي الوصول',
  'extend.until': 'بعد التمديد',
  'extend.check': 'نتحقق أولًا من هويتك برمز نرسله إلى بريدك الإلكتروني.',
  'extend.button': 'تمديد الوصول',
  'extend.none': 'لا تسمح {organization} للمسؤولين عن الضيوف بتمديد الوصول أكثر. اسأل الإدارة هناك.',
  'extended.heading': 'مُدِّد وصول {guest}',
  'extended.lead': 'أصبح صالحًا حتى {date}. يمكنك إغلاق هذه الصفحة.',

  'error.link.heading': 'هذا الرابط لا يعمل',
  'error.link.lead': 'الرابط غير كامل، أو تغيّر في الطريق، أو يخص دعوة لم تعد موجودة.',
  'error.link.help':
    'افتح الرابط الوارد في رسالة الدعوة مرة أخرى. وإن قطعه برنامج البريد فانسخ العنوان كاملًا إلى متصفحك.',
  'error.link.ask': 'لم ينجح ذلك؟ اطلب دعوة جديدة ممن دعاك.',
  'error.missing.heading': 'لا توجد صفحة في هذا العنوان',
  'error.missing.lead': 'قد يكون في العنوان خطأ كتابي، أو ربما نُقلت الصفحة.',
  'error.missing.help': 'تحقق من العنوان. وإن كنت قادمًا من دعوة فافتح الرابط الوارد في رسالتها مرة أخرى.',
  'error.stale.heading': 'هذا النموذج لم يعد محدَّثًا',
  'error.stale.lead':
    'ربما سجّلت الدخول أو الخروج منذ أن فتحته، أو أن متصفحك يرفض ملفات تعريف الارتباط. لم يتغير أي شيء.',
  'error.stale.help': 'افتح الصفحة من جديد وكرر الخطوة الأخيرة.',
  'error.stale.help-link': '<a>افتح الصفحة من جديد</a> وكرر الخطوة الأخيرة.',
  'error.fault.heading': 'حدث خلل من جانبنا',
  'error.fault.lead': 'سُجّل الخلل. ربما لم تُنفَّذ خطوتك الأخيرة.',
  'error.fault.help': 'انتظر دقيقة ثم حاول مرة أخرى.',
  'error.fault.help-link': 'انتظر دقيقة ثم <a>حاول مرة أخرى</a>.',
  'error.reference': 'إذا كتبت إلينا فاذكر {reference}.',

  'block.heading': 'هل تريد حظر الدعوات من {organization}؟',
  'block.lead': 'لن نرسل بعدها دعوات من {organization} إلى {address}. يبقى وصولك الحالي كما هو.',
  'block.confirm': 'نعم، أوقفوا دعوات {organization} إلى هذا العنوان',
  'block.confirm-missing': 'ضع العلامة أولًا، حتى لا تحظر نيابةً عنك برامج تفحص الروابط فقط.',
  'block.button': 'حظر الدعوات',
  'block.undo': 'يمكنك التراجع متى شئت من صفحة <a>المؤسسات المحظورة</a>.',
  'block-done.heading': 'تم حظر الدعوات من {organization}',
  'block-done.lead': 'لن نرسل دعوات من {organization} إلى {address} بعد الآن. يبقى وصولك الحالي كما هو.',
  'block-done.undo': 'عرض ما حظرته أو إلغاؤه',

  'blocks.heading': 'المؤسسات المحظورة',
  'blocks.email.lead': 'اعرف أي المؤسسات لا يمكنها إرسال دعوات إليك، وألغِ حظرها. نتحقق أولًا من أن صندوق البريد لك.',
  'blocks.email.label': 'البريد الإلكتروني',
  'blocks.email.send': 'إرسال الرمز',
  'blocks.email.malformed': 'أدخل عنوان بريد كاملًا، مثل {example}.',
  'blocks.lead': 'لا نرسل دعوات من هذه المؤسسات إلى {address}.',
  'blocks.since': 'حُظرت في {date}',
  'blocks.unblock': 'إلغاء الحظر<hide> عن {organization}</hide>',
  'blocks.none': 'أنت لا تحظر أي مؤسسة.',
  'blocks.none.lead': 'يمكن لكل مؤسسة تستخدم هذه الخدمة إرسال دعوات إلى {address}.',
  'blocks.unblocked': 'تصلك الدعوات من {organization} مرة أخرى.',
} as const
