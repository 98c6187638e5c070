### English. Short, friendly, exact.
### Only <b>, <i>, <code>. The attribute .noun names the thing that is copied, for letters.

## The language: its own name; how it writes times and money (CLDR patterns)

language-name = 🇬🇧 English
time-format = HH:mm, d MMM yyyy
money-format = #,##0{"\u00A0"}¤

## Durations

duration-days = { $days ->
    [one] { $days } day
   *[other] { $days } days
}
duration-lifetime = Lifetime

## The QR card

card-title = Scan this VietQR to pay
card-amount = Amount
card-memo = Transfer message
card-keep = Please keep this message exactly as it is
card-bank = Bank
card-account = Account number
card-holder = Account holder
card-deadline = Pay before { $deadline }

## The letter around an e-mail

email-subject = A message from { $shop }
email-footer = { $shop } sent you this letter automatically. If you have not bought anything there, you can safely ignore it.

## Common buttons

back = ‹ Back
help = ❓ Help
my-orders = 🧾 My orders
paid = ✅ I have paid
cancel = ✖️ Cancel order
language = 🌐 Language
skip = Skip ›
copy-account = 📋 Copy account number
    .noun = Account number
copy-amount = 📋 Copy amount
    .noun = Amount
copy-memo = 📋 Copy message
    .noun = Transfer message
copy-key = 📋 Copy licence key
    .noun = Licence key

## Talk: looking around

welcome = Welcome to <b>{ $shop }</b> 👋
choose-plan = Choose a plan below. Pay by VietQR and receive it the moment your money arrives.
shelf-empty = Nothing is for sale right now. Please come back later.
plan-button = { $product } · { $plan } · { $price }
plan-card =
    <b>{ $product }</b>
    Plan: { $plan }
    Duration: { $days ->
        [0] lifetime
        [1] 1 day
       *[other] { $days } days
    }
    Price: <b>{ $price }</b>
plan-description = { $text }
plans = 🛍 Plans
buy = 🛒 Buy now
language-choice = { $name }
choose-language = Which language would you like?
help-page =
    <b>{ $shop }</b> sells by itself:
    1. Choose a plan (/start)
    2. Scan the VietQR with your banking app; keep the amount and the memo as they are
    3. Receive your purchase here and by e-mail

    /myorders – your purchases, once more
    /language – change the language
    /cancel – stop, or cancel the waiting order
not-understood = I did not understand that. Please use one of the buttons below.
dead-button = This button no longer works. Please choose again below.
toast-dead-button = This button has expired

## Talk: buying

ask-email = Please send the e-mail address for <b>{ $product }</b> and the receipt.
ask-email-optional = Please send an e-mail address to get <b>{ $product }</b> and the receipt by mail as well, or press Skip.
email-wrong = This e-mail address does not look right. Please check it and send it again, for example: name@gmail.com
use-email = ✉️ Use { $address }
order-still-open = Your order <b>{ $code }</b> is still waiting for payment; here is its QR code.
another-order-open = Your order <b>{ $code }</b> ({ $product } · { $plan }) is waiting for payment. Pay that one, or cancel it and buy the new plan?
pay-that = 💳 Pay { $code }
swap = 🔁 Cancel it, buy { $plan }
shop-cannot-take-money = The shop cannot take payments yet. Please come back later.
order-too-many = You have made too many orders today. Please try again tomorrow.
cancel-sure = Cancel order <b>{ $code }</b>? If you have already transferred the money, do not cancel; just wait a moment.
cancel-yes = ✖️ Cancel it
cancel-no = ‹ Keep it
order-cancelled = Order <b>{ $code }</b> is cancelled.
cancelled-talk = Stopped. You can choose again at any time.
nothing-to-cancel = There is nothing to cancel.
toast-waiting = Waiting for the bank to report your money
waiting-for-bank =
    Thank you. The shop is waiting for the bank to report the money for order <b>{ $code }</b> ({ $amount }).
    This takes seconds to a few minutes; your purchase then arrives here by itself, nothing else to do.

## Talk: what was bought

