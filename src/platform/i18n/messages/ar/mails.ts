export default {
  'mail.from': 'Vestibule نيابةً عن {organization}',
  'mail.organization': '{organization}، {domain}',
  'mail.label': '{text}:',

  'mail.invitation.subject': 'دعاك {inviter} إلى الوصول إلى التطبيقات في مؤسسته.',
  'mail.invitation.subject.application': 'دعتك {organization} إلى الوصول إلى التطبيقات في مؤسستها.',
  'mail.invitation.join': 'انضم إلى {organization} ضيفًا.',
  'mail.invitation.join.app': 'انضم إلى {organization} ضيفًا وافتح {app}.',
  'mail.invitation.acceptBy': 'يمكن القبول حتى {date}.',
  'mail.invitation.caution': 'اقبل فقط إذا كنت تعرف {inviter} وكنت تتوقع هذه الدعوة. عند الشك اتصل به هاتفيًا بدل الرد.',
  'mail.invitation.caution.application':
    'اقبل فقط إذا كنت تتوقع دعوة من {organization}. عند الشك اتصل هاتفيًا بشخص تعرفه هناك بدل الرد.',
  'mail.invitation.heading': 'يدعوك {inviter} إلى {organization}',
  'mail.invitation.heading.application': 'تدعوك {organization} ضيفًا',
  'mail.invitation.lead':
    'بصفتك ضيفًا يمكنك فتح ما تشاركه {organization} معك بعنوان البريد هذا، من دون كلمة مرور جديدة.',
  'mail.invitation.lead.app': 'بصفتك ضيفًا يمكنك فتح {app} بعنوان البريد هذا، من دون كلمة مرور جديدة.',
  'mail.invitation.writes': 'كتب {inviter}',
  'mail.invitation.writes.application': 'رسالة أرسلها التطبيق {inviter}',
  'mail.invitation.accept': 'قبول الدعوة',
  'mail.invitation.opens.button': 'يفتح الزر {host}، وبعد القبول تصل إلى:',
  'mail.invitation.opens.link': 'يفتح الرابط {host}، وبعد القبول تصل إلى:',
  'mail.invitation.later': 'بعد القبول يأخذك الرابط نفسه إلى هناك مباشرة.',
  'mail.invitation.later.app': 'بعد القبول يصبح الرابط نفسه اختصارك إلى {app}.',
  'mail.invitation.copy': 'إن لم يعمل الزر فانسخ هذا العنوان إلى متصفحك:',
  'mail.invitation.why': 'أُرسلت إلى {address} لأن {inviter} من {organization} دعا هذا العنوان.',
  'mail.invitation.why.mail': 'أُرسلت إلى {address} لأن {inviter} ({mail}) من {organization} دعا هذا العنوان.',
  'mail.invitation.why.application': 'أُرسلت إلى {address} لأن التطبيق {inviter} من {organization} دعا هذا العنوان.',
  'mail.invitation.replies': 'تصل الردود إلى {inviter}.',
  'mail.invitation.opening': 'فتح الرابط وحده لا يقبل شيئًا.',
  'mail.invitation.block': 'حظر الدعوات القادمة من {organization}',
  'mail.invitation.privacy': 'بيان خصوصية {organization}',
  'mail.invitation.privacy.none': 'لم تنشر {organization} بيان خصوصية.',
  'mail.invitation.contact': 'الاتصال بـ {organization}',

  'mail.shortcut.heading': 'يرسل إليك {inviter} رابطًا إلى {organization}',
  'mail.shortcut.heading.application': 'ترسل إليك {organization} رابطًا',
  'mail.shortcut.lead': 'أنت ضيف هناك بالفعل. سجّل الدخول بعنوان البريد هذا للمتابعة.',
  'mail.shortcut.lead.app': 'أنت ضيف هناك بالفعل. سجّل الدخول بعنوان البريد هذا وافتح {app}.',
  'mail.shortcut.open': 'تسجيل الدخول والفتح',
  'mail.shortcut.opens.button': 'يفتح الزر {host}، وبعد تسجيل الدخول تصل إلى:',
  'mail.shortcut.opens.link': 'يفتح الرابط {host}، وبعد تسجيل الدخول تصل إلى:',

  'mail.reminder.subject': 'ينتهي وصولك كضيف إلى {organization} في {date}',
  'mail.reminder.lead':
    'بعد ذلك لن تتمكن من تسجيل الدخول هناك. إن كنت ما زلت تحتاج إليه، فاطلب تمديده ممن تعمل معه في {organization}.',
  'mail.reminder.why': 'أُرسلت إلى {address} لأن لهذا العنوان وصول ضيف إلى {organization}.',
  'mail.reminder.sponsor.subject': 'ينتهي وصول {guest} إلى {organization} في {date}',
  'mail.reminder.sponsor.lead':
    'أنت المسؤول عن هذا الضيف ({address}). ما لم يُمدد الوصول، فلن يتمكن {guest} من تسجيل الدخول بعد ذلك.',
  'mail.reminder.sponsor.button': 'تمديد الوصول',
  'mail.reminder.sponsor.opening': 'فتح الرابط وحده لا يغير شيئًا: تسجل الدخول أولًا برمز.',
  'mail.reminder.sponsor.why': 'أُرسلت إلى {address} لأنك المسؤول عن هذا الضيف لدى {organization}.',

  'mail.security.subject': 'تغيّرت طريقة تسجيل دخولك إلى {organization}',
  'mail.security.password': 'تغيّرت كلمة مرورك في {time}.',
  'mail.security.codes': 'أُنشئت رموز استرداد جديدة في {time}. لم تعد القديمة تعمل.',
  'mail.security.added':
    '{kind, select, softwareOath {أُضيف تطبيق مصادقة} fido2 {أُضيف مفتاح مرور} phone {أُضيف هاتف} other {أُضيفت طريقة تسجيل دخول}} في {time}.',
  'mail.security.removed':
    '{kind, select, softwareOath {أُزيل تطبيق مصادقة} fido2 {أُزيل مفتاح مرور} phone {أُزيل هاتف} password {أُزيلت كلمة مرورك} other {أُزيلت طريقة تسجيل دخول}} في {time}.',
  'mail.security.admin': 'فعل ذلك شخص يدير حسابات {organization}.',
  'mail.security.you': 'إن كنت أنت من فعل ذلك فلا حاجة إلى شيء.',
  'mail.security.help':
    'ألم تكن أنت، ولم تطلب ذلك؟ أخبر فورًا من تعمل معه في {organization} ليسجّل خروجك من كل مكان، وغيّر كلمة مرور صندوق البريد هذا.',
  'mail.security.why': 'أُرسلت إلى {address} لأن هذا العنوان يسجّل الدخول إلى {organization}.',

  'mail.passcode.subject': 'رمزك لدى {organization}',
  'mail.passcode.preheader':
    'يعمل لمدة {minutes, plural, zero {# دقيقة} one {دقيقة واحدة} two {دقيقتين} few {# دقائق} many {# دقيقة} other {# دقيقة}}، في المتصفح الذي طلبته منه.',
  'mail.passcode.code': 'رمزك لدى {organization} ({domain}):',
  'mail.passcode.type':
    'اكتبه في الصفحة التي طلبته منها. يعمل حتى {time} ({minutes, plural, zero {# دقيقة} one {دقيقة واحدة} two {دقيقتان} few {# دقائق} many {# دقيقة} other {# دقيقة}}).',
  'mail.passcode.newest': 'لا يعمل إلا أحدث رمز.',
  'mail.passcode.secret': 'لن يطلبه منك أحد في {organization}، فلا تعطه لأحد أبدًا.',
  'mail.passcode.why':
    'طُلب باستخدام {address} في {time}. ألم تكن أنت؟ إذن تجاهل هذه الرسالة: من دون الرمز لا يحدث شيء.',
} as const
