export default {
  'page.title': '{title} - {organization}',
  'page.title-error': 'エラー: {title}',
  'page.guest-access': '<bdi>Vestibule</bdi> によるゲストアクセス',
  'page.help': 'ヘルプ',
  'page.privacy': 'プライバシー',
  'page.language': '言語:',
  'time.days-left': '{days, plural, =0 {残り 1 日未満} other {残り # 日}}',

  'start.heading':
    '{kind, select, application {{organization} がゲストとして招待しています} other {{inviter} さんが {organization} に招待しています}}',
  'start.lead': 'ゲストとして、ご自分のメールアドレスで {destination} を開けます。新しいパスワードは必要ありません。',
  'start.sent-by': '送信元',
  'start.invited': '招待先',
  'start.opens': '開くもの',
  'start.accept-by': '承諾期限',
  'start.no-end': '期限なし',
  'start.check': 'まず、このメールボックスがご本人のものであることを確認します。この時点では何も承諾されません。',
  'start.send': '{address} にコードを送信',
  'start.not-you': 'お心当たりがない、または別のアドレスですか？',
  'start.not-you.close': 'このページを閉じれば、何も起こりません。',
  'start.not-you.other':
    '{reach, select, reply {別のアドレスで参加するには、招待メールに返信し、そのアドレスを招待するよう {inviter} さんにご依頼ください。} contact {別のアドレスで参加するには、そのアドレスを招待するよう {organization} にご依頼ください: {contact}} other {別のアドレスで参加するには、そのアドレスを招待するよう {organization} の担当者にご依頼ください。}}',
  'start.not-you.block': 'このようなメールを止めるには、<a>{organization} からの招待をブロック</a>してください。',
  'start.return.heading': '{organization} にサインイン',
  'start.return.lead': 'すでにゲストとして登録されています。サインインすると {destination} が開きます。',
  'start.return.account': 'アカウント',
  'start.return.check': 'まず、このメールボックスがご本人のものであることを確認します。確認後、そのまま次へ進みます。',

  'code.heading': 'コードを入力してください',
  'code.lead':
    '{address} に {digits, plural, other {# 桁}}のコードを送信しました。コードは {minutes, plural, other {# 分間}}、このブラウザーでのみ有効です。',
  'code.label': 'コード',
  'code.continue': '続ける',
  'code.no-mail':
    '1 分たってもメールが届きませんか？ 迷惑メールフォルダーを確認してから、新しいコードを送信してください。以前のコードは使えなくなります。{seconds, plural, other {送信は # 秒に 1 回までです。}}',
  'code.send-new': '新しいコードを送信',
  'code.wrong':
    '最新のメールのコードと一致しません。確認して、もう一度入力してください。{tries, plural, other {あと # 回}}入力できます。',
  'code.malformed': 'メールのコードは {digits, plural, other {# 桁}}です。確認して、もう一度入力してください。',
  'code.expired':
    'このコードは、有効期間の {minutes, plural, other {# 分}}が過ぎたため使えません。新しいコードを送信して、そのコードを入力してください。',
  'code.used-up':
    'このコードは、入力できる回数を使い切ったため使えません。新しいコードを送信して、そのコードを入力してください。',
  'code.none': 'このブラウザーで有効なコードはありません。新しいコードを送信して、ここに入力してください。',

  'limited.heading': 'まだコードを送信できません',
  'limited.lead': '{address} には、今回は何も送信していません。',
  'limited.wait':
    '{unit, select, second {{count, plural, other {# 秒後に新しいコードを請求できます}}} minute {{count, plural, other {# 分後に新しいコードを請求できます}}} other {{count, plural, other {# 時間後に新しいコードを請求できます}}}}',
  'limited.at': '時刻は {time} です。',
  'limited.reason':
    '{kind, select, interval {{count, plural, other {コードの送信は # 秒に 1 回までです。}}} window {{count, plural, other {コードの送信は 15 分間に # 回までです。}}} day {{count, plural, other {1 つのアドレスへのコードの送信は 1 日に # 回までです。}}} other {{count, plural, other {1 つのネットワークからのコードの送信は 1 時間に # 回までです。}}}}',
  'limited.newest': 'メールボックスにある最新のコードは引き続き使えます。',

  'consent.heading': 'ゲストとして {organization} に参加しますか？',
  'consent.signed-in': '{address} としてサインインしています。',
  'consent.sees': '{organization} に表示される情報',
  'consent.sees.profile': 'お名前、メールアドレス、写真（設定されている場合）',
  'consent.sees.use': 'サインインした日時と、開いたアプリ（この組織のもの）',
  'consent.hidden': '表示されない情報',
  'consent.hidden.list': 'パスワード、メール、一緒に仕事をしている他の組織',
  'consent.next': '次のページ',
  'consent.invited-by': '招待者',
  'consent.answers': 'お客様のアクセスの責任者',
  'consent.application': '{organization} のアプリケーション',
  'consent.contact': '連絡先',
  'consent.privacy': 'プライバシー',
  'consent.statement': '{organization} のプライバシーに関する声明',
  'consent.no-statement':
    '{reach, select, contact {{organization} はプライバシーに関する声明を公開していません。決める前に詳しく知りたい場合は、上の連絡先にお問い合わせください。} reply {{organization} はプライバシーに関する声明を公開していません。決める前に詳しく知りたい場合は、招待メールに返信して {inviter} さんにお問い合わせください。} other {{organization} はプライバシーに関する声明を公開していません。}}',
  'consent.accept': '承諾する',
  'consent.decline': '辞退する',
  'consent.change': '{organization} は、お客様のゲストアカウントを変更または削除できます。',
  'consent.leave': '<a>マイ アカウント</a>からいつでも退出できます。',

  'declined.title': '辞退しました',
  'declined.heading': '招待を辞退しました',
  'declined.lead': '{organization} に伝わるのは、辞退されたことだけです。取り消しが必要なものはありません。',
  'declined.until': 'お気持ちが変わった場合、メールのリンクは {date} まで使えます。',
  'declined.open': 'お気持ちが変わった場合、メールのリンクは引き続き使えます。',
  'declined.block': '{organization} からの招待をブロック',

  'help.heading': 'できること',
  'help.or':
    '{via, select, web {または {contact} からお問い合わせください。} other {または {contact} にメールをお送りください。}}',
  'help.reference': 'お問い合わせの際は {reference} をお知らせください。この招待を特定できます。',

  'expired.heading': 'この招待の期限は {date} に切れました',
  'expired.lifetime': '{days, plural, other {{organization} のゲストの承諾期限は # 日間です。}}',
  'expired.lead': 'アクセスは設定されていません。',
  'expired.fresh':
    '{reach, select, reply {招待メールにご返信ください。返信は {inviter} さんに届き、新しい招待をすぐに送ってもらえます。} contact {{organization} に新しい招待をご依頼ください: {contact}} other {{organization} の担当者に新しい招待をご依頼ください。}}',

  'revoked.heading': '{organization} がこの招待を取り消しました',
  'revoked.on': '{date} に取り消されました。',
  'revoked.links': 'このリンクと以前のリンクは使えなくなりました。',
  'revoked.ask':
    '{reach, select, reply {この招待を待っていた場合は、招待メールに返信して {inviter} さんにお問い合わせください。} contact {この招待を待っていた場合は、{organization} にお問い合わせください: {contact}} other {この招待を待っていた場合は、{organization} の担当者にお問い合わせください。}}',
  'revoked.newer': 'その後に新しい招待が届いている場合は、そちらを開いてください。',
  'reset.heading': 'このリンクは新しいリンクに置き換えられました',
  'reset.on': '{organization} が {date} に招待を設定し直しました。',
  'reset.newer': '{organization} からの最新の招待メールを開き、そのリンクをお使いください。',
  'reset.ask':
    '{reach, select, reply {新しいメールが見つからない場合は、招待メールに返信して {inviter} さんにお問い合わせください。} contact {新しいメールが見つからない場合は、{organization} にお問い合わせください: {contact}} other {新しいメールが見つからない場合は、{organization} の担当者にお問い合わせください。}}',

  'used.heading': 'この招待はすでに承諾されています',
  'used.lead': '{date} に、招待先のメールボックスを管理している方が承諾しました。',
  'used.you-link': 'ご本人の場合は、そのときに使ったアカウントで <a>{destination} にサインイン</a>してください。',
  'used.you': 'ご本人の場合は、そのときに使ったアカウントでサインインしてください。',
  'used.not-you':
    '{reach, select, contact {お心当たりがない場合は、すぐに {organization} にお知らせください: {contact} そのアクセスをただちに停止できます。} other {お心当たりがない場合は、すぐに {organization} にお知らせください。そのアクセスをただちに停止できます。}}',

  'wrong-account.heading': 'この招待は別のアドレス宛てです',
  'wrong-account.lead': '何も承諾されていません。続けるには、招待されたアドレスに切り替えてください。',
  'wrong-account.invited': '{organization} が招待したアドレス',
  'wrong-account.signed-in': 'サインイン中のアドレス',
  'wrong-account.switch': '{address} に切り替える',
  'wrong-account.next': 'ここでいったんサインアウトし、そのメールボックスにコードを送信します。',
  'wrong-account.other':
    '{reach, select, reply {両方ともご自分のアドレスで、もう一方を使いたい場合は、招待メールに返信し、そのアドレスを招待するよう {inviter} さんにご依頼ください。} contact {両方ともご自分のアドレスで、もう一方を使いたい場合は、そのアドレスを招待するよう {organization} にご依頼ください: {contact}} other {両方ともご自分のアドレスで、もう一方を使いたい場合は、そのアドレスを招待するよう {organization} の担当者にご依頼ください。}}',

  'blocked.domain.heading': '{organization} は {domain} のゲストを受け入れていません',
  'blocked.domain.lead':
    'ゲストとして受け入れるドメインは {organization} が決めており、このドメインは含まれていません。何も承諾されていません。',
  'blocked.organization.heading': '{organization} は現在ゲストを受け入れていません',
  'blocked.organization.lead': '{organization} へのゲストアクセスは無効になっています。何も承諾されていません。',
  'blocked.account.heading': '{organization} のゲストアカウントは無効になっています',
  'blocked.account.lead': '{organization} が再び有効にするまで、このアカウントではサインインできません。',
  'blocked.ended.heading': '{organization} へのアクセス期間が終了しました',
  'blocked.ended.lead': 'アクセスの期限は {date} でした。延長されるまでサインインできません。',
  'blocked.ended.ask':
    '{reach, select, reply {引き続き必要な場合は、招待メールに返信して {inviter} さんに延長を依頼してください。} contact {引き続き必要な場合は、{organization} に延長を依頼してください: {contact}} other {引き続き必要な場合は、{organization} の担当者に延長を依頼してください。}}',
  'blocked.identity.heading': 'このメールアドレスは別のゲストアカウントで使われています',
  'blocked.identity.lead':
    '{organization} には、このアドレスでサインインする別のアカウントがあります。この招待を承諾するには、そのアカウントのリセットまたは削除が必要です。',
  'blocked.identity.ask':
    '{reach, select, reply {招待メールに返信して、{inviter} さんに依頼してください。} contact {{organization} に依頼してください: {contact}} other {{organization} の担当者に依頼してください。}}',
  'blocked.ask':
    '{reach, select, reply {お心当たりと異なる場合は、招待メールに返信して {inviter} さんにお問い合わせください。} contact {お心当たりと異なる場合は、{organization} にお問い合わせください: {contact}} other {お心当たりと異なる場合は、{organization} の担当者にお問い合わせください。}}',

  'extend.heading': '{guest} さんのアクセスを延長しますか？',
  'extend.lead': 'あなたは {organization} のこのゲストの責任者です。延長しない限り、アクセスは自動的に終了します。',
  'extend.guest': 'ゲスト',
  'extend.ends': '現在の期限',
  'extend.until': '延長後の期限',
  'extend.check': 'まず、ご本人であることを確認するため、メールアドレスにコードを送信します。',
  'extend.button': 'アクセスを延長',
  'extend.none': '{organization} では責任者がこれ以上延長することはできません。管理者にお問い合わせください。',
  'extended.heading': '{guest} さんのアクセスを延長しました',
  'extended.lead': '新しい期限は {date} です。このページを閉じてかまいません。',

  'error.link.heading': 'このリンクは使えません',
  'error.link.lead': 'リンクが途中で切れているか、途中で変更されたか、または招待がすでに存在しません。',
  'error.link.help':
    '招待メールのリンクをもう一度開いてください。メールソフトがリンクを途中で改行している場合は、アドレス全体をブラウザーにコピーしてください。',
  'error.link.ask': 'それでも開けない場合は、招待した方に新しい招待をご依頼ください。',
  'error.missing.heading': 'このアドレスのページはありません',
  'error.missing.lead': 'アドレスに入力間違いがあるか、ページが移動した可能性があります。',
  'error.missing.help':
    'アドレスをご確認ください。招待から来られた場合は、招待メールのリンクをもう一度開いてください。',
  'error.stale.heading': 'このフォームは最新ではありません',
  'error.stale.lead':
    'ページを開いた後にサインインやサインアウトをしたか、ブラウザーが Cookie を拒否している可能性があります。何も変更されていません。',
  'error.stale.help': 'ページを開き直して、最後の操作をもう一度行ってください。',
  'error.stale.help-link': '<a>ページを開き直して</a>、最後の操作をもう一度行ってください。',
  'error.fault.heading': 'こちら側で問題が発生しました',
  'error.fault.lead': '問題は記録されました。最後の操作は完了していない可能性があります。',
  'error.fault.help': '1 分ほど待ってから、もう一度お試しください。',
  'error.fault.help-link': '1 分ほど待ってから、<a>もう一度お試しください</a>。',
  'error.reference': 'お問い合わせの際は {reference} をお知らせください。',

  'block.heading': '{organization} からの招待をブロックしますか？',
  'block.lead':
    'ブロックすると、{organization} から {address} への招待は送信されなくなります。すでにお持ちのアクセスは変わりません。',
  'block.confirm': 'はい、このアドレスへの {organization} からの招待を停止します',
  'block.confirm-missing':
    '先にチェックを入れてください。リンクを確認するだけのプログラムが、代わりにブロックするのを防ぐためです。',
  'block.button': '招待をブロック',
  'block.undo': '<a>ブロック中の組織</a>からいつでも元に戻せます。',
  'block-done.heading': '{organization} からの招待をブロックしました',
  'block-done.lead': '{organization} から {address} への招待は送信されません。すでにお持ちのアクセスは変わりません。',
  'block-done.undo': 'ブロックの確認と解除',

  'blocks.heading': 'ブロック中の組織',
  'blocks.email.lead':
    '招待の送信をブロックしている組織を確認し、解除できます。まず、メールボックスがご本人のものであることを確認します。',
  'blocks.email.label': 'メールアドレス',
  'blocks.email.send': 'コードを送信',
  'blocks.email.malformed': '{example} のような完全なメールアドレスを入力してください。',
  'blocks.lead': '次の組織から {address} への招待は送信されません。',
  'blocks.since': '{date} にブロック',
  'blocks.unblock': '<hide>{organization} の</hide>ブロックを解除',
  'blocks.none': 'ブロック中の組織はありません。',
  'blocks.none.lead': 'このサービスを利用するすべての組織が {address} に招待を送信できます。',
  'blocks.unblocked': '{organization} からの招待が再び届くようになりました。',

  'start.check.home': 'まず {home} でサインインします。まだ何も承諾されません。',
  'start.check.choose': 'まず、このアドレスがご本人のものであることを確認します。まだ何も承諾されません。',
  'start.return.check.home': '{home} でサインインします。その後すぐに先へ進みます。',
  'start.return.check.choose': 'まず、ご本人であることを確認します。その後すぐに先へ進みます。',
  'start.continue': '{home} で続ける',
  'start.choose': 'サインイン方法を選ぶ',
  'choose.heading': 'どの方法でサインインしますか?',
  'choose.lead': '{address} がご本人のものであることを示す方法が複数あります。次回も同じ方法を使います。',
  'choose.organization': '{home} の職場アカウント',
  'choose.microsoft': 'Microsoft アカウント',
  'choose.google': 'Google アカウント',
  'choose.code': 'メールで届くコード',
  'choose.unsure': '迷ったら、仕事で使っているものを選んでください。{organization} が後から変更できます。',
  'wrong-account.next.home': 'ここからサインアウトし、{home} へ移動します。',
  'wrong-account.next.choose': 'ここからサインアウトします。その後、サインイン方法を選びます。',
  'blocked.noWay.heading': '現在、{organization} へのサインイン方法がありません',
  'blocked.noWay.lead':
    'このアドレスに合う方法は無効になっています。有効にできるのは {organization} だけです。招待はそのまま残ります。',
  'home.unreachable.heading': '{home} が応答しません',
  'home.unreachable.lead':
    '現在、サインインが停止しているか、時間がかかりすぎています。何も承諾されておらず、招待に問題はありません。',
  'home.unreachable.help': '数分待ってから、もう一度お試しください。',
  'home.cancelled.heading': '{home} でのサインインが完了していません',
  'home.cancelled.lead': '途中でやめたか、{home} が先へ進めませんでした。何も承諾されていません。',
  'home.cancelled.help': '招待されたアドレスのアカウントで、もう一度お試しください。',
  'home.clock.heading': '{home} の時刻がこちらと合っていません',
  'home.clock.lead': '応答がまだ有効でないか、期限が切れています。何も承諾されていません。',
  'home.clock.help':
    'もう一度お試しください。再び起きる場合は、時計がずれている可能性を {home} のサポートに伝えてください。',
  'home.refused.heading': '{home} の応答を使用できませんでした',
  'home.refused.lead': '確認に通らなかったため、誰のものともみなしませんでした。何も承諾されていません。',
  'home.refused.help': 'ここからもう一度お試しください。',
  'home.misconfigured.heading': '{home} でのサインインの設定が正しくありません',
  'home.misconfigured.lead': 'お客様の問題ではなく、再試行しても解決しない可能性があります。何も承諾されていません。',
  'home.misconfigured.help': '招待した方に、下の参照番号を添えてお知らせください。',
  'home.lost.heading': '{home} でのこのサインインは終了しました',
  'home.lost.lead': '時間がかかりすぎたか、応答がすでに使用されています。何も承諾されていません。',
  'home.lost.help': 'ここからもう一度始めてください。',
  'home.unverified.heading': '{home} はこのアドレスを保証していません',
  'home.unverified.lead':
    'サインインはできましたが、そのアカウントでは招待されたアドレスがご本人のものと確認できません。何も承諾されていません。',
  'home.unverified.help': '別のアカウントで試すか、先にそのアカウントでアドレスを確認してください。',
  'home.unknownThere.heading': '{home} にこのアドレスのアカウントがありません',
  'home.unknownThere.lead':
    'メールボックスはご本人のものですが、{home} のメンバーではありません。何も承諾されていません。',
  'home.unknownThere.help': '{home} の管理者にアカウントを依頼してください。',
  'home.ask':
    '{reach, select, reply {解決しない場合は、招待メールに返信して {inviter} に相談してください。} contact {解決しない場合は、{organization} に相談してください: {contact}。} other {解決しない場合は、{organization} の担当者に相談してください。}}',
  'home.again': 'もう一度試す',
  'home.another': '別の方法でサインインする',
  'home.tenant.heading': '{organization} にサインイン',
  'home.tenant.lead':
    '{asking} が {organization} に本人確認を求めています。ここで {address} でサインインすると、先へ進みます。',
  'home.tenant.continue': '{address} として続ける',
  'test.heading': '{home} との接続テスト',
  'test.known': 'サインインは成功しました。{home} が示した人はすでに登録されています。',
  'test.redeems': 'サインインは成功しました。このアドレスで招待されたゲストは承諾したことになります。',
  'test.free': 'サインインは成功しました。このアドレスで招待されたゲストは入れます。',
  'test.refused': 'サインインは成功しましたが、{home} はどのアドレスも保証していません。新しいゲストは拒否されます。',
  'test.failed': 'サインインは完了しませんでした。理由はテストを始めた画面に表示されます。',
  'test.claims': '{home} が伝えた内容',
  'test.nobody':
    'ここでは誰もサインインしていません。管理者は伝えられた内容を 1 時間確認できます。このページは閉じてかまいません。',
  'error.limited.heading': 'ここからのサインインが多すぎます',
  'error.limited.lead':
    'お使いのネットワークから完了しないサインインが続いたため、しばらく受け付けを止めています。何も変更されていません。',
  'error.limited.help': '{time} に招待メールのリンクまたは目的のアプリをもう一度開き、そこからサインインしてください。',
  'error.lost.heading': 'このサインインはここで始まったものではありません',
  'error.lost.lead':
    'このブラウザーはこの応答を待っていません。古すぎるか、使用済みか、他の方のものです。何も変更されていません。',
  'error.lost.help': '招待メールのリンクまたは目的のアプリをもう一度開き、そこからサインインしてください。',
} as const