orders-page = Your latest orders. Press one to see it or to receive it again:
no-orders = You have no orders yet.
order-button-open = ⏳ { $code } · { $product } · { $amount }
order-button-paid = ✅ { $code } · { $product } · { $amount }
order-button-expired = ⌛ { $code } · { $product } · { $amount }
order-button-cancelled = ✖️ { $code } · { $product } · { $amount }
order-is-expired = The time to pay order <b>{ $code }</b> is over. If you have transferred already: money that arrives before { $watch } is still delivered by itself.
order-is-cancelled = Order <b>{ $code }</b> is cancelled. If you have transferred already: money that arrives before { $watch } is still delivered by itself.
order-is-over = Order <b>{ $code }</b> is closed. Money sent for it now is no longer delivered by itself.
part-is-held = The shop holds <b>{ $came }</b> that you have paid for order { $code }. It is still yours.
order-expired = The time to pay order <b>{ $code }</b> is over. If you have transferred already, do not worry: money that arrives before { $watch } is still delivered by itself.
part-is-kept = The { $came } you have paid stays with this order. Pay the missing { $missing } before that time and it is still delivered; otherwise please write to the shop.
buy-again = 🔁 Buy again
see-order = 📦 See the order

## The QR card in the chat

card-caption =
    Order <b>{ $code }</b>
    Scan with your banking app, or transfer exactly:
    • Amount: <b>{ $amount }</b>
    • Memo: <code>{ $code }</code>
    • Account holder: { $holder }
    Pay before: <b>{ $until }</b>
card-paid = ✅ Paid – order <b>{ $code }</b>
card-cancelled = ✖️ Cancelled – order <b>{ $code }</b>. Please do not pay this code any more.
card-expired = ⌛ Expired – order <b>{ $code }</b>. Please do not pay this code any more.
card-moved = The QR code of order <b>{ $code }</b> has been sent again further down.
card-replaced = Part of the money for order <b>{ $code }</b> has arrived. Please use the new QR code below.

## Money has arrived

payment-received = ✅ Payment received: <b>{ $amount }</b> for order <b>{ $code }</b>. Thank you! Your purchase is on its way…
money-short = { $came } has arrived for order <b>{ $code }</b>; <b>{ $missing }</b> is still missing. Pay the rest with the QR code below and your purchase comes at once.
money-over = You paid <b>{ $amount }</b> too much for order { $code }. It is kept for you; the shop will return it or take it off your next order.
money-second = Another <b>{ $amount }</b> has arrived for order <b>{ $code }</b>, which was already paid. Your money is recorded; the shop knows and will get in touch.
money-late = <b>{ $amount }</b> for order <b>{ $code }</b> came too late to be delivered by itself. Your money is recorded; the shop knows and will get in touch.
money-wrong_currency = <b>{ $amount }</b> for order <b>{ $code }</b> came in the wrong currency. Your money is recorded; the shop knows and will get in touch.

## Handing over

goods-title = 🎁 Your purchase, order <b>{ $code }</b>
goods-licence = <b>{ $product }</b> · { $plan }
goods-course = <b>{ $product }</b> · { $plan }
goods-key = Licence key: <code>{ $key }</code>
goods-link = 🔗 { $title }: { $url }
goods-expires = Expires: <b>{ $at }</b>
goods-lifetime = Duration: <b>lifetime</b>
goods-activation = How to activate: { $how }
goods-download = Download: { $url }
download = ⬇️ Download
open-link = 🔗 { $title }

## The letter

letter-subject = { $shop }: your purchase, order { $code }
letter-greeting = Thank you for buying at <b>{ $shop }</b>. Here is your purchase:
receipt-title = <b>Receipt</b> – order { $code }, paid { $at }
receipt-line = { $product } · { $plan }: { $price }
receipt-total = Total: <b>{ $total }</b>

## For the seller

admin-unmatched = ⚠️ Money nobody can place: <b>{ $amount }</b>, memo "{ $memo }" ({ $source } { $ref }{ $code }). A person must look.
admin-ambiguous = ⚠️ The memo names several open orders: <b>{ $amount }</b>, memo "{ $memo }" ({ $source } { $ref }{ $code }). A person must look.
admin-wrong_currency = ⚠️ Wrong currency: <b>{ $amount }</b> for order <b>{ $code }</b>, memo "{ $memo }" ({ $source } { $ref }).
admin-over = ⚠️ Order <b>{ $code }</b> was paid too much: <b>{ $amount }</b> came, memo "{ $memo }" ({ $source } { $ref }). The surplus is kept as the buyer's credit; please contact the buyer.
admin-part-held = ⚠️ Order <b>{ $code }</b> is closed, but <b>{ $came }</b> paid in part is still held. Please contact the buyer.
admin-second = ⚠️ Order <b>{ $code }</b> was already paid and got another <b>{ $amount }</b>, memo "{ $memo }" ({ $source } { $ref }). Please contact the buyer.
admin-late = ⚠️ Money too late for order <b>{ $code }</b>: <b>{ $amount }</b>, memo "{ $memo }" ({ $source } { $ref }). Please contact the buyer.
admin-undeliverable = ⚠️ The goods of order <b>{ $code }</b> could not be delivered by { $channel }.
admin-mail-missing = ⚠️ E-mail is not configured (SMTP_URL, MAIL_FROM). Letters with goods are waiting in the queue.

