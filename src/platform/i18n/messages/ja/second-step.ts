export default {
  'mfa.enrol.heading': '2 段階目の確認を設定',
  'mfa.enrol.lead': '{organization} はゲストに認証アプリのコードを求めています。設定は一度だけです。',
  'mfa.enrol.open': 'スマートフォンで認証アプリを開きます。',
  'mfa.enrol.scan': 'このコードを読み取ります。',
  'mfa.enrol.type': '表示された 6 桁の数字を入力します。',
  'mfa.enrol.qr': '設定キーの QR コード',
  'mfa.enrol.cannot': '読み取れない場合、またはスマートフォンで見ている場合',
  'mfa.enrol.link': '<a>認証アプリを開く</a>か、アプリに次のキーを入力してください。',
  'mfa.enrol.account': 'アカウント: {organization} ({address})。種類: 時間ベース、6 桁。',
  'mfa.enrol.label': 'アプリの 6 桁のコード',
  'mfa.enrol.button': '有効にする',
  'mfa.enrol.wrong':
    'アプリに現在表示されているコードと一致しません。スマートフォンの時刻を確認し、次のコードを入力してください。',

  'mfa.app.heading': 'アプリのコードを入力',
  'mfa.app.lead': '認証アプリを開き、{organization} ({address}) を探してください。',
  'mfa.app.label': '6 桁のコード',
  'mfa.app.wrong': 'コードが正しくないか、すでに使われています。次のコードを待って入力してください。',
  'mfa.app.malformed': 'アプリのコードは 6 桁です。確認して、もう一度入力してください。',

  'mfa.recovery.heading': '回復コードを入力',
  'mfa.recovery.lead': '2 段階目の確認を設定したときに受け取ったコードです。それぞれ 1 回だけ使えます。',
  'mfa.recovery.label': '回復コード',
  'mfa.recovery.wrong': '回復コードと一致しないか、すでに使われています。',
  'mfa.recovery.malformed': '回復コードは {example} のような 10 文字の英数字です。確認して、もう一度入力してください。',

  'mfa.keep.heading': '回復コードを保管してください',
  'mfa.keep.lead': 'スマートフォンをなくしたとき、各コードで 1 回ずつサインインできます。表示されるのは今だけです。',
  'mfa.keep.how': 'このページを印刷するか、自分だけが分かる場所に書き留めてください。',
  'mfa.keep.button': '保管しました',

  'mfa.passkey.enrol.heading': 'パスキーを設定',
  'mfa.passkey.enrol.lead':
    '{organization} はゲストに 2 段階目の確認を求めています。パスキーは端末に保管され、端末のロック解除と同じ方法で使います。',
  'mfa.passkey.enrol.button': 'パスキーを作成',
  'mfa.passkey.heading': 'パスキーを使用',
  'mfa.passkey.lead': '端末で本人確認を求められます。',
  'mfa.passkey.button': 'パスキーを使う',
  'mfa.passkey.unsupported':
    'このブラウザーではパスキーを使えないか、スクリプトが無効です。下の別の方法を選んでください。',
  'mfa.passkey.wrong': 'パスキーを確認できませんでした。もう一度試すか、別の方法を選んでください。',

  'mfa.phone.enrol.heading': 'SMS でコードを受け取る',
  'mfa.phone.enrol.lead': '{organization} はゲストに 2 段階目の確認を求めています。電話番号にコードをお送りします。',
  'mfa.phone.label': '国番号付きの電話番号',
  'mfa.phone.malformed': '{example} のように、国番号から番号全体を入力してください。',
  'mfa.phone.far': 'この国の番号には SMS を送信していません。別の番号を入力するか、別の方法を選んでください。',
  'mfa.phone.button': 'コードを送信',

  'mfa.send.heading': '本人確認',
  'mfa.send.mail': '{organization} はゲストに 2 段階目の確認を求めています。メールボックスにコードをお送りします。',
  'mfa.send.phone': '{organization} はゲストに 2 段階目の確認を求めています。電話番号にコードをお送りします。',
  'mfa.send.button': '{address} にコードを送信',

  'mfa.text':
    '{code} は {organization} のコードです。有効時間は {minutes} 分です。担当者がコードをお尋ねすることはありません。',
  'mfa.sent.wrong': '最後にお送りしたコードと一致しません。',
  'mfa.sent.malformed': 'お送りしたコードは 6 桁です。確認して、もう一度入力してください。',
  'mfa.sent.no-text':
    '1 分たってもメッセージが届かない場合は、新しいコードを送信してください。前のコードは使えなくなります。',
  'mfa.sent.newest': '最後にお送りしたコードはまだ使えます。',
  'mfa.phone.other': '別の番号を使う',
  'mfa.limit.person': '{count, plural, other {お一人に送るコードは 1 日 # 件までです。}}',
  'mfa.limit.organization': 'この組織からの SMS は、本日はこれ以上送信できません。別の方法が使える場合があります。',

  'mfa.own.lead': '組織が 2 段階目の確認を求めるとき、本人であることの確認に使います。',
  'mfa.own.back': 'マイアカウントに戻る',

  'mfa.other.heading': '別の方法',
  'mfa.other.softwareOath': '認証アプリを使う',
  'mfa.other.fido2': 'パスキーを使う',
  'mfa.other.phone': 'SMS でコードを受け取る',
  'mfa.other.email': 'メールでコードを受け取る',
  'mfa.other.recoveryCode': '回復コードを使う',

  'mfa.lost.heading': 'スマートフォンをなくした、または替えた場合',
  'mfa.lost.reset':
    '{reach, select, contact {2 段階目の確認をリセットできるのは {organization} だけです。連絡先: {contact}。リセット後にもう一度設定します。} other {2 段階目の確認をリセットできるのは {organization} だけです。先方の担当者にお問い合わせください。リセット後にもう一度設定します。}}',

  'home.reference': 'お問い合わせの際は {reference} をお知らせください。このサインインを確認できます。',

  'mfa.limited.heading': '誤ったコードが続いています',
  'mfa.limited.lead': 'アカウントを守るため、しばらくの間コードを確認しません。',
  'mfa.limited.again': '{time} 以降にもう一度お試しください。',
  'mfa.tries': '{tries, plural, other {あと # 回}}入力できます。',
} as const
