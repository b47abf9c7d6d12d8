export default {
  'mail.from': 'Vestibule（{organization} の代理）',
  'mail.organization': '{organization}（{domain}）',
  'mail.label': '{text}：',

  'mail.invitation.subject': '{inviter} さんから、組織のアプリケーションへの招待が届いています。',
  'mail.invitation.subject.application': '{organization} から、組織のアプリケーションへの招待が届いています。',
  'mail.invitation.join': 'ゲストとして {organization} に参加できます。',
  'mail.invitation.join.app': 'ゲストとして {organization} に参加し、{app} を開けます。',
  'mail.invitation.acceptBy': '{date}までに承諾してください。',
  'mail.invitation.caution':
    '{inviter} さんをご存じで、この招待に心当たりがある場合だけ承諾してください。不審に思われたときは、返信せずに電話で確認してください。',
  'mail.invitation.caution.application':
    '{organization} からの招待に心当たりがある場合だけ承諾してください。不審に思われたときは、返信せずに、お知り合いの担当者へ電話で確認してください。',
  'mail.invitation.heading': '{inviter} さんが {organization} に招待しています',
  'mail.invitation.heading.application': '{organization} がゲストとして招待しています',
  'mail.invitation.lead':
    'ゲストになると、{organization} が共有するものをこのメールアドレスで開けます。新しいパスワードは不要です。',
  'mail.invitation.lead.app': 'ゲストになると、{app} をこのメールアドレスで開けます。新しいパスワードは不要です。',
  'mail.invitation.writes': '{inviter} さんからのメッセージ',
  'mail.invitation.writes.application': 'アプリケーション {inviter} が送信したメッセージ',
  'mail.invitation.accept': '招待を承諾する',
  'mail.invitation.opens.button': 'ボタンを押すと {host} が開きます。承諾後の移動先：',
  'mail.invitation.opens.link': 'リンクを開くと {host} が表示されます。承諾後の移動先：',
  'mail.invitation.later': '承諾後は、同じリンクから直接移動できます。',
  'mail.invitation.later.app': '承諾後は、同じリンクが {app} へのショートカットになります。',
  'mail.invitation.copy': 'ボタンが反応しない場合は、次のアドレスをブラウザーにコピーしてください：',
  'mail.invitation.why':
    'このメールは、{organization} の {inviter} さんがこのアドレスを招待したため、{address} に送信されました。',
  'mail.invitation.why.mail':
    'このメールは、{organization} の {inviter} さん（{mail}）がこのアドレスを招待したため、{address} に送信されました。',
  'mail.invitation.why.application':
    'このメールは、{organization} のアプリケーション {inviter} がこのアドレスを招待したため、{address} に送信されました。',
  'mail.invitation.replies': '返信は {inviter} さんに届きます。',
  'mail.invitation.opening': 'リンクを開いただけでは、何も承諾されません。',
  'mail.invitation.block': '{organization} からの今後の招待をブロックする',
  'mail.invitation.privacy': '{organization} のプライバシーに関する声明',
  'mail.invitation.privacy.none': '{organization} はプライバシーに関する声明を公開していません。',
  'mail.invitation.contact': '{organization} に問い合わせる',

  'mail.shortcut.heading': '{inviter} さんから {organization} へのリンクが届いています',
  'mail.shortcut.heading.application': '{organization} からリンクが届いています',
  'mail.shortcut.lead': 'すでにゲストとして登録されています。このメールアドレスでサインインしてください。',
  'mail.shortcut.lead.app':
    'すでにゲストとして登録されています。このメールアドレスでサインインして {app} を開いてください。',
  'mail.shortcut.open': 'サインインして開く',
  'mail.shortcut.opens.button': 'ボタンを押すと {host} が開きます。サインイン後の移動先：',
  'mail.shortcut.opens.link': 'リンクを開くと {host} が表示されます。サインイン後の移動先：',

  'mail.reminder.subject': '{organization} へのゲストアクセスは {date} に終了します',
  'mail.reminder.lead':
    'それ以降はサインインできなくなります。引き続き必要な場合は、{organization} の担当者に延長を依頼してください。',
  'mail.reminder.why': 'このアドレス ({address}) が {organization} のゲストアクセスを持っているため送信しました。',
  'mail.reminder.sponsor.subject': '{guest} さんの {organization} へのアクセスは {date} に終了します',
  'mail.reminder.sponsor.lead':
    'あなたはこのゲスト ({address}) の責任者です。延長しない場合、{guest} さんはそれ以降サインインできません。',
  'mail.reminder.sponsor.button': 'アクセスを延長',
  'mail.reminder.sponsor.opening': 'リンクを開いただけでは何も変わりません。先にコードでサインインします。',
  'mail.reminder.sponsor.why': '{organization} でこのゲストの責任者であるため、{address} に送信しました。',

  'mail.security.subject': '{organization} へのサインイン方法が変更されました',
  'mail.security.password': '{time} にパスワードが変更されました。',
  'mail.security.codes': '{time} に新しい回復コードが作成されました。以前のコードは使えません。',
  'mail.security.added':
    '{time} に{kind, select, softwareOath {認証アプリ} fido2 {パスキー} phone {電話} other {サインイン方法}}が追加されました。',
  'mail.security.removed':
    '{time} に{kind, select, softwareOath {認証アプリ} fido2 {パスキー} phone {電話} password {パスワード} other {サインイン方法}}が削除されました。',
  'mail.security.admin': '{organization} のアカウント管理者が行いました。',
  'mail.security.you': 'ご本人による変更であれば、何もする必要はありません。',
  'mail.security.help':
    'ご本人による変更でも、依頼した変更でもない場合は、すぐに {organization} の担当者に知らせてすべてのサインアウトを依頼し、このメールボックスのパスワードを変更してください。',
  'mail.security.why': 'このアドレス ({address}) で {organization} にサインインしているため送信しました。',

  'mail.passcode.subject': '{organization} のコード',
  'mail.passcode.preheader': 'コードを要求したブラウザーで {minutes, plural, other {# 分間}}有効です。',
  'mail.passcode.code': '{organization}（{domain}）のコード：',
  'mail.passcode.type':
    'コードを要求したページに入力してください。{time} まで（{minutes, plural, other {# 分間}}）有効です。',
  'mail.passcode.newest': '最新のコードだけが有効です。',
  'mail.passcode.secret': '{organization} の担当者がコードをお尋ねすることはありません。誰にも教えないでください。',
  'mail.passcode.why':
    '{time} に {address} で要求されました。お心当たりがない場合は、このメールを無視してください。コードがなければ何も起こりません。',
} as const