## The bot's commands

command-start = See the plans
command-myorders = Your purchases
command-language = Change the language
command-help = Help
command-cancel = Cancel

## The sandbox: the page to try the shop on your own machine

sandbox-title = Chốt Đơn · Toy street
sandbox-tagline = Buy a licence key right here in the browser
sandbox-harmless = Toy money, toy mail, on this machine only
sandbox-language = Language of the page
sandbox-tab-phone = Phone
sandbox-tab-bank = Bank
sandbox-tab-mail = Mailbox
sandbox-tab-street = Clock
sandbox-offline = The shop does not answer
sandbox-buyer = Buyer
sandbox-seller = Seller
sandbox-bot = bot
sandbox-typing = typing…
sandbox-write = Message
sandbox-send = Send
sandbox-commands = The bot’s commands
sandbox-start = START
sandbox-copied = Copied:
sandbox-close = Close
sandbox-edited = edited
sandbox-chat-empty = No messages yet. Press START to enter the shop.
sandbox-unblock = UNBLOCK THE BOT
sandbox-blocked = you have blocked the bot
sandbox-phone-language = Language of the phone
sandbox-photo = Picture sent by the bot
sandbox-scan-this = Scan with the bank’s app
sandbox-bank = Toy Street Bank
sandbox-bank-scan = Scan the QR code
sandbox-bank-scan-hint = Reads the latest picture on the buyer’s phone
sandbox-bank-again = Cancel, scan another code
sandbox-bank-to = Transfer to
sandbox-bank-account = Account number
sandbox-bank-amount = Amount
sandbox-bank-memo = Memo
sandbox-bank-pay = Pay
sandbox-bank-paying = Paying…
sandbox-bank-fault = What happens on the way?
sandbox-bank-history = Transfers
sandbox-bank-history-empty = Nothing has been paid yet.
sandbox-bank-unknown-holder = Holder unknown
sandbox-fault-none = Everything goes well
sandbox-fault-twice = The notice comes twice
sandbox-fault-late = The notice is 45 minutes late
sandbox-fault-too_late = The notice is 49 hours late
sandbox-fault-short = Too little is paid
sandbox-fault-over = Too much is paid
sandbox-fault-garbled = Banks garble the memo
sandbox-fault-memo_lost = The memo is lost
sandbox-fault-wrong_account = It goes to another account
sandbox-fault-forged = The signature is forged
sandbox-fault-lost = The notice is lost
sandbox-answer-ok = taken
sandbox-answer-refused = refused
sandbox-answer-trouble = trouble, comes again
sandbox-answer-silent = nobody answered
sandbox-answer-waiting = still to come
sandbox-answer-never = never sent
sandbox-mail = Mailbox
sandbox-mail-empty = No letters yet. Receipts and keys arrive here.
sandbox-mail-down = The mail server is down: letters have to wait.
sandbox-mail-back = All letters
sandbox-mail-to = To
sandbox-mail-from = From
sandbox-clock = The street’s clock
sandbox-clock-minute = +1 min
sandbox-clock-half-hour = +30 min
sandbox-clock-day = +24 h
sandbox-faults = Make things go wrong
sandbox-switch-chat-down = Telegram is down
sandbox-switch-limit = Error 429, once
sandbox-switch-mail-down = Mail server is down
sandbox-switch-block = Buyer blocks the bot
sandbox-error-text = A message has 1 to 4096 characters.
sandbox-error-button = This button is no longer there.
sandbox-error-blocked = This phone has blocked the bot.
sandbox-error-account = An account number is letters and digits, 19 at most.
sandbox-error-amount = The amount must be above 0 and have at most 13 digits.
sandbox-error-memo = A memo has at most 150 characters.
sandbox-error-request = This cannot be asked for.
sandbox-error-clock = The clock cannot go that far.
sandbox-error-no-picture = There is no picture on the phone yet. Order something first.
sandbox-error-no-qr = No VietQR code could be read in the picture.
sandbox-error-network = The shop could not be reached.

## The seller's command line

