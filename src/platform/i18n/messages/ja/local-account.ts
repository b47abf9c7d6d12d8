export default {
  'local.intro.heading': '{organization} のアカウントを作成',
  'local.intro.lead':
    'ここではあなたのアドレスを証明するものがほかにないため、専用のアカウントを作成します。1 分で終わります。',
  'local.intro.proof':
    'まず {address} にコードを送り、メールボックスがあなたのものであることを一度だけ確認します。次回からコードなしでサインインできます。',
  'local.sign-in.heading': '{organization} にサインイン',
  'local.sign-in.lead': '{address} のアカウントでサインインします。',
  'local.password': 'パスワード',
  'local.sign-in.button': 'サインイン',
  'local.passkey.use': 'パスキーを使う',
  'local.wrong':
    'このパスワードとアドレスの組み合わせは正しくありません。パスワードを確認するか、下で新しいパスワードを設定してください。',
  'local.passkey.wrong': 'パスキーを確認できませんでした。もう一度試すか、別の方法を選んでください。',
  'local.reset.heading': 'パスワードがない、または忘れた場合',
  'local.reset.lead':
    'メールボックスがあなたのものであることをコードで確認します。その後、新しいパスワードを設定します。お持ちのパスキーはそのままです。',
  'local.choose.heading': 'サインインの方法を選ぶ',
  'local.choose.lead': 'メールボックスを確認しました。今後はここで選んだ方法で {organization} にサインインします。',
  'local.choose.anew':
    'メールボックスを確認しました。新しいパスワードを設定すると、以前のパスワードによるサインインはすべて終了します。',
  'local.passkey.lead':
    'パスキーを使うこともできます。パスキーはデバイスに保存され、画面ロックと同じ方法で解除します。覚えるものはありません。',
  'local.passkey.create': 'パスキーを作成',
  'local.password.new': '新しいパスワード',
  'local.password.again': '新しいパスワード (もう一度)',
  'local.password.checked':
    '{shortest, plural, other {# 文字以上}}で、文字の種類は自由です。漏えいしたパスワードの一覧と照合しますが、そのためにパスワードがこのサービスの外に出ることはありません。',
  'local.password.unchecked':
    '{shortest, plural, other {# 文字以上}}で、文字の種類は自由です。いくつかの単語を並べると覚えやすくなります。',
  'local.password.button': 'パスワードを保存',
  'local.fault.short': 'このパスワードは短すぎます。{shortest, plural, other {# 文字以上}}にしてください。',
  'local.fault.long': 'このパスワードは長すぎます。{longest, plural, other {# 文字以下}}にしてください。',
  'local.fault.leaked':
    'このパスワードは過去に漏えいしたため、攻撃者が最初に試します。ほかで使っていないものを選んでください。',
  'local.fault.guessable':
    'このパスワードは推測されやすいものです。あなたのアドレス、{organization}、または少数の文字の並びでできています。別のものを選んでください。',
  'local.fault.differs': '2 つのパスワードが一致しません。同じものを 2 回入力してください。',
  'local.limited.heading': 'パスワードの誤りが多すぎます',
  'local.limited.lead':
    'アカウントを守るため、このアドレスまたはお使いのネットワークからのパスワードの確認をしばらく停止します。',
  'local.other': '別のアドレスを使う',
  'start.lead.local':
    'ゲストとして {destination} を開くことができます。{organization} のアカウントでサインインします。',
  'start.check.local': 'アカウントがまだない場合は、次のページで作成します。まだ何も承諾されていません。',
  'start.return.check.local': 'アカウントでサインインすると、そのまま先へ進みます。',
  'start.local': '続行',
  'wrong-account.next.local': 'ここでサインアウトします。その後、招待されたアドレスのアカウントでサインインします。',
  'choose.local': '{organization} のアカウント',
} as const