just-amount = { $amount }
start-sandbox = The sandbox is open: { $url } (no real money, this machine only). Press Ctrl+C to stop.
start-open = The shop is open at { $url }. Public address: { $public }.
start-no-telegram = No TELEGRAM_BOT_TOKEN: no chat is open. Get a token from @BotFather.
start-no-bank = BANK_BIN, BANK_ACCOUNT and BANK_HOLDER are not all set: buyers cannot pay yet.
start-no-casso = No CASSO_CHECKSUM_KEY: Casso's door is closed (404), money is not noticed by itself.
start-no-mail = No SMTP_URL and MAIL_FROM: letters wait in the queue until e-mail is configured.
start-no-admins = No ADMIN_CHAT_IDS (such as telegram:123456): nobody is told when money needs a person.
start-vault-key = A vault key was made: { $path }. Back it up: without it the keys you have sold cannot be opened again.
doctor-sandbox = Sandbox: no token and no gateway key is set.
doctor-played = Telegram, bank, Casso and e-mail are played by the sandbox.
doctor-real = A real shop.
doctor-database = Database: opens, newest schema, right vault key.
doctor-queues = Queues: { $waiting } waiting.
doctor-buried = { $dead } jobs were given up after many tries. Look at them with show, or in /metrics.
doctor-telegram = Telegram: a token is set.
doctor-bank = Bank account: set.
doctor-casso = Casso: a key is set, its door is open.
doctor-mail = E-mail: configured.
doctor-admins = Admins: somebody is told.
shop-file-fine = { $path } is fine: { $products } products, { $plans } plans.
order-unknown = There is no order { $code }.
database-at-head = { $url } is at the newest schema.
database-not-migrated = The database is not there yet, or not migrated. Run: python -m app migrate
database-unreachable = The database cannot be opened: { $reason }
database-url-malformed = DATABASE_URL must be sqlite:///path or postgresql://…
shop-not-founded = The shop was never opened. Run: python -m app run
shop-prefix-fixed = code_prefix cannot change after the first start: old order codes must stay readable.
vault-key-malformed = VAULT_KEY must be 32 bytes in base64.
vault-key-wrong = VAULT_KEY is not the key this shop was founded with. Nothing was changed.
vault-key-needed = On PostgreSQL, set VAULT_KEY (32 bytes in base64) and keep it safe.
vault-key-lost = The vault key { $path } is missing. Restore it from a backup: sealed keys cannot be opened without it.
settings-wrong = These environment variables are wrong: { $wrong }
admins-malformed = ADMIN_CHAT_IDS must look like telegram:123456, separated by commas.
roles-need-postgresql = Separate web and worker processes need PostgreSQL. On SQLite use: python -m app run
port-taken = { $host }:{ $port } cannot be opened. Another program uses it; set another PORT.
already-running = Another process runs on this database already ({ $path }).
telegram-token-refused = Telegram refuses TELEGRAM_BOT_TOKEN (401). Get a new token from @BotFather.
telegram-token-malformed = TELEGRAM_BOT_TOKEN must look like 123456789:AAE…, as @BotFather gives it.
mail-from-malformed = MAIL_FROM must be an address, with or without a name: My Shop &lt;shop@example.com&gt;
smtp-url-malformed = SMTP_URL is not a URL: write smtp+starttls://user:password@host:port, percent-encoded.
smtp-url-tail = SMTP_URL has something after the port: percent-encode / ? # in the password.
smtp-url-half-login = SMTP_URL has a user without a password, or a password without a user.
smtp-url-scheme = SMTP_URL must begin with one of: { $known }

## Mistakes in the shop file

mistake-at = Line { $line }, { $place }:{" "}
mistake-line = Line { $line }:{" "}
mistake-no-file = there is no file { $path }.
mistake-not-utf8 = the file { $path } is not UTF-8.
mistake-toml = this is not TOML: { $detail }
mistake-missing = "{ $field }" is missing.
mistake-unknown = "{ $field }" is unknown; perhaps a typing mistake.
mistake-text = "{ $field }" must be text in quotes.
mistake-number = "{ $field }" must be a whole number, without quotes or fractions.
mistake-pattern = "{ $field }" has the wrong form (a slug has a-z, 0-9 and -; an address begins with https://).
mistake-too-long = "{ $field }" is too long (at most { $bound } characters).
mistake-empty = "{ $field }" must not be empty.
mistake-none = at least one "{ $field }" is needed.
mistake-too-small = "{ $field }" is too small (it must be more than { $bound }).
mistake-too-big = "{ $field }" is too big (at most { $bound }).
mistake-choice = "{ $field }" must be one of: { $bound }.
mistake-zone = "{ $field }" is no time zone, such as Asia/Ho_Chi_Minh.
mistake-prefix = "{ $field }" must be two letters of CFHJKLMNPQRTVX: keyboards or eyes change the others.
mistake-other = "{ $field }" is not valid.
mistake-slug-twice = the slug "{ $slug }" is used twice.
mistake-course-without-link = the course "{ $name }" has no [[product.link]].
mistake-licence-with-link = "{ $name }" is a licence and has no [[product.link]]; use download_url.
