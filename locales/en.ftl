### English. Short, friendly, exact.
### Only <b>, <i>, <code>. The attribute .noun names the thing that is copied, for letters.

## The language: its own name; how it writes times and money (CLDR patterns)

language-name = 🇬🇧 English
time-format = HH:mm, d MMM yyyy
money-format = #,##0{"\u00A0"}¤
    .USD = ¤#,##0

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
card-title-khqr = Scan this KHQR to pay
card-memo-khqr = Order code
card-keep-khqr = It is inside the QR code: no need to type it
card-bank-khqr = Network
card-account-khqr = Bakong account
card-holder-khqr = Receiver

## The letter around an e-mail

email-subject = A message from { $shop }
email-footer = { $shop } sent you this letter automatically. If you have not bought anything there, you can safely ignore it.

## Common buttons

back = ‹ Back
help = ❓ Help
my-orders = 🧾 My orders
my-credit = 💰 My credit
paid = ✅ I have paid
cancel = ✖️ Cancel order
language = 🌐 Language
skip = Skip ›
copy-account = 📋 Copy account number
    .noun = Account number
copy-amount = 📋 Copy amount
    .noun = Amount
copy-memo = 📋 Copy memo
    .noun = Transfer message
copy-key = 📋 Copy licence key
    .noun = Licence key

## Talk: looking around

welcome = Welcome to <b>{ $shop }</b> 👋
choose-plan = Choose a plan below. You receive it the moment your money arrives.
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
plan-or = • or <b>{ $price }</b>
plan-description = { $text }
plans = 🛍 Plans
buy = 🛒 Buy now
language-choice = { $name }
choose-language = Which language would you like?
help-page =
    <b>{ $shop }</b> sells by itself:
    1. Choose a plan (/start)
    2. Pay as it is shown; in a bank transfer, keep the amount and the memo as they are
    3. Receive your purchase here, and by e-mail if you have given an address

    /myorders – your purchases, once more
    /credit – your credit
    /language – change the language
    /cancel – stop, or cancel the waiting order
    /claim – you have transferred, and nothing has arrived
    /paysupport – help with payments
    /terms – terms of sale
contact-line = 💬 Need a person? Write to: { $contact }
pay-support =
    <b>{ $shop }</b> – help with payments
    • Paid, and nothing came: send /myorders and choose the order to see it and to get your goods again.
    • For a refund, or when too much was taken: please write to the shop and name the order's code.
    Telegram's own support does not handle what is bought here; the shop does.
own-terms = { $terms }
usual-terms =
    <b>{ $shop }</b> – terms of sale
    • Digital goods are delivered here, and by e-mail if you have given an address, as soon as the money is there.
    • Licence keys and courses are for the buyer alone, and for the time that the plan names.
    • When all the money of an order is given back, its goods are no longer valid.
    • The shop keeps what it needs to deliver, and to account for money: your name and chat id, the e-mail you gave, your orders, what the bank or payment gateway tells of your payments (such as the payer's name and account), and the account a refund goes to.
    • Something is wrong with a payment? Send /paysupport.
not-understood = I did not understand that. Please use one of the buttons below.
dead-button = This button no longer works. Please choose again below.
toast-dead-button = This button has expired

## Talk: buying

ask-email = Please send the e-mail address for <b>{ $product }</b> and the receipt.
ask-email-optional = Please send an e-mail address to get <b>{ $product }</b> and the receipt by mail as well, or press Skip.
email-wrong = This e-mail address does not look right. Please check it and send it again, for example: name@gmail.com
use-email = ✉️ Use { $address }
order-still-open = Your order <b>{ $code }</b> is still waiting for payment; this is how to pay it.
another-order-open = Your order <b>{ $code }</b> ({ $product } · { $plan }) is waiting for payment. Pay that one, or cancel it and buy the new plan?
pay-that = 💳 Pay { $code }
swap = 🔁 Cancel it, buy { $plan }
buy-also = ➕ Buy { $plan } as well
cancel-that = ✖️ Cancel { $code }
order-too-many-open = You have { $count } orders waiting for payment, as many as are allowed at a time. Pay or cancel one of them, then order again. See them: /myorders
order-too-large = This amount is more than one instant bank transfer carries, so the shop cannot take the order.
shop-has-too-many-orders = Too many people are ordering right now. Please try again in a few minutes.
shop-cannot-take-money = The shop cannot take payments yet. Please come back later.
order-too-many-this-hour = You have made too many orders in the last hour. Please try again in a while.
order-too-many = You have made too many orders today. Please try again tomorrow.
choose-way = How would you like to pay for <b>{ $product }</b> · { $plan }?
choose-way-again = How would you like to pay for order <b>{ $code }</b>?
way-bank = 🏦 Bank transfer · { $price }
way-credit = 💰 Use my credit · { $price }
way-bank-named = 🏦 { $bank } · { $price }
way-vnpay = 💳 VNPay (card, QR, wallet) · { $price }
way-sepay-pg = 🧾 SePay checkout · { $price }
way-bakong-usd = 🇰🇭 KHQR (Bakong) · { $price }
way-bakong-khr = 🇰🇭 KHQR (Bakong) · { $price }
way-stars = ⭐ Telegram Stars · { $price }
way-other = 💳 { $gateway } · { $price }
way-chosen = Order <b>{ $code }</b>: please pay with what is sent below.
toast-way-gone = This way to pay is no longer there
cancel-sure = Cancel order <b>{ $code }</b>? If you have already paid, do not cancel; just wait a moment.
cancel-yes = ✖️ Cancel it
cancel-no = ‹ Keep it
order-cancelled = Order <b>{ $code }</b> is cancelled.
cancelled-talk = Stopped. You can choose again at any time.
nothing-to-cancel = There is nothing to cancel.
toast-waiting = Looking for your money
waiting-for-bank =
    Thank you. The shop is checking right now whether the money for order <b>{ $code }</b> ({ $amount }) has arrived.
    That usually takes seconds to a few minutes; your purchase then arrives here by itself, nothing else to do.
payment-held = The payment gateway has not finished with your payment of { $amount } for order <b>{ $code }</b>. You will hear of the result here; please do not pay again until then.

## Talk: what was bought

orders-page = Your orders, the newest first. Press one to see it or to receive it again:
older-orders = Older orders ›
no-orders = You have no orders yet.
order-button-open = ⏳ { $code } · { $product } · { $plan } · { $amount }
order-button-paid = ✅ { $code } · { $product } · { $plan } · { $amount }
order-button-expired = ⌛ { $code } · { $product } · { $plan } · { $amount }
order-button-cancelled = ✖️ { $code } · { $product } · { $plan } · { $amount }
order-is-expired = The time to pay order <b>{ $code }</b> is over. If you have paid already: money that arrives before { $watch } is still delivered by itself.
order-is-cancelled = Order <b>{ $code }</b> is cancelled. If you have paid already: money that arrives before { $watch } is still delivered by itself.
order-is-over = Order <b>{ $code }</b> is closed. Please do not pay for it any more; if you still want it, press Buy again.
part-is-held = The shop holds <b>{ $came }</b> of yours on order { $code }. It is still yours.
order-expired = The time to pay order <b>{ $code }</b> is over. If you have paid already, do not worry: money that arrives before { $watch } is still delivered by itself.
part-is-kept = The { $came } already there stays with this order. Pay the missing { $missing } before that time and it is still delivered; otherwise that money is still yours.
order-reminder = ⏳ Order <b>{ $code }</b> can be paid for another { $left }. Still missing: <b>{ $missing }</b>.
order-placed = Order <b>{ $code }</b> is placed.
buy-again = 🔁 Buy again
see-order = 📦 See the order

## The QR card in the chat

card-caption =
    Order <b>{ $code }</b>
    Scan with your banking app, or transfer exactly:
    • Amount: <b>{ $amount }</b>
    • Memo: <code>{ $memo }</code>
    • Bank: { $bank }
    • Account number: <code>{ $account }</code>
    • Account holder: { $holder }
    Pay before: <b>{ $until }</b>
card-caption-khqr =
    Order <b>{ $code }</b>
    Scan the KHQR with Bakong or any Cambodian bank's app:
    • Amount: <b>{ $amount }</b>
    • Receiver: { $holder }
    • Bakong account: <code>{ $account }</code>
    • Order code, already inside the QR code: <code>{ $memo }</code>
    Pay before: <b>{ $until }</b>
card-paid = ✅ Paid – order <b>{ $code }</b>
card-cancelled = ✖️ Cancelled – order <b>{ $code }</b>. Please do not pay by this message any more.
card-expired = ⌛ Expired – order <b>{ $code }</b>. Please do not pay by this message any more.
card-moved = How to pay order <b>{ $code }</b> has been sent again further down.
open-pay-page = 🌐 Open the payment page
qr-being-made = The QR code of order <b>{ $code }</b> is being made and will be sent here as soon as it is there.
qr-is-late = The QR code of order <b>{ $code }</b> takes a little longer than usual. Please wait a moment, it will be sent here.
qr-cannot-be-made = The QR code of order <b>{ $code }</b> cannot be made just now. The shop has been told; it will be sent here as soon as it can be made.
card-replaced = Part of the money for order <b>{ $code }</b> has arrived. Please pay the rest as shown below.
card-changed = Order <b>{ $code }</b> is to be paid in another way now. Please use what stands below.
card-failed = ✖️ This payment of order <b>{ $code }</b> did not go through.
pay-on-page =
    Order <b>{ $code }</b>
    Amount: <b>{ $amount }</b>
    Press the button below to open { $gateway ->
        [vnpay] VNPay's page (card, QR, wallet)
        [sepay-pg] SePay's page
       *[other] the payment page
    }.
    Pay until: <b>{ $until }</b>
invoice-title = { $product } · { $plan }
invoice-caption = Order { $code }: { $amount }. Please pay before { $until }.
pay-invoice = ⭐ Pay { $amount }
checkout-not-yours = This invoice is not for you. Please send /start to buy in the shop.
checkout-paid-already = Order { $code } is paid already; there is nothing more to pay.
checkout-over = Order { $code } no longer waits to be paid by this invoice. Please send /myorders to see how it stands.
checkout-wrong-amount = The amount of this invoice is no longer that of order { $code }. Please send /myorders to open the order again.
checkout-try-again = The shop is busy and cannot take the payment just now. Nothing was taken from you; please try again in a few minutes.
other-way = 💳 Another way to pay
pay-again = 💳 Pay again
payment-failed = This payment of order <b>{ $code }</b> did not go through. You can still pay the order: once more, or in another way.
payment-cancelled = You cancelled the payment of order <b>{ $code }</b>. You can still pay the order, in another way, too.
way-too-often = The way to pay order <b>{ $code }</b> was changed too often. Please use what was shown last, or cancel the order and make a new one.
money-held = The payment gateway is checking { $amount } for order <b>{ $code }</b>. Once they confirm it, your goods come at once; the shop has been told, too.
money-stuck = The payment gateway has taken { $amount } for order <b>{ $code }</b>, but not passed it on to the shop: it is still sorting this payment out, or gives it back to you. If the money comes after all, your goods come at once; the shop has been told, too.
money-reversed = The payment gateway has taken back { $amount } of order <b>{ $code }</b>, so what was handed over is no longer valid.
money-taken-back = The payment gateway has taken back { $amount } of order <b>{ $code }</b>. What was handed over, if anything, stays valid.
refund-called-off = The refund of { $amount } of order <b>{ $code }</b> is off, since the payment gateway has given you the money back.
rest-is-credit = What else you had paid for order <b>{ $code }</b>, <b>{ $amount }</b>, is your credit now.
admin-rest-is-credit = What else was paid for order <b>{ $code }</b>, <b>{ $amount }</b>, is the buyer's credit now.
admin-taken-back = ⚠️ { $source } has taken back <b>{ $amount }</b> of order <b>{ $code }</b> (transaction { $ref }). It had bought nothing, so nothing was revoked.
admin-reversed-unknown = ⚠️ { $source } says that it has taken back <b>{ $amount }</b> (transaction { $ref }), which the shop's books have never held. Please look at the gateway's own pages.
admin-refund-called-off = The refund of <b>{ $amount }</b> of order <b>{ $code }</b> is called off, since the money is gone. Do not send it.
admin-held = ⚠️ { $source } holds back <b>{ $amount }</b> of order <b>{ $code }</b> on suspicion of fraud (transaction { $ref }). The money has not come, nothing was handed over. Please look at the gateway's own pages.
admin-stuck = ⚠️ { $source } has taken <b>{ $amount }</b> from the buyer of order <b>{ $code }</b>, but not passed it on (transaction { $ref }): it is still sorting this payment out, or gives it back. The money has not come, nothing was handed over. Please look at the gateway's own pages.
admin-reversed = ⚠️ { $source } has taken back <b>{ $amount }</b> of order <b>{ $code }</b> (transaction { $ref }). What was handed over for it has been revoked.
admin-look-refused = ⚠️ { $gateway } refuses to be asked about payments: { $reason }. Please check the keys of this gateway; doctor tells more.

## The page that leads to a gateway's own

pay-title = Pay for order { $code }
pay-text = { $shop }: { $amount }. The payment page opens by itself; if it does not, press the button below.
pay-go = Go to the payment page
pay-over-title = There is nothing to pay here any more
pay-over-text = This payment is over. Everything about your order is in the chat with the shop.

## The page after a gateway's own

back-title = Back to the chat
back-text = You may close this page. Your purchase arrives in the chat by itself once the money is there. If you have not paid, you can choose how to go on in the chat.
return-paid-title = Payment complete
return-paid-text = The payment gateway says that your money has arrived. Your purchase comes in the chat by itself within a few minutes. You may close this page.
return-held-title = Being checked
return-held-text = The payment gateway is still sorting this payment out. You will hear of the result in the chat; please do not pay again until then.
return-cancelled-title = Payment cancelled
return-cancelled-text = You cancelled the payment and have not been charged. In the chat you can pay again or choose another way.
return-failed-title = The payment did not go through
return-failed-text = The payment gateway could not take the money. In the chat you can pay again or choose another way.

## Money has arrived

payment-received = ✅ Payment received for order <b>{ $code }</b>. Thank you! Your purchase is on its way…
money-short = { $came } has arrived for order <b>{ $code }</b>; <b>{ $missing }</b> is still missing. Pay the rest as shown below and your purchase comes at once.
money-over = Order <b>{ $code }</b> was paid <b>{ $amount }</b> too much. That money is yours; please choose below.
money-ambiguous = <b>{ $amount }</b> has arrived that may be for order <b>{ $code }</b>. The shop is making sure; you need not do anything.
money-second = Another <b>{ $amount }</b> has arrived for order <b>{ $code }</b>, which was already paid. That money is yours; please choose below.
money-late = <b>{ $amount }</b> for order <b>{ $code }</b> came after the order was closed, and it is no longer sold at that price, or the money is too little, so nothing was delivered. That money is yours; please choose below.
money-late_honoured = <b>{ $amount }</b> for order <b>{ $code }</b> came late, after the order was closed; it is still sold at that price, so the order is delivered all the same.
money-late_unplaced = <b>{ $amount }</b> for order <b>{ $code }</b> came long after the order was closed. It is recorded; somebody of the shop will look at it, and you will hear of it here.
money-wrong_currency = <b>{ $amount }</b> for order <b>{ $code }</b> came in the wrong currency. Your money is recorded; the shop knows and will get in touch.

## A buyer's credit

credit-keep = 💰 Keep it for my next order
credit-pay-back = 💸 Pay it back to me
credit-pay-back-of = 💸 Pay back { $amount } ({ $code })
credit-have = 💰 Your credit: <b>{ $amount }</b>
credit-from = • { $amount } from order { $code }
credit-wished = • of it you have asked { $amount } back
credit-how = Credit is used by itself for your next order in the same currency. To have it paid back press a button below; the shop approves it before it is sent.
credit-none = You have no credit.
credit-kept = Kept. You have <b>{ $amount }</b>, which will be used by itself for your next order. See it any time: /credit
credit-asked-back = Your request to have <b>{ $amount }</b> back (order { $code }) has gone to the shop. You will hear of it here once the shop agrees.
credit-nothing-left = Nothing is left on order { $code } to be kept or paid back. See your credit: /credit
credit-helps = 💰 You have <b>{ $have }</b>. Of the price of { $price } only <b>{ $rest }</b> is left to pay.
credit-covers = 💰 You have <b>{ $have }</b>, enough for the price of { $price }: it is used when you order, and nothing is left to pay.
credit-spent = 💰 <b>{ $amount }</b> of your credit was used for order <b>{ $code }</b>. Left to pay: <b>{ $missing }</b>.
credit-paid = 💰 <b>{ $amount }</b> of your credit was used for order <b>{ $code }</b>; nothing is left to pay.
credit-is-back = 💰 <b>{ $amount }</b> used for order { $code } is back in your credit.

## Claims: a buyer tells of a transfer that is missing

claim = 🔎 Report a missing transfer
claim-which-order = Which order was the transfer for? If you do not know, choose the last button.
claim-order = { $code } · { $amount }
claim-no-order = None of these, or I do not know
claim-how-much = How much did you transfer? Please type the exact amount, for example 79000.
claim-amount-wrong = I cannot read this as an amount.
claim-whole = { $amount }
claim-which-day = When did you transfer? Choose a day, or type the time, for example 14:30 or 14:30 20/11.
claim-when-wrong = I cannot read this as a time of the last 90 days.
claim-today = Today
claim-yesterday = Yesterday
claim-which-tail = What are the last 4 digits of the account you transferred from? Please do not send the whole number.
claim-tail-wrong = Please type only the last 4 digits of the account, for example 0814.
claim-no-tail = I do not know
claim-passed-on = Thank you. What you said of your transfer of <b>{ $amount }</b> ({ $at }) has been passed on to the shop. Somebody will look at it, and you will be told of the result here.
claims-waiting = You have { $count } reports that wait for an answer. Please wait until the shop has answered them.
claims-without-order = You have no order here yet, so there is none that a transfer could be missing for. If you did transfer money, please write to the shop.
claims-too-many-shop = Too many reports are coming in right now. Please send yours again in an hour.
claims-too-many = You have sent { $count } reports within a day. Please send the next one tomorrow.
claim-accepted = ✅ The shop has found your transfer of <b>{ $amount }</b>.
claim-refused = The shop has looked at your report of a transfer of <b>{ $amount }</b> and could not confirm it. Please check amount, day and account in your bank's app; if all of it is right, write to the shop.
admin-claim = 🔎 A buyer reports a transfer of <b>{ $amount }</b> that is missing. Please look at it.
admin-claim-of-order = 🔎 A buyer reports a transfer of <b>{ $amount }</b> for order <b>{ $code }</b> that is missing. Please look at it.
claim-look = 🔎 Look
claim-page = 🔎 Reported at { $made }: a transfer of <b>{ $amount }</b> about { $at }.
claim-page-order = • for order <b>{ $code }</b>: <code>/order { $code }</code>
claim-page-tail = • from an account ending in <b>{ $tail }</b>
claim-fits = { $place }. <b>{ $amount }</b> · { $at } · { $payer } · "{ $memo }"
claim-fits-nothing = No money that waits fits this. It may still come; open this page again later.
claim-accept = ✅ It is no. { $place } ({ $amount })
claim-refuse = ✖️ Refuse
claim-why = Why is it refused? Type a reason for the shop's own records (the buyer does not read it), or press the button.
claim-none = No such money was found
claim-accepted-admin = ✅ The claim of <b>{ $amount }</b> is accepted. The buyer has been told.
claim-refused-admin = ✖️ The claim of <b>{ $amount }</b> is refused. The buyer has been told.
claim-is-accepted = This claim has been accepted.
claim-is-refused = This claim has been refused.
claim-decided = Somebody has already decided on this claim.
claim-without-orders = This buyer has no order yet that credit could lie on. Please decide of the money itself in /review.
claim-money-gone = This money no longer waits, or does not fit the claim. Please open the claim again.

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

admin-unmatched = ⚠️ Money nobody can place: <b>{ $amount }</b>, memo "{ $memo }" ({ $source } { $ref }). A person must look.
admin-small-money = 🪙 { $count } tiny amounts (less than { $floor }) wait that nobody can place. You hear of them once an hour at most. To look: /review
admin-unmatched-more = ⚠️ { $count } more movements of money that nobody can place. To look: /review
admin-candidate = • Perhaps order <b>{ $code }</b> ({ $total }): { $why ->
    [code] nearly its code
    [payer] that payer has paid for this buyer before
   *[amount] exactly its amount
}. To look: <code>/order { $code }</code>
admin-no-candidate = • No waiting order has a similar code or exactly this amount. If the buyer names a code, look at it: /order CODE
admin-says-paid = 💬 A buyer says to have paid order <b>{ $code }</b> ({ $amount }); no money has been seen yet. To look: <code>/order { $code }</code>
admin-ambiguous = ⚠️ It cannot be told for which order this is: <b>{ $amount }</b>, memo "{ $memo }" ({ $source } { $ref }). A person must look.
admin-placed = ✅ Money nobody could place at first, <b>{ $amount }</b>, was for order <b>{ $code }</b>: { $source } names it ({ $ref }).
admin-wrong_currency = ⚠️ Wrong currency: <b>{ $amount }</b> for order <b>{ $code }</b>, memo "{ $memo }" ({ $source } { $ref }).
admin-over = ⚠️ Order <b>{ $code }</b> was paid <b>{ $surplus }</b> too much (what came last: { $amount }, memo "{ $memo }", { $source } { $ref }). The surplus is the buyer's credit; they are asked whether to keep it or have it back. To give it back now: <code>/refund { $code } { $typed }</code>
admin-part-freed = ⚠️ Order <b>{ $code }</b> was paid in another currency; the part of <b>{ $came }</b> paid before is the buyer's credit; they are asked whether to keep it or have it back. To give it back now: <code>/refund { $code } { $currency }</code>
admin-part-held = ⚠️ Order <b>{ $code }</b> is closed, but <b>{ $came }</b> paid in part is still held. The buyer is asked whether to keep it or have it back.
admin-second = ⚠️ Order <b>{ $code }</b> was already paid and got another <b>{ $amount }</b>, memo "{ $memo }" ({ $source } { $ref }). It is the buyer's credit; they are asked whether to keep it or have it back.
admin-late = ⚠️ Money too late for order <b>{ $code }</b>: <b>{ $amount }</b>, memo "{ $memo }" ({ $source } { $ref }). The price has changed, it is no longer sold, or it was too little; so it is the buyer's credit, and they are asked whether to keep it or have it back.
admin-late_honoured = ⏰ Late money for order <b>{ $code }</b>: <b>{ $amount }</b>, memo "{ $memo }" ({ $source } { $ref }). Price and goods still stand, so the order is paid and delivered.
admin-late_unplaced = ⚠️ Money for an old order, <b>{ $code }</b>, closed long ago: <b>{ $amount }</b>, memo "{ $memo }" ({ $source } { $ref }). Somebody must look at it.
admin-credit-negative = ⚠️ This buyer's credit is <b>{ $amount }</b> now: what they had spent on another order was taken back. A negative credit cannot be spent.
admin-orders-rush = ⚠️ { $count } orders were placed within an hour, as many as the shop takes (orders_an_hour in the shop file). For the moment buyers cannot place more.
admin-claims-rush = ⚠️ Buyers reported { $count } missing transfers within an hour, as many as the shop takes. For the moment they cannot report more.
admin-undeliverable = ⚠️ The goods of order <b>{ $code }</b> could not be delivered by { $channel }.
admin-link-refused = ⚠️ { $gateway } refuses to make a payment link for order <b>{ $code }</b>: { $reason }. Please check its keys and its payment channel.
admin-stars-returned = ✅ Telegram has given back <b>{ $amount }</b> of order <b>{ $code }</b>.
admin-stars-refused = ⚠️ Telegram refuses to give back <b>{ $amount }</b> of order <b>{ $code }</b>: { $reason }. It will be tried again.
admin-mail-missing = ⚠️ E-mail is not configured (SMTP_URL, MAIL_FROM). Letters with goods are waiting in the queue.

## The seller in the chat: commands, figures, one order's story

admin-buyer = 👤 Buyer: { $who } ({ $channel } <code>{ $id }</code>)
admin-joined = 🔑 { $name } ({ $channel } <code>{ $id }</code>) has taken an invitation and runs the shop now. If that is wrong: python -m app admin remove { $channel }:{ $id }
admin-welcome = 🔑 You run <b>{ $shop }</b> now. What needs a person is told to you here.
admin-help =
    <b>For those who run the shop</b>
    /stats – figures: today, 7d, 30d or all
    /order CODE – the whole story of an order
    /refund CODE [amount] [reason] – give money back
    /review – what needs a person
    /audit CODE – who did what, when, before and after
stats-how = Write /stats, /stats 7d, /stats 30d or /stats all.
stats-title-today = 📊 <b>{ $shop }</b> · today, since { $since }
stats-title-7d = 📊 <b>{ $shop }</b> · last 7 days, since { $since }
stats-title-30d = 📊 <b>{ $shop }</b> · last 30 days, since { $since }
stats-title-all = 📊 <b>{ $shop }</b> · everything
stats-span-today = Today
stats-span-7d = 7 days
stats-span-30d = 30 days
stats-span-all = All
stats-orders =
    🧾 Orders placed: <b>{ $placed }</b>
    • paid: { $paid } ({ $conversion })
    • waiting for money: { $open }
    • expired: { $expired }
    • cancelled: { $cancelled }
stats-money = 💰 Money in: <b>{ $amount }</b>
stats-returned = ↩️ Given back: <b>{ $amount }</b>
stats-deliveries = 📦 Deliveries that arrived: { $sent } of { $ended } ({ $rate })
stats-waits = ⏱ From payment to goods, { $count ->
    [one] { $count } order
   *[other] { $count } orders
}: half within <b>{ $median }</b>, 95% within <b>{ $p95 }</b>
stats-no-waits = ⏱ From payment to goods: nothing has arrived in this time
stats-no-problems = ✅ Nothing waits for you
stats-problems = ⚠️ <b>Waiting for you</b>
problem-money-unmatched = • money nobody can place: { $count }
problem-money-ambiguous = • money of which it is not clear for which order: { $count }
problem-money-late = • money that came too late: { $count }
problem-money-wrong_currency = • money in the wrong currency: { $count }
problem-money-held = • money that a gateway holds back: { $count }
problem-goods = • orders whose goods arrived by no way: { $count }
problem-jobs = • jobs given up after many tries: { $count }
problem-notices = • bank notices that could not be settled: { $count }
order-how = Write the order's code after the command: /order KX2345678
order-not-found = There is no order of that code.
story-order = 🧾 Order <b>{ $code }</b> · { $payment ->
    [open] ⏳ waiting for money
    [paid] ✅ paid
    [returning] ✅ paid · ↩️ all of it still to be given back
    [returned] ✅ paid · ↩️ all of it given back
    [expired] ⌛ expired
   *[cancelled] ✖️ cancelled
} · <b>{ $total }</b>
story-line = • { $product } · { $plan }: { $price }
story-email = • ✉️ <code>{ $email }</code>
story-times = Placed { $placed }, to be paid until { $until }, watched until { $watch }
story-paid = Paid { $at }
story-part = Held of it, paid in part: <b>{ $came }</b>
story-credit = The buyer's credit: <b>{ $amount }</b>
story-older = • … { $count } earlier
story-attempts = <b>Payment codes</b>
story-attempt = • { $gateway } { $number }: { $amount }, { $state ->
    [asked] being made
    [open] open until { $until }
    [paid] paid
    [expired] expired
    [failed] came to nothing
    [replaced] replaced
   *[cancelled] cancelled
}
story-transfers = <b>Money</b>
story-transfer = • { $at }: <b>{ $amount }</b>, { $meaning ->
    [exact] pays the order
    [short] a part
    [over] too much
    [second] paid once more
    [late] too late
    [unmatched] placed nowhere
    [ambiguous] not clear for which order
    [wrong_currency] wrong currency
    [foreign_account] not the shop's money
    [held] held back by the gateway
    [reversed] taken back by the gateway
    [credited] the buyer's credit
    [discarded] discarded
    [returned] a refund that came back
    [out] went out
   *[other] { $meaning }
}; from { $payer }; memo "{ $memo }" ({ $sources })
story-refunds = <b>Refunds</b>
story-refund = • { $at }: <b>{ $amount }</b>, { $state ->
    [asked] waits for a yes
    [approved] owed
    [sent] sent, not confirmed yet
    [settled] gone, by the bank's word
    [failed] could not be sent, still owed
    [returned] sent back, owed once more
   *[dropped] given up
}; { $refund }; { $reason }
story-grants = <b>Goods</b>
story-grant = • { $product } · { $plan }: { $kind ->
    [licence] licence key
   *[course] course
}, { $state ->
    [granted] handed over at { $at }
    [revoked] handed over at { $at }, taken back since
    [failed] failed at { $at }
   *[pending] on its way since { $at }
}
story-grant-until = • { $product } · { $plan }: { $kind ->
    [licence] licence key
   *[course] course
}, { $state ->
    [granted] handed over at { $at }
    [failed] failed at { $at }
   *[pending] on its way since { $at }
}, until { $until }
story-deliveries = <b>Deliveries</b>
story-delivery = • { $at }: { $channel } <code>{ $address }</code>, { $state ->
    [sent] arrived
    [failed] failed
   *[waiting] on its way
} { $error }
story-events = <b>What happened</b>
story-event = • { $at }: { $name ->
    [order-placed] the order was placed ({ $actor })
    [order-expired] the time to pay was over
    [order-cancelled] the order was cancelled ({ $actor })
    [link-opened] a payment link was made ({ $actor })
    [link-closed] the payment link was closed ({ $actor })
    [link-failed] no payment link could be made ({ $actor }): { $reason }
    [money-exact] { $amount } came by { $source }: all of the order
    [money-short] { $amount } came by { $source }: a part of the order
    [money-over] { $amount } came by { $source }: too much for this order
    [money-second] { $amount } came by { $source }: the order was paid already
    [money-late] { $amount } came by { $source }: too late for the order
    [money-wrong_currency] { $amount } came by { $source }: in the wrong currency
    [money-unmatched] { $amount } came by { $source }: names no order
    [money-ambiguous] { $amount } came by { $source }: not clear for which order
    [money-credited] { $amount } became the buyer's credit ({ $actor })
    [money-discarded] { $amount } was discarded ({ $actor })
    [money-foreign_account] { $amount } is not the shop's money ({ $actor })
    [review-opened] it waited for a person
    [review-closed] it was decided ({ $actor })
    [order-way] the buyer chose another way to pay: { $way ->
        [stars] Telegram Stars
        [vnpay] VNPay
        [bakong] KHQR (Bakong)
        [sepay-pg] SePay checkout
        [casso] bank transfer
        [payos] bank transfer
        [sepay] bank transfer
       *[other] { $way }
    }, { $currency } ({ $actor })
    [credit-spent] { $amount } of the buyer's credit was used ({ $actor })
    [credit-returned] { $amount } went from this order to the buyer's credit ({ $actor })
    [payment-failed] a payment came to nothing ({ $actor }) { $reason }
    [money-held] { $amount } is held back by { $source }
    [money-reversed] { $amount } was taken back by { $source }
    [money-seen_again] { $source } told of the same money
    [claim-made] the buyer reported a transfer that is missing
    [claim-accepted] the transfer that the buyer reported was accepted ({ $actor })
    [claim-refused] the transfer that the buyer reported was refused ({ $actor }): { $reason }
    [goods-delivered] the goods arrived by { $channel }
    [goods-undeliverable] the goods could not be delivered by { $channel }
    [admin-refund_asked] an admin asked to give { $amount } back ({ $actor }) { $reason }
    [admin-refund_dropped] an admin gave nothing back after all ({ $actor })
    [admin-refund_owed] an admin confirmed giving { $amount } back ({ $actor })
    [admin-refund_account] an admin confirmed the account to send the refund to ({ $actor })
    [refund-account_confirmed] the buyer confirmed the account to send the refund to
    [admin-refund_sent] an admin has sent { $amount } back ({ $actor })
    [refund-stars_sent] Telegram has given { $amount } back
    [refund-stars_heard] Telegram has told that { $amount } went back to the buyer
    [admin-refund_given] an admin had a gateway give { $amount } back ({ $actor })
    [refund-gateway_sent] the gateway ({ $actor }) has taken { $amount } to give back
    [refund-gateway_refused] the gateway ({ $actor }) refused to give { $amount } back: { $reason }
    [refund-wished] the buyer would like to have { $amount } back
    [refund-settled] { $source } has told that { $amount } went back
    [refund-returned] the refund of { $amount } was sent back by the bank
    [refund-failed] the refund of { $amount } could not be sent: { $reason }
    [refund-card_shown] an admin was shown the QR code of the refund ({ $actor })
    [refund-called_off] giving { $amount } back was called off: the gateway had taken the money back
   *[other] <code>{ $kind }</code> { $actor } { $detail }
}

## What needs a person: /review, /audit

reviews-title = 🗂 <b>Needs a person</b>: { $count }. The oldest stands first.
reviews-none = ✅ Nothing needs a person.
reviews-place = <b>{ $place }.</b>
reviews-open = 🔎 { $place }
reviews-first = « First page
reviews-next = Next ›
reviews-all = 🗂 Open the list
reviews-back = ‹ List
reviews-again = 🔄 Look again
reviews-small = 🗑 Put aside { $count } tiny amounts…
reviews-small-none = No tiny amounts wait any more.
reviews-small-why = Why put all tiny amounts aside? Type the reason; it is kept with each of them.
reviews-small-sure = Put <b>{ $count }</b> tiny amounts aside, <b>{ $amount }</b> in all?
    Reason: { $reason }
reviews-small-yes = 🗑 Yes, put them aside
reviews-small-done = 🗑 Put aside: { $count } tiny amounts.
review-money =
    💰 <b>{ $amount }</b> · { $at } · { $meaning ->
        [unmatched] names no order
        [ambiguous] not clear for which order
        [late] came too late
        [wrong_currency] wrong currency
        [held] held back by its gateway
       *[other] needs a person
    }
    • Payer: { $payer } …{ $tail }
    • Memo: "{ $memo }" ({ $source })
    • Waiting for { $waits }
review-of-order = • The order it names: <b>{ $code }</b>. To look: <code>/order { $code }</code>
review-late = • It came so long after the shop had stopped watching that order: { $late }
review-refund =
    ↩️ Refund of <b>{ $amount }</b> · order { $code } · { $refund } · { $state ->
        [asked] the buyer wishes it
        [failed] did not go through
        [returned] came back
       *[other] waits to be sent
    }
    • Reason: { $reason }
    • Waiting for { $waits }
review-claim =
    🔎 A buyer says to have sent <b>{ $amount }</b> about { $at } · order { $code } · account …{ $tail }
    • Waiting for { $waits }
review-assign-button = ✅ For order { $code }
review-open-button = 🔎 Look and decide
review-type-code = ✏️ Type an order's code
review-credit-button = 👛 Credit of the buyer { $code }
review-refund-button = ↩️ Give back
review-refund-open = ↩️ Open the refund
review-foreign-button = 🚫 Not the shop's money
review-foreign-sure = Is this <b>{ $amount }</b> not the shop's money? It leaves the books, and the queue.
review-foreign-yes = 🚫 Yes, { $amount } is not the shop's
review-discard-button = 🗑 Discard…
review-which-code = Please type the code of the order that this money is for, for example KX2345678.
review-which-credit = Please type the code of an order of the buyer, for example KX2345678. The money becomes that buyer's credit.
review-why = Why is it discarded? Please type the reason; it is kept.
review-verdict = { $meaning ->
    [exact] ✅ <b>{ $amount }</b> pays order <b>{ $code }</b>; the goods are on their way.
    [over] ✅ <b>{ $amount }</b> pays order <b>{ $code }</b>; the goods are on their way, and the surplus is the buyer's credit.
    [short] ✅ <b>{ $amount }</b> is a part of order <b>{ $code }</b>; the buyer is asked for the rest.
    [second] ✅ Order <b>{ $code }</b> was paid before, so <b>{ $amount }</b> is the buyer's credit.
    [credited] ✅ <b>{ $amount }</b> is the credit of the buyer of order <b>{ $code }</b>.
    [foreign_account] ✅ Noted: <b>{ $amount }</b> is not the shop's money.
   *[discarded] ✅ <b>{ $amount }</b> is discarded; the reason is kept.
}
review-gone = There is no such thing to decide.
review-decided = <b>{ $who }</b> has decided this at { $at }: { $outcome ->
    [assigned] for order { $code }
    [credited] credit of the buyer { $code }
    [not_ours] not the shop's money
    [discarded] discarded
    [refunded] given back { $code }
    [approved] the refund was approved { $code }
    [dropped] no refund { $code }
    [sent] sent the refund again { $code }
    [accepted] accepted
    [refused] refused
   *[other] { $outcome } { $code }
}.
review-over = This has ended by itself and needs nobody any more: { $outcome ->
    [placed] another source has named the order
    [arrived] the gateway has passed the money on
    [failed] the payment did not go through
    [taken_back] the gateway has taken the money back
    [settled] the bank has told that the refund has gone
    [called_off] the refund is off
   *[other] { $outcome }
}.
review-being-refunded = This money is being given back, so it cannot be for anything else. Please see /refund.
review-held = Its gateway still holds this money back: the shop has nothing to book yet. You can wait, or discard it.
review-order-unknown = No order has the code “{ $code }”.
review-wrong-currency = Order { $code } has no price in this currency, so { $amount } cannot pay it. It can become the buyer's credit, or be given back.
review-too-little = Order { $code } is over and { $missing } of it is missing, so this is not enough. It can become the buyer's credit, or be given back.
review-reason-missing = A reason is needed.
money-credited = The shop keeps <b>{ $amount }</b> as your credit (order <b>{ $code }</b>).
problem-refunds = • refunds that need a person: { $count }
problem-claims = • transfers that buyers claim: { $count }
audit-how = Write the code of an order or of a refund after the command: /audit KX2345678
audit-not-found = There is no order and no refund of that code.
audit-title = 📜 <b>{ $code }</b> · { $from }–{ $to } of { $count }
audit-earlier = ‹ Earlier
audit-later = Later ›
audit-who = { "  " }↳ { $who } { $reason }
audit-change = { "  " }↳ { $side ->
    [before] before
   *[after] after
}: { $state ->
    [none] nothing yet
    [open] the order waits for money
    [paid] the order is paid
    [expired] the order has expired
    [cancelled] the order is cancelled
    [asked] a refund is asked for
    [dropped] no refund
    [approved] the refund is approved
    [sent] the refund is sent
    [settled] the bank has confirmed the refund
    [failed] it did not go through
    [returned] the refund came back
    [waiting] waits for a person
    [assigned] for an order
    [not_ours] not the shop's money
    [refunded] given back
    [placed] another source named the order
    [arrived] the money has come
    [taken_back] taken back
    [accepted] accepted
    [refused] refused
    [exact] all of the price
    [short] a part
    [over] too much
    [second] paid once more
    [late] too late
    [unmatched] names no order
    [ambiguous] not clear for which order
    [wrong_currency] wrong currency
    [foreign_account] not the shop's money
    [held] held back
    [reversed] taken back
    [out] went out
    [credited] the buyer's credit
    [discarded] discarded
   *[other] { $state }
}

## Refunds

order-button-refunded = ↩️ { $code } · { $product } · { $plan } · { $amount }
order-refund-owed = ↩️ The shop is giving back <b>{ $amount }</b> of order <b>{ $code }</b>.
order-refund-sent = ↩️ The shop has sent <b>{ $amount }</b> of order <b>{ $code }</b> back to { $bank } …{ $tail }.
order-refund-settled = ↩️ The bank has confirmed that <b>{ $amount }</b> of order <b>{ $code }</b> went back to { $bank } …{ $tail }.
order-refund-sent-stars = ↩️ Telegram has given <b>{ $amount }</b> of order <b>{ $code }</b> back to your account.
order-refund-sent-vnpay = ↩️ VNPay has given <b>{ $amount }</b> of order <b>{ $code }</b> back to the card or account that you paid with.
order-refund-sent-by_hand = ↩️ The shop has sent <b>{ $amount }</b> of order <b>{ $code }</b> back.
goods-revoked = This order was refunded, so its goods are no longer valid.
refund-is-coming = ↩️ The shop will give <b>{ $amount }</b> of order <b>{ $code }</b> back to you.
refund-revokes = As all of the money is given back, the goods of order { $code } are no longer valid.
refund-your-account = Is this your account: { $bank } …{ $tail } { $holder }?
refund-which-account = Please tell the shop the bank account that shall get the money.
refund-typed-account =
    The shop will send the money to:
    • Bank: <b>{ $bank }</b>
    • Account: <code>{ $account }</code>
    • Holder: <b>{ $holder }</b>
    Please look closely: is this right?
refund-mine = ✅ Yes
refund-other = ✏️ Another account
refund-name-account = ✏️ Name the account
refund-type-account = Please send in one message: bank, account number, name of the holder. For example: <code>Vietcombank 0071000123456 NGUYEN VAN A</code>
refund-choose-bank = At which bank is the account that shall get the money? Tap it, or type the bank's name.
refund-or-in-one-line = You can also send everything in one message: <code>Vietcombank 0071000123456 NGUYEN VAN A</code>
refund-bank-choice = { $bank }
refund-more-banks = Other banks ➡️
refund-type-number = <b>{ $bank }</b>: what is your account number?
refund-type-holder = Who holds the account? Please write the name as the bank shows it, for example NGUYEN VAN A.
refund-number-wrong = An account number has 6 to 19 digits. Please send it once more.
refund-holder-wrong = That is no name yet: please write the holder's name in letters, at most 60 of them.
refund-account-wrong = Something is missing or wrong: a bank, an account number (6 to 19 digits) and the name of its holder are needed.
refund-account-thanks = Thank you. The shop will send <b>{ $amount }</b> to { $bank } …{ $tail } { $holder } and tell you as soon as it is done.
refund-account-fixed = The account was confirmed before and cannot be changed here any more. If something is wrong, please write to the shop at once.
bank-unknown = I know no bank “{ $text }”. Please write its short name or its number, for example: Vietcombank, MBBank, 970436.
bank-ambiguous = “{ $text }” may be several banks: { $candidates }. Please write the number of the bank.
refund-usage =
    <b>Refunds</b>: /refund ORDER_CODE [amount or surplus] [currency] [reason]
    For example: <code>/refund KX2345678 50k changed their mind</code>
    Without an amount, all that is held is given back. Where several currencies are held, name one: <code>/refund KX2345678 3.20 USD</code>. Only what was paid too much: <code>/refund KX2345678 surplus</code>. The bot asks once before anything is booked.
refunds-owed = Owed and not sent yet:
refunds-none = No refund waits to be sent.
refund-row-ready = 💸 { $code } · { $amount } · ready to be sent
refund-row-waits = ⏳ { $code } · { $amount } · account to be confirmed
refund-row-back = ⚠️ { $code } · { $amount } · did not arrive, to be sent again
refund-sure =
    Give back <b>{ $amount }</b> for order <b>{ $code }</b>?
    • Goods: { $product } · { $plan }
    • Buyer: { $name }
    • Held for this order: { $held }
refund-sure-reason = • Reason: { $reason }
refund-sure-revokes = This is all that is held: the licence keys and links of the order will be revoked.
refund-sure-cancels = The order is not fully paid yet and will be cancelled.
refund-sure-closes = The order is not fully paid: the QR code for what is missing will be closed.
refund-transfer-sure =
    Give back <b>{ $amount }</b> of money that no order is known for?
    • Payer: { $payer }
    • Memo: { $memo }
    • Held of it: { $held }
    • Refund code: <code>{ $refund }</code>
    No buyer is asked: you name the account that gets it.
refund-yes = ✅ Give back { $amount }
refund-no = ✖️ Leave it
refund-left = Left as it was; nothing is given back.
refund-now-owed = Noted: the shop owes <b>{ $amount }</b> { $of ->
    [transfer] of money without an order, code <b>{ $code }</b>. Please name the account that gets it.
   *[order] for order <b>{ $code }</b>. The buyer was told, and asked for the account.
}
refund-waits = { $of ->
    [transfer] Money without an order, code
   *[order] Order
} <b>{ $code }</b>: <b>{ $amount }</b> is owed, and nobody has confirmed the account yet.
refund-no-account-yet = Whoever told of the payment named no account of the payer. Please wait for the buyer's answer, or type an account. What was paid by card can also be given back on the payment gateway's own pages.
refund-proposed =
    Account named, <b>not confirmed</b>: { $bank } <code>{ $account }</code> { $holder }
    Wallets pay from shared accounts, so send money there only after the buyer or you have confirmed it.
refund-checked-button = ☑️ I have checked this account
refund-type-button = ✏️ Type another account
refund-card-title = Scan this VietQR to refund
refund-card-caption =
    ↩️ { $of ->
        [transfer] Refund, code
       *[order] Refund of order
    } <b>{ $code }</b>: <b>{ $amount }</b>
    • { $bank } <code>{ $account }</code>
    • Holder: { $holder }
    • Memo: <code>{ $memo }</code>
    Compare the holder with the name that your bank's app shows. When it is done, press “Sent”. Keep the memo as it is: the bank's word on money that went out with this code closes the refund by itself.
refund-sent-button = ✅ Sent
refund-card-sent = ✅ Sent <b>{ $amount }</b> { $of ->
    [transfer] (code <b>{ $code }</b>) to { $bank } …{ $tail }.
   *[order] of order <b>{ $code }</b> to { $bank } …{ $tail }. The buyer was told.
}
refund-card-sent-by-hand = ✅ Sent <b>{ $amount }</b> { $of ->
    [transfer] (code <b>{ $code }</b>) back.
   *[order] of order <b>{ $code }</b> back. The buyer was told.
}
refund-card-settled = ✅ The bank has told that <b>{ $amount }</b> { $of ->
    [transfer] (code <b>{ $code }</b>)
   *[order] of order <b>{ $code }</b>
} went out to { $bank } …{ $tail }. The refund is closed; do not send it again.
refund-card-back = ⚠️ <b>{ $amount }</b> { $of ->
    [transfer] (code <b>{ $code }</b>)
   *[order] of order <b>{ $code }</b>
} did not reach { $bank } …{ $tail }. This QR code is no longer to be used; send /refund to see that refund.
refund-open-button = ↩️ Look at the refund
refund-by-hand =
    ↩️ The shop owes <b>{ $amount }</b> { $of ->
        [transfer] (code <b>{ $code }</b>).
       *[order] of order <b>{ $code }</b>.
    }
    • The money came from: <code>{ $account }</code> { $holder }
    This currency has no VietQR: please send it back yourself, then press “Sent”.
refund-stars-under-way = ↩️ Telegram is giving back <b>{ $amount }</b> of order <b>{ $code }</b>. There is nothing for you to send; you will be told when it is done.
refund-under-way = ⏳ { $means ->
    [vnpay] VNPay
   *[payout] payOS
} is sending back <b>{ $amount }</b> of order <b>{ $code }</b>. Please do not transfer it or scan its QR code any more, or it would go twice; you will be told when it has arrived, or is refused.
refund-by-payout-button = 🏧 Pay by payOS
refund-by-vnpay-button = 💳 Back by VNPay
refund-came-back = ↩️ The refund of <b>{ $amount }</b> of order <b>{ $code }</b> was sent back to the shop by the bank. The shop will send it to you again.
refund-not-gone = ↩️ The refund of <b>{ $amount }</b> of order <b>{ $code }</b> could not be sent to you yet. The shop still owes it to you.
refund-card-arrived = ✅ { $means ->
    [vnpay] VNPay
   *[payout] payOS
} has given <b>{ $amount }</b> { $of ->
    [transfer] (code <b>{ $code }</b>)
   *[order] of order <b>{ $code }</b>
} back. The refund is closed; please do not send it again.
admin-refund-arrived = ✅ { $means ->
    [vnpay] VNPay
   *[payout] payOS
} has given back refund { $refund }: <b>{ $amount }</b> { $of ->
    [transfer] of money nobody could place.
   *[order] of order <b>{ $code }</b>. The buyer was told.
}
admin-payout-refused = ⚠️ { $means ->
    [vnpay] VNPay
   *[payout] payOS
} could not give back <b>{ $amount }</b> of order <b>{ $code }</b>: { $reason }. It is still owed; send /refund to send it another way.
admin-payout-silent = ⚠️ { $means ->
    [vnpay] VNPay
   *[payout] payOS
} has not said whether <b>{ $amount }</b> of order <b>{ $code }</b> has gone. Please look at that gateway's own pages, and do not send it another way before you are sure.
refund-stars-return = Telegram gives it straight back to your account; there is nothing for you to do.
refund-stars-whole = Telegram only gives back a payment in Stars as a whole. Order { $code } has none of that amount that could still be given back.
refund-order-unknown = There is no order { $code }.
refund-nothing-held = No money of order { $code } is held that could be given back.
refund-no-surplus = Nothing was paid too much for order { $code }.
refund-transfer-placed = This money is of order { $code }: give it back by <code>/refund { $code }</code>.
refund-transfer-changed = Meanwhile this money has changed, so nothing was given back. Please open it again from /review.
refund-transfer-empty = Nothing of this money is left to be given back.
refund-wished-already = You have asked for the money of order { $code } before; the shop is looking at it.
refund-wishes-wait = The shop is still looking at what you asked back before. Please wait for its answer, then ask again.
refund-wishes-today = You have asked for money back { $count } times in a day. It is still yours: please ask again tomorrow, or write to the shop.
refund-wish-left = The shop has not agreed to give back <b>{ $amount }</b> of order <b>{ $code }</b>. The money is still kept as yours.
admin-refund-wished = ↩️ The buyer of order <b>{ $code }</b> would like to have <b>{ $amount }</b> of credit back. Give it back?
admin-refund-settled = ✅ The bank has told of money that went out with code { $refund }: <b>{ $amount }</b> { $of ->
    [transfer] of money without an order.
   *[order] of order <b>{ $code }</b>.
} The refund is closed.
admin-refund-returned = ⚠️ The refund with code { $refund } was sent back by the bank: <b>{ $amount }</b> { $of ->
    [transfer] of money without an order. The shop owes it once more; please name another account.
   *[order] of order <b>{ $code }</b>. The shop owes it once more; the buyer is being asked for the account again.
}
admin-refund-failed = ⚠️ The refund with code { $refund } could not be sent: <b>{ $amount }</b> { $of ->
    [transfer] of money without an order.
   *[order] of order <b>{ $code }</b>.
} Reason: { $reason }. The shop still owes it.
admin-refund-unfit = ⚠️ The bank has told that <b>{ $went }</b> went out ({ $source }) with code { $refund }, but that refund is { $of ->
    [transfer] <b>{ $amount }</b> of money without an order
   *[order] <b>{ $amount }</b> of order <b>{ $code }</b>
}, { $state ->
    [settled] closed before
    [sent] waiting for the bank's word
    [asked] not confirmed
    [dropped] given up
   *[approved] not noted as sent
}. Nothing was booked: please check the amount, the account, and whether it was sent twice.
refund-too-much = { $amount } is too much: at most { $most } of order { $code } can be given back at once.
refund-which-currency = For order { $code } the shop holds { $held }. Please say which, for example <code>/refund { $code } { $currency }</code> for all of it in that currency, or with an amount before it.
refund-amount-wrong = “{ $text }” is no amount of that currency. For example: 50000, 50.000 or 50k; another currency is named: 3.20 USD.
refund-gone = This refund is no longer there.
refund-lapsed = More than 15 minutes have passed, so this refund has lapsed. Please send /refund again.
refund-overtaken = Meanwhile the money of order { $code } has changed, so nothing more was given back. Please send /refund again.
refund-confirmed-already = This refund was confirmed before. Send /refund to see what is still owed.
refund-not-open = This refund no longer waits to be sent.
refund-account-changed = The account of this refund has just been changed. Send /refund and open it again.

## The bot's commands

command-start = See the plans
command-myorders = Your purchases
command-credit = Your credit
command-language = Change the language
command-help = Help
command-cancel = Cancel
command-claim = Report a missing transfer
command-paysupport = Help with a payment
command-terms = Terms of sale
command-stats = Figures of the shop
command-order = An order's whole story
command-refund = Give money back
command-review = What needs a person
command-audit = Who did what about an order

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
sandbox-invoice = Invoice
sandbox-stars-paid = Paid
sandbox-stars-returned = Given back
sandbox-bank = Toy Street Bank
sandbox-bank-scan = Scan the QR code
sandbox-bank-scan-hint = Reads the latest picture on the buyer’s phone
sandbox-bank-scan-hint-seller = Reads the latest picture on the seller’s phone: the shop pays
sandbox-bank-owner = Whose app it is
sandbox-bank-manual = Transfer by hand, without a code
sandbox-bank-from-account = From account
sandbox-bank-from-name = From whom
sandbox-bank-send = Pay from the shop’s account
sandbox-bank-sent = from the shop
sandbox-bank-bounce = Bounce
sandbox-bank-bounced = came back
sandbox-bank-statement = Statement
sandbox-statement-title = Toy Street Bank: statement of account
sandbox-statement-of = Account
sandbox-statement-date = Transaction date
sandbox-statement-reference = Reference
sandbox-statement-debit = Debit
sandbox-statement-credit = Credit
sandbox-statement-balance = Balance
sandbox-statement-memo = Description
sandbox-statement-account = Counter account
sandbox-statement-name = Counter name
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
sandbox-bank-sources = Who knows, and tells the shop
sandbox-source-casso = Casso
sandbox-source-payos = payOS
sandbox-source-sepay = SePay
sandbox-source-vnpay = VNPay
sandbox-source-bakong = Bakong
sandbox-source-sepay-pg = SePay page
sandbox-fault-none = Everything goes well
sandbox-fault-twice = The notice comes twice
sandbox-fault-late = The bank reports it 45 minutes late
sandbox-fault-too_late = The bank reports it 49 hours late
sandbox-fault-short = Too little is paid
sandbox-fault-over = Too much is paid
sandbox-fault-garbled = Banks garble the memo
sandbox-fault-memo_lost = The memo is lost
sandbox-fault-wrong_account = It goes to another account
sandbox-fault-forged = The signature is forged
sandbox-fault-lost = The notice is lost
sandbox-khqr-short = Only half of it arrives
sandbox-khqr-wrong_currency = The same number in the other currency
sandbox-khqr-elsewhere = The money goes to somebody else
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
sandbox-switch-pay-twice = Telegram tells of a payment twice
sandbox-switch-mail-down = Mail server is down
sandbox-switch-block = Buyer blocks the bot
sandbox-switch-payos-down = payOS is down
sandbox-switch-payos-slow = payOS answers slowly
sandbox-switch-payos-limit = payOS error 429 once
sandbox-switch-bakong-list = Bakong refuses lists of codes
sandbox-switch-vnpay-refunds = Banks refuse refunds over VNPay
sandbox-switch-vnpay-bounced = Banks send refunds over VNPay back after some minutes
sandbox-payouts = payOS payouts
sandbox-payout-succeeded = arrive
sandbox-payout-failed = fail
sandbox-payout-rejected = are not approved
sandbox-payout-reversed = arrive and come back
sandbox-payout-moving = on their way
sandbox-sources = Who tells of money
sandbox-silent = silent
sandbox-trouble-none = API answers well
sandbox-trouble-down = API is down
sandbox-trouble-busy = API answers 429
sandbox-trouble-html = API answers HTML
sandbox-trouble-hang = API hangs
sandbox-trouble-wrong = API answers wrong
sandbox-sepay-webhook = SePay webhook
sandbox-sepay-proof = Authentication
sandbox-sepay-form = Kind of body
sandbox-sepay-any = any
sandbox-sepay-own-ids = SePay’s API has ids of its own
sandbox-checkout = Toy payment link
sandbox-checkout-hint = This is payOS's page in the toy street. Open the street's Bank tab, scan the QR code in the chat and pay.
sandbox-checkout-back = Back to the shop
sandbox-notice-none = The notice comes at once
sandbox-notice-twice = The notice comes twice
sandbox-notice-late = The notice comes 45 minutes late
sandbox-notice-short = Too little is paid
sandbox-notice-forged = A forged notice, and nothing is paid
sandbox-refund-taken = Given back
sandbox-refund-refused = Refund refused
sandbox-pg = Toy SePay
sandbox-pg-invoice = Invoice number
sandbox-pg-hint = This is SePay's payment page in the toy street. Choose a way to pay; no real money moves.
sandbox-pg-status-waiting = waiting for payment
sandbox-pg-status-captured = paid
sandbox-pg-status-cancelled = cancelled
sandbox-pg-bank_transfer = Bank transfer
sandbox-pg-napas_bank_transfer = NAPAS transfer
sandbox-pg-card = Card
sandbox-pg-cancel = Cancel the payment
sandbox-pg-void = Void the card payment (the seller's doing)
sandbox-vnpay = VNPAY of the toy street
sandbox-vnpay-number = The shop's number
sandbox-vnpay-hint = This is VNPAY's payment page in the toy street. Choose how the payment ends; no real money moves.
sandbox-vnpay-pay = Pay
sandbox-vnpay-suspect = Pay, and be suspected of fraud
sandbox-vnpay-fail = The card has not enough money
sandbox-vnpay-cancel = Cancel
sandbox-vnpay-clear = Clear the suspicion (VNPAY's part)
sandbox-vnpay-state-waiting = waiting for payment
sandbox-vnpay-state-paid = paid
sandbox-vnpay-state-suspected = held back
sandbox-vnpay-state-failed = not paid
sandbox-vnpay-state-cancelled = cancelled
sandbox-vnpay-state-expired = expired
sandbox-link-pending = waiting for payment
sandbox-link-underpaid = underpaid
sandbox-link-paid = paid
sandbox-link-cancelled = cancelled
sandbox-link-expired = expired
sandbox-error-text = A message has 1 to 4096 characters.
sandbox-error-button = This button is no longer there.
sandbox-error-blocked = This phone has blocked the bot.
sandbox-error-account = An account number is letters and digits, 19 at most.
sandbox-error-amount = The amount must be above 0 and have at most 13 digits.
sandbox-error-memo = A memo has at most 150 characters.
sandbox-error-request = This cannot be asked for.
sandbox-error-bounce = This transfer cannot come back (any more).
sandbox-error-clock = The clock cannot go that far.
sandbox-error-no-picture = There is no picture on the phone yet. Order something first.
sandbox-error-no-qr = No VietQR code could be read in the picture.
sandbox-error-khqr-ended = This KHQR code has expired.
sandbox-error-khqr-paid = This KHQR code has been paid already.
sandbox-error-network = The shop could not be reached.

## The seller's command line

just-amount = { $amount }
start-sandbox = The sandbox is open: { $url } (no real money, this machine only). Press Ctrl+C to stop.
settings-idle = { $name } is set, but no token and no gateway key: this is the sandbox. Set TELEGRAM_BOT_TOKEN, and the keys of a gateway such as Casso, SePay or payOS, to open the real shop.
start-open = The shop is open at { $url }. Public address: { $public }.
start-no-telegram = No TELEGRAM_BOT_TOKEN: no chat is open. Get a token from @BotFather.
start-no-bank = BANK_BIN, BANK_ACCOUNT and BANK_HOLDER are not all set, and the shop file has no [[account]]: no QR to your own account can be drawn.
start-no-casso = Nobody tells of transfers to a bank account, so they are not noticed by themselves: set CASSO_CHECKSUM_KEY (or CASSO_SECURE_TOKEN), SEPAY_WEBHOOK_SECRET (or SEPAY_API_KEY), or PAYOS_CLIENT_ID and its two keys.
start-no-mail = No SMTP_URL and MAIL_FROM: letters wait in the queue until e-mail is configured.
start-no-admins = No ADMIN_CHAT_IDS (such as telegram:123456): nobody is told when money needs a person. Invite yourself, while the shop runs: python -m app admin invite
start-vault-key = A vault key was made: { $path }. Back it up: without it the keys you have sold cannot be opened again.
doctor-sandbox = Sandbox: no token and no gateway key is set.
doctor-played = Telegram, the bank, every gateway and e-mail are played by the sandbox.
doctor-real = A real shop.
doctor-marks = { $works } works · { $missing } not set, or worth a look · { $broken } must be mended
doctor-nobody-can-pay = Nobody can pay for any plan: set BANK_BIN, BANK_ACCOUNT and BANK_HOLDER (or write an [[account]] into the shop file) for a QR to your own account, the three PAYOS_ keys for payment links, or the keys of VNPay, SePay's payment gateway or Bakong: python -m app gateway list. Are they set? Then look at prices, sell_on and pay_with in the shop file; SePay's payment gateway needs PUBLIC_URL, Stars the Telegram bot.
doctor-money-unnoticed = Money is not noticed when it comes to a bank account, so nothing would be handed over: set CASSO_CHECKSUM_KEY, SEPAY_WEBHOOK_SECRET (or SEPAY_API_KEY), or the three PAYOS_ keys.
doctor-database = Database: opens, newest schema, right vault key.
doctor-queues = Queues: { $waiting } waiting.
doctor-buried = { $dead } jobs were given up after many tries. Look at them with show, or in /metrics.
doctor-telegram = Telegram: the token is good, the bot is @{ $name }.
doctor-bank = Bank account: { $account }, { $holder } (BIN { $bin }). Compare every digit.
doctor-casso = Casso: the keys of webhook { $forms } are set.
doctor-mail = E-mail: the mail server takes us. Add --mail ADDRESS to send a real letter.
doctor-admins = Admins: { $count } are told when money needs a person.
doctor-mistake = { $text }
doctor-too-slow = { $part }: no answer within { $seconds } seconds.
doctor-read-only = Database: it takes no writes. A standby of PostgreSQL? Name the primary in DATABASE_URL.
doctor-belated = Work in the { $queue } is due since { $since } and nobody does it. Is the shop running? Start it with: python -m app run
doctor-disk = Disk: { $free } MB free in { $folder }.
doctor-telegram-unreachable = Telegram cannot be asked ({ $error }). Look at the network, and at TELEGRAM_API_URL if you have set it.
doctor-polling = Telegram: updates are fetched (TELEGRAM_MODE=polling), no webhook stands in the way. { $pending } waiting.
doctor-webhook = Telegram: updates are brought to { $address }. { $pending } waiting.
doctor-webhook-elsewhere = Telegram brings updates to "{ $stands }" instead of { $wanted }. Start the shop again: it sets the address itself.
doctor-webhook-left = A webhook is set ({ $stands }), so updates cannot be fetched. Does another program use this bot? If not, start the shop again: it removes the webhook.
doctor-webhook-error = Telegram's last try to bring an update failed at { $at }: { $words }
doctor-no-casso = Casso is not set (not needed where SePay or payOS tells of your money, or where nobody pays to a bank account). At my.casso.vn make a webhook V2 with the address { $address } and copy its checksum key into CASSO_CHECKSUM_KEY.
doctor-casso-linked = Casso's API: linked accounts: { $accounts }.
doctor-casso-other = Casso watches { $accounts }, but buyers pay to { $account }. Link this account in Casso, or correct BANK_ACCOUNT.
doctor-casso-silent = Casso's API cannot be asked now: { $reason }
doctor-casso-refused = Casso refuses CASSO_API_KEY: { $reason }
doctor-door = { $gateway }: the door is open at { $address }
doctor-door-unknown = { $gateway }: without PUBLIC_URL its notices cannot come. The webhook address is your https address followed by { $address }
doctor-door-silent = { $gateway }: { $address } cannot be reached ({ $error }). Does the shop run, and does the proxy pass /webhooks/ on?
doctor-door-wrong = { $gateway }: { $address } answers { $status } instead of 401. Does the proxy pass /webhooks/ on to this shop, started with the same settings?
doctor-no-payos = payOS is not set. To use it, set PAYOS_CLIENT_ID, PAYOS_API_KEY and PAYOS_CHECKSUM_KEY (my.payos.vn, payment channel); its webhook address is { $address }
doctor-payos = payOS: the keys are good. Once after each change of the address, with the shop running: python -m app payos confirm-webhook
doctor-payos-silent = payOS cannot be asked now, or PAYOS_CHECKSUM_KEY is wrong: { $reason }
doctor-payos-refused = payOS refuses the keys. Copy PAYOS_CLIENT_ID and PAYOS_API_KEY anew: { $reason }
doctor-gateway =
    { $gateway }: { $come ->
        [given] its keys come from the environment: { $given }.
        [sealed] its keys lie sealed in the database: { $sealed }.
       *[both] its keys come from the environment ({ $given }) and lie sealed in the database ({ $sealed }).
    }
doctor-gateway-off = { $gateway } is switched off; its door answers 404. To use it again: python -m app gateway on { $name }
doctor-gateway-differs = { $gateway }: { $variable } is set and in force, but another value lies sealed as { $name }. Take the variable away, or seal its value too.
doctor-look = { $gateway } answers when it is asked for money that nobody told of, last at { $at }.
doctor-refunds-heard = The bank tells of outgoing money too: refunds are closed once it has gone (of the last 30 days { $settled } of { $sent } sent ones are confirmed)
doctor-refunds-unheard = { $sent } refunds were sent by VietQR in the last 30 days, and the bank's feed has shown no outgoing money in that time, so that none can be closed by it. Switch on outgoing transactions at SePay or Casso; without them compare by hand after pressing "Sent".
doctor-look-never = { $gateway } has never answered when it was asked for money that nobody told of ({ $failures } failures): { $reason }
doctor-look-fails = { $gateway } cannot be asked for money that nobody told of: { $failures } failures in a row, last answer at { $at }: { $reason }
doctor-bakong = Bakong: the token is good; money is asked for and goes to { $account }
doctor-bakong-account = BAKONG_ACCOUNT is { $account }; a Bakong account looks like name@bank. Until it does, nobody can pay by KHQR.
doctor-bakong-ends = Bakong's token ends at { $end }. Renew it before: send the e-mail address you are registered with to Bakong's /renew_token, then set BAKONG_TOKEN anew.
doctor-bakong-ended = Bakong's token ended at { $end }: no payment by KHQR is found any more. Renew it by Bakong's /renew_token with the e-mail address you are registered with, then set BAKONG_TOKEN anew.
doctor-bakong-silent = Bakong cannot be asked now, so no payment by KHQR is found: { $reason }
doctor-bakong-refused = Bakong refuses to be asked: { $reason }. If the token is refused, renew it by /renew_token with the e-mail address you are registered with; HTTP 403 is how Bakong answers from outside Cambodia.
doctor-mail-refused = The mail server does not take us: { $reason }. Compare SMTP_URL and MAIL_FROM with what your mail provider says.
doctor-no-mail = No test letter: SMTP_URL and MAIL_FROM are not set.
doctor-letter-subject = Chốt Đơn: test letter
doctor-letter = This is a test letter. If you can read it, your shop's e-mail works. Did it land in the spam folder? Then set SPF and DKIM for your domain.
doctor-letter-sent = E-mail: a test letter was handed in for { $to }. Look into the inbox, and into spam.
doctor-clock = Clock: { $seconds } s off.
doctor-clock-wrong = The machine's clock is { $seconds } s off. Turn on time synchronisation: sudo timedatectl set-ntp true
doctor-no-public = No PUBLIC_URL (such as https://shop.example.com): gateways cannot reach you.
doctor-public = Public address: { $address } answers, its certificate is good for { $days } more days.
doctor-public-plain = Public address: { $address } answers, but without https. Gateways and Telegram want https.
doctor-public-silent = { $address } cannot be reached ({ $error }). Look at DNS, the firewall (ports 80 and 443), the proxy and its certificate.
doctor-public-other = { $address } answers, but it is not this shop. Does the proxy pass /health/live on?
shop-file-fine = { $path } is fine: { $products } products, { $plans } plans.
advice-stars-price = { $product } · { $plan }: digital goods that are sold in Telegram's chats must be paid in Telegram Stars alone (Telegram's terms for bot developers, 6.2), and this plan has no price in Stars. Write prices = {"{"} XTR = 150 {"}"} and pay_with = {"{"} telegram = ["stars"] {"}"}.
advice-stars-only = { $product } · { $plan }: digital goods that are sold in Telegram's chats must be paid in Telegram Stars alone (Telegram's terms for bot developers, 6.2), and this plan may be paid otherwise there, too. Write pay_with = {"{"} telegram = ["stars"] {"}"}.
advice-account-word = { $bank } { $account }: without the word { $word } in the memo this bank tells SePay nothing. Write word = "{ $word }" in its [[account]].
advice-account-virtual = { $bank } { $account }: this bank tells SePay only of money that was paid to a virtual account. Write its number as virtual in its [[account]].
advice-currency = { $product } · { $plan }: no gateway that is set up takes { $currency }, so this price is offered to nobody.
advice-no-way = { $product } · { $plan }: nobody can pay for it: no account and no gateway that is set up takes what it costs. Look at its prices, sell_on and pay_with.
advice-no-price = { $product } · { $plan }: its pay_with allows { $ways } alone, which want a price in { $currencies }, and it has none, so nobody can pay for it. Add such a price, or another way to pay_with.
advice-no-chat = { $product } · { $plan }: it is sold on Zalo alone, and this version of the shop has no Zalo yet, so nobody can buy it. Write "telegram" into its sell_on, or leave sell_on out.
doctor-stars = Telegram asks that digital goods in its chats be paid in Telegram Stars alone; { $count } of your plans may be paid otherwise there. Which ones, and what to write: python -m app validate
order-unknown = There is no order { $code }.
ledger-day = { $day } ({ $zone })
ledger-equation = { $when ->
    [opening] Before: received { $received } = { $parts }
   *[closing] In all: received { $received } = { $parts }
}
ledger-place = { $account ->
    [revenue] sold { $amount }
    [deposit] parts paid { $amount }
    [credit] buyers' credit { $amount }
    [refund_owed] refunds owed { $amount }
    [refund_paid] refunds paid { $amount }
    [unplaced] not placed { $amount }
   *[discarded] set aside { $amount }
}
ledger-nowhere = { $amount }
ledger-effect = { $account ->
    [received] received
    [revenue] sold
    [deposit] parts paid
    [credit] buyers' credit
    [refund_owed] refunds owed
    [refund_paid] refunds paid
    [unplaced] not placed
   *[discarded] set aside
} { $sign }{ $amount }
ledger-no-effect = nothing booked
ledger-balanced = ✔ The books add up: every đồng is where the ledger says.
ledger-unbalanced = ✘ The books do not add up. Keep the database as it is, make a backup (python -m app backup) and report this:
ledger-empty = No money has moved.
ledger-line = { $at } · { $sign }{ $amount } · { $code } · { $anew ->
    [yes] decided anew:{ " " }
   *[no] { "" }
}{ $meaning ->
    [exact] pays the order
    [short] a part
    [over] too much
    [second] paid once more
    [late] came late
    [unmatched] placed nowhere
    [ambiguous] several orders named
    [wrong_currency] wrong currency
    [foreign_account] not the shop's money
    [held] held back by the gateway
    [reversed] taken back by the gateway
    [out] went out
    [returned] a refund that bounced
    [credited] given to the buyer as credit
    [discarded] set aside by an admin
    [owed] refund owed
    [paid] refund sent
    [came_back] refund did not go through, owed again
    [called_off] refund called off
    [spent] credit put on the order
    [unspent] credit taken back from the order
   *[other] { $meaning }
} → { $effect }
ledger-note = { "" } · { $about ->
    [sources] { $sources }
    [refund] { $refund }
    [by] by { $by }
   *[reason] “{ $reason }”
}
ledger-file-exists = { $path } is there already. Name a new file.
ledger-file-unwritable = { $path } cannot be written: { $reason }
books-finding = • { $kind ->
    [sums] postings of a currency do not sum to zero: { $about }
    [causes] postings of one decision, refund or spending do not sum to zero: { $about }
    [received] more or less was booked than moved: { $about }
    [decided] nobody has decided about, or nobody has told of: { $about }
    [waiting] money waits for a person and is not in /review: { $about }
    [refunds] refunds stand otherwise than the ledger says: { $about }
    [earned] earned more or less than the price: { $about }
    [goods] goods without payment, or payment without goods: { $about }
    [parts] less than nothing lies on an order as a part: { $about }
    [credit] more credit is gone than there was: { $about }
    [lines] the lines do not lead to what stands on the accounts: { $about }
   *[other] { $kind }: { $about }
}
admin-books-wrong = ⚠️ <b>The books do not add up.</b>
admin-books-look = Sell on, but keep the database as it is. On the server run <code>python -m app ledger</code> and <code>python -m app backup</code>, and report what they say.
doctor-books = The books add up
doctor-books-wrong = The books do not add up: { $kinds }. Run: python -m app ledger
refunds-exported = Wrote { $count } refunds to { $path }. The file holds whole account numbers: only you can read it; delete it when it is done with.
refunds-exported-before = Careful: { $count ->
    [one] one refund
   *[other] { $count } refunds
} of these stood in a sheet before. Pay none that you have paid by that one; if you have, press "Sent" in the chat.
refunds-exported-before-one = - { $code }, on { $at }
refunds-export-template = This is a sheet of Chốt Đơn's own and no bank's template: copy its columns into your bank's form for batch payments, and keep the memos as they are. Open a .csv by importing the account numbers as text, or a spreadsheet drops the noughts at their head.
refunds-export-none = No refund with a confirmed account waits to be sent by VietQR, so no file was written.
refunds-export-ending = The name of the file must end in .xlsx or .csv: { $path }
refunds-column-bank = Bank
refunds-column-bin = Bank number (BIN)
refunds-column-account = Account number
refunds-column-holder = Account holder
refunds-column-amount = Amount (VND)
refunds-column-memo = Memo
refunds-column-refund = Refund code
refunds-column-order = Order code
refunds-column-listed = In a sheet before
invite-link = Open this link in Telegram and press START: { $link }
invite-text = Telegram cannot be asked for the bot's name just now. Send this to the bot in its chat: { $text }
invite-time = It makes one person an admin, once, before { $until }. Whoever has it can use it.
admin-line = { $channel }:{ $id } { $name }
admin-line-settings = { $channel }:{ $id } (ADMIN_CHAT_IDS)
admin-none = Nobody runs this shop from the chat yet. Invite somebody: python -m app admin invite
admin-gone = { $admin } is no longer an admin.
admin-unknown = There is no admin { $admin }.
admin-in-settings = { $admin } is named in ADMIN_CHAT_IDS. Take it out there and start the shop again.
gateway-begun = { $gateway } is not complete and stays closed; these are not set: { $missing }.
gateway-unknown = There is no gateway "{ $name }". There are: { $known }
gateway-field-unknown = { $gateway } has no key "{ $name }". It has: { $known }
gateway-no-fields = { $gateway } needs no keys.
gateway-name-field = Say which key: python -m app gateway set { $gateway } KEY. There are: { $known }
gateway-sandbox = This is the sandbox: it makes its own keys at each start, and real ones are not kept beside them. Set TELEGRAM_BOT_TOKEN first (or any gateway's key), so that this becomes a real shop.
gateway-sandbox-switch = This is the sandbox: it plays every gateway, and none can be switched here. Set TELEGRAM_BOT_TOKEN or a gateway's keys first, so that this becomes a real shop.
gateway-sandbox-list = This is the sandbox: it plays every gateway, by keys of its own. This is how they would stand in a real shop:
gateway-no-shop = This shop was never opened, or not since its last upgrade, so there is no place to keep this. Run once: python -m app run (it makes all that is needed, and may keep running). Then say it again.
gateway-value-blank = That is empty, and no key. Nothing was changed.
gateway-value-odd = That is no key: it is too long, or holds blanks, line breaks or odd bytes. Nothing was changed.
gateway-prompt = { $gateway } { $name } (not shown while you type)
gateway-kept = { $gateway } { $name }: sealed and kept. A shop that is running takes it at its next start.
gateway-overruled = Mind: { $variable } is set, and wins for as long as it is set.
gateway-off = { $gateway } is switched off; its keys stay. A shop that is running follows at its next start.
gateway-on = { $gateway } is switched on. A shop that is running follows at its next start.
gateway-line =
    { $gateway }: { $state ->
        [open] open
        [off] switched off
        [incomplete] closed, its keys are not complete
        [chatless] closed, it needs the Telegram bot (TELEGRAM_BOT_TOKEN)
       *[closed] closed
    }
gateway-webhook =
    - tell it to send its notices ({ $method }) to { $host ->
        [known] { $address }
       *[unknown] your https address followed by { $address } (PUBLIC_URL is not set)
    }
gateway-field =
    - { $name }: { $state ->
        [environment] set by { $variable }
        [overruling] set by { $variable }; another value lies sealed
        [sealed] sealed
        [optional] not set, and not needed
        [spared] not set; what is there is enough
        [either] missing; one of those that say so is enough
       *[missing] missing
    }
vault-rotated = A new vault key is in force: { $path }. { $count } sealed values were sealed anew. Back the key up now. Invitations of admins that were still open have ended, and so have the payment pages of orders not paid yet: their buyers choose how to pay once more.
vault-old-file = Backups made before now open only with the old key. It lies at { $old }: keep it with them.
vault-rotated-variable = { $count } sealed values were sealed anew. Now set VAULT_KEY to the text of { $path }, everywhere the shop runs, start it, and then remove that file. Invitations of admins that were still open have ended, and so have the payment pages of orders not paid yet: their buyers choose how to pay once more.
vault-old-variable = Backups made before now open only with the old VAULT_KEY: keep it with them.
vault-rotate-running = The shop is running, or another of its commands. Stop all of its processes first: they would go on sealing with the old key.
vault-rotate-unfinished = The last change of the key is not finished: set VAULT_KEY to the text of { $path } first.
vault-next-left = A new vault key lies at { $path }. Set VAULT_KEY to its text, if it is not set so yet, and then remove that file.
vault-next-unwritable = The new vault key cannot be written to { $path }: { $reason }. Nothing was changed. Name a file that this command may write: python -m app vault rotate --to FILE
vault-key-unwritable = The new vault key cannot be written to { $path }: { $reason }. Nothing was changed. Run the command as the user that the shop runs as.
vault-to-needless = --to is for a key that is set as VAULT_KEY. This shop's key lies in { $path }, and the new one takes its place there. Nothing was changed.
vault-to-taken = { $path } is there already, and is not written over. Nothing was changed. Name a file that is not there yet.
payos-not-set = payOS needs three keys, and these are not set: { $missing }. Copy them from the payment channel at my.payos.vn.
payos-no-public-url = PUBLIC_URL is not set: payOS must know an https address where your shop is reached from outside.
payos-public-url-insecure = PUBLIC_URL must begin with https://, or payOS sends nothing there.
url-insecure = { $setting } must begin with https:// (http:// only on this machine): your keys are sent there.
payos-confirmed = payOS now sends its notices to { $url }. Account: { $account } { $holder }. Payment channel: { $name } ({ $short }).
payos-refused = payOS did not take the address. It says: { $reason }. Your shop must be running and reachable from outside, since payOS first sends a sample there and waits for an answer. Check the three keys too.
payos-later = payOS cannot be asked now: { $reason }. Try again in a few minutes.
database-at-head = { $url } is at the newest schema.
database-not-migrated = The database is not there yet, or not migrated. Run: python -m app migrate
database-unreachable = The database cannot be opened: { $reason }
database-url-malformed = DATABASE_URL must be sqlite:///path or postgresql://…
database-url-unusable = DATABASE_URL cannot be used. Look at user, host and database name, and at what follows the "?" (sslmode must be disable, allow, prefer, require, verify-ca or verify-full).
shop-not-founded = The shop was never opened. Run: python -m app run
shop-prefix-fixed = code_prefix cannot change after the first start: old order codes must stay readable.
vault-key-malformed = VAULT_KEY must be 32 bytes in base64.
vault-key-wrong = VAULT_KEY is not the key this shop was founded with. Nothing was changed.
vault-key-needed = On PostgreSQL, set VAULT_KEY (32 bytes in base64) and keep it safe.
vault-key-lost = The vault key { $path } is missing. Restore it from a backup: sealed keys cannot be opened without it.
settings-wrong = These environment variables are wrong: { $wrong }
setting-web-address = { $name } must begin with http:// or https://
setting-mode = TELEGRAM_MODE must be polling or webhook.
setting-webhook-secret = TELEGRAM_WEBHOOK_SECRET must be 1 to 256 of the characters A-Z, a-z, 0-9, _ and -
setting-host = HOST must be an address or name of this machine, such as 127.0.0.1 or 0.0.0.0.
setting-port = PORT must be a whole number from 0 to 65535.
setting-bin = BANK_BIN must be the six digits of a Vietnamese bank, such as 970422.
setting-account = BANK_ACCOUNT must be 1 to 19 letters and digits, without spaces.
setting-gateway = SANDBOX_GATEWAY must be casso, sepay or payos.
setting-level = LOG_LEVEL must be debug, info, warning or error.
setting-unreadable = { $name } holds bytes that are no text in UTF-8. Type it anew.
env-file-unreadable = The settings file { $path } cannot be read: { $reason }
env-file-not-text = The settings file { $path } is no text in UTF-8. Save it as UTF-8.
env-file-line = The settings file { $path }: line { $line } cannot be read. A line is NAME="value"; is a quote missing?
admins-malformed = ADMIN_CHAT_IDS must look like telegram:123456, separated by commas.
admins-no-number = ADMIN_CHAT_IDS: "{ $chat }" is no Telegram id. It is a whole number, such as telegram:123456. Without knowing it: python -m app admin invite
roles-need-postgresql = Separate web and worker processes need PostgreSQL. On SQLite use: python -m app run
port-taken = { $host }:{ $port } cannot be opened. Another program uses it; set another PORT.
already-running = Another process runs on this database already ({ $path }).
telegram-token-refused = Telegram refuses TELEGRAM_BOT_TOKEN (401). Get a new token from @BotFather.
telegram-token-malformed = TELEGRAM_BOT_TOKEN must look like 123456789:AAE…, as @BotFather gives it.
telegram-webhook-no-secret = TELEGRAM_MODE=webhook needs TELEGRAM_WEBHOOK_SECRET: 1 to 256 of the characters A-Z, a-z, 0-9, _ and -, made up by you.
telegram-webhook-no-address = TELEGRAM_MODE=webhook needs a PUBLIC_URL that begins with https:// and uses port 443, 80, 88 or 8443; it is now: { $url }
mail-from-malformed = MAIL_FROM must be an address, with or without a name: My Shop &lt;shop@example.com&gt;
smtp-url-malformed = SMTP_URL is not a URL: write smtp+starttls://user:password@host:port, percent-encoded.
smtp-url-tail = SMTP_URL has something after the port: percent-encode / ? # in the password.
smtp-url-half-login = SMTP_URL has a user without a password, or a password without a user.
smtp-url-scheme = SMTP_URL must begin with one of: { $known }

## The seller's backups

backup-made = Backup written: { $path } ({ $rows } rows, { $size } KB, schema { $revision }). Only your user can read it.
backup-key-apart = IMPORTANT: the vault key is not inside. Keep a copy of { $place } in another safe place: without it the licence keys you have sold cannot be opened, and a restored shop does not start.
backup-key-inside = IMPORTANT: the vault key is inside. Whoever gets this file can read every licence key you have sold: guard it like a password.
backup-exists = { $path } is there already. Nothing was overwritten; choose another name.
backup-no-folder = There is no folder { $path }. Make it first, or name a file that ends in .zip.
backup-unwritable = { $path } cannot be written: { $reason }
database-newer = The database was made by a newer version of this program (schema { $revision }). Update the program first.
restore-done = Restored the backup of { $made }: { $rows } rows, now at the newest schema.
restore-after = What happened after that moment is not in it: compare your bank's list with "ledger" before you sell on, and never let the old shop run beside this one.
restore-key-fits = Vault key: the one at hand fits.
restore-key-kept = Vault key: taken from the backup and kept beside the database.
restore-key-inside = IMPORTANT: before you start, set VAULT_KEY to the text of the file vault.key inside the backup.
restore-key-file = IMPORTANT: put the vault key of this shop at { $place } (or set VAULT_KEY) before you start: without it the shop does not open.
restore-key-variable = IMPORTANT: set VAULT_KEY to the vault key of this shop before you start: without it the shop does not open.
restore-unreadable = { $path } cannot be read: { $reason }
restore-not-empty = The database holds rows already. Restoring never overwrites: name a new one in DATABASE_URL, or move the old one away yourself.
restore-broken = This is no backup, or it was damaged or changed ({ $part }). Nothing was restored.
restore-newer = A newer version of this program made this backup. Update the program first; nothing was restored.
restore-unbalanced = The ledger in this backup does not sum to zero. Nothing was restored.
restore-played = This is a backup of the sandbox: its sales are played and never enter a real shop. Nothing was restored.
restore-real = This is a backup of a real shop, and nothing real is set here. Set TELEGRAM_BOT_TOKEN or a gateway's key as the shop has them, then restore.
restore-sandbox = No token and no gateway key is set here, so this restores into the sandbox: { $place }
restore-no-room = The disk has no room for this backup: it needs { $needed } MB. Nothing was restored.

## The seller's test purchase

live-not-running = No shop runs on this database. Start it in another window (python -m app run), then try again.
live-sandbox = This is the sandbox, no real money comes here. Set up a real shop first.
live-no-transfer = ✘ This test purchase is a transfer of 1,000 đồng to a bank account, and this shop takes none that would be noticed. Buy something from your own bot instead; /refund gives the money back.
live-scan = Scan this with your banking app and pay { $amount }. It is a real transfer to your own account:
live-facts = Bank { $bank } · account { $account } · { $holder } · amount { $amount } · memo { $memo }
live-waiting = Waiting until { $until } for the bank and { $gateway } to report it. Ctrl+C cancels the test.
live-link = Asking { $gateway } for a payment link …
live-no-link = { $gateway } made no payment link. Look at: python -m app doctor
live-arrived = ✔ { $amount } arrived by { $source }, { $seconds } s after the QR code was shown: "{ $meaning }", memo "{ $memo }".
live-paid = ✔ Order { $code } is paid, { $seconds } s after the QR code was shown.
live-handed-over = ✔ The shop's worker did its part, { $seconds } s after the payment. In a real order the goods leave now.
live-no-worker = ✘ Paid, but no worker has handed anything over. Is the worker process running?
live-short = { $amount } came, that is not the whole amount. Pay the rest, or let the test end.
live-nothing = ✘ Nothing arrived. The test order is cancelled; money that still comes is kept in the ledger.
live-look = Look, in this order: 1. your bank: did the money leave, to this account, with this memo? 2. { $gateway }'s dashboard: does it list the transfer, and what did its webhook answer? 3. python -m app doctor: are the door and the address right? 4. python -m app ledger: was it kept for another reason?
live-books = These { $amount } are real money on your account and stay in the ledger as a sale of 1,000 đồng; no licence key was made.
live-product = Test purchase
live-plan = 1,000 đồng

## Bank statements at the command line

admin-statement = 🧾 A statement of { $bank } was imported: { $new ->
    [one] 1 new line
   *[other] { $new } new lines
}, and { $count } of what it brought { $count ->
    [one] waits
   *[other] wait
} for a decision: /review
statement-unreadable = { $path } cannot be read: { $reason }
statement-empty = There is nothing in this file.
statement-other-kind = This is neither CSV nor XLSX (perhaps an old .xls, a web page or a PDF). Open it in a spreadsheet program, save it as XLSX or CSV, and import that.
statement-broken-file = This spreadsheet is broken or locked with a password, and cannot be read. Nothing was written.
statement-too-big = This file is larger than any statement: more than { $bound } (megabytes, or rows). Nothing was written; import fewer months at a time.
statement-odd-parts = This is no spreadsheet that a bank has made: it is made of more than { $bound } parts. Nothing was written.
statement-odd-texts = This is no spreadsheet that a bank has made: it holds far more texts than cells that could show them. Nothing was written.
statement-odd-gap = This is no spreadsheet that a bank has made: more than { $bound } rows are left out between its rows. Nothing was written; delete the blank rows and import it again.
statement-odd-file = This is no spreadsheet that a bank has made: its part { $part } holds a cell or a row without end. Nothing was written.
statement-no-sheet = There is no sheet "{ $sheet }". There are: { $known }
statement-no-row = There is no row { $row } among the first ones, in which a header may stand.
statement-no-role = A column cannot be "{ $role }". It can be: { $known }
statement-no-column = There is no column "{ $column }", or several. Write its place, from 1 to { $count }, or its header.
statement-no-account = { $account } is no account of this shop. There are: { $known }
statement-which = The shop has several accounts. Say with --account which one the statement is of: { $known }
statement-not-whole = A statement needs a date, and an amount or money in. Say which columns they are, for instance: --column date=1 --column amount=4
statement-layout-found = This layout is known: { $bank }, mapped by you, last used { $at }. (--remap asks anew.)
statement-account = { $place }. { $account } · { $bank }
statement-which-account = Which account is the statement of?
statement-which-bank = Which bank is it of? Its layout is kept under this name
statement-columns = { $row ->
    [0] No header. The columns, counted from the left:
   *[other] The header stands in row { $row }. The columns, and what they seem to mean:
}
statement-column = { $place }. { $header } ("{ $example }"): { $role ->
    [date] date
    [time] time of day
    [amount] amount, in and out
    [way] in or out
    [credit] money in
    [debit] money out
    [memo] memo
    [reference] the bank's reference
    [payer_name] the other side's name
    [payer_account] the other side's account
    [balance] balance
   *[none] –
}
statement-right = Is that right?
statement-which-column = { $role ->
    [date] Which column is the date?
    [time] Which column is the time of day, if it has one of its own?
    [amount] Which column is the amount, if there is one for in and out?
    [way] Which column says whether it is in or out, if the amount has no sign?
    [credit] Which column is money in?
    [debit] Which column is money out?
    [memo] Which column is the memo?
    [reference] Which column is the bank's reference?
    [payer_name] Which column is the other side's name?
    [payer_account] Which column is the other side's account?
   *[balance] Which column is the balance?
} (0: none)
statement-checking = Looking
statement-importing = Importing
statement-read-as = { $bank }, mapped by you, account { $account }. The first lines, as they are understood:
statement-line = Line { $number }: { $at }{ $timed ->
    [yes] {""}
   *[no] {" "}(a date alone)
} · { $amount } · "{ $memo }" · { $reference }
statement-totals = { $lines ->
    [one] 1 line
   *[other] { $lines } lines
} · in { $came } · out { $went }
statement-span = From { $first } to { $last }
statement-known = Known: { $known } from a statement before, { $again } from notices.
statement-known-otherwise = • { $count ->
    [one] One of them was
   *[other] { $count } of them were
} read differently before (other columns, or without a time): the same day, amount and memo, so it is not counted twice.
statement-new = New: { $count }
statement-new-meaning = • { $meaning ->
    [exact] pays an order in full
    [short] pays a part of an order
    [over] pays an order with too much
    [late] came late for its order
    [second] pays a second time
    [unmatched] names no order
    [ambiguous] may be for several orders
    [wrong_currency] in a currency that its order does not take
    [held] held by the gateway
    [out] money out
    [returned] a refund that came back
   *[other] { $meaning }
}: { $count }
statement-passed = Passed over: { $passed } rows that are no movement (headings, totals), { $older } lines of earlier days.
statement-will-wait = { $count ->
    [one] 1 of the new lines will wait
   *[other] { $count } of the new lines will wait
} in /review for a person.
statement-waiting = { $count ->
    [one] 1 line waits
   *[other] { $count } lines wait
} for a decision: /review in the chat.
statement-balance-odd = Careful: the balances do not follow from the amounts. Look whether money in and money out are the right columns.
statement-before-shop = Careful: the statement begins before the shop was opened ({ $at }). --since DAY passes over what was booked before that day.
statement-broken-count = { $count ->
    [one] 1 line cannot be read and would
   *[other] { $count } lines cannot be read and would
} be left out; each is named at the end.
statement-ask = Import { $count ->
    [one] this 1 line
   *[other] these { $count } lines
}?
statement-nothing-written = Nothing was written.
statement-done = { $lines ->
    [one] 1 line was taken.
   *[other] { $lines } lines were taken.
}
statement-broken-line = Line { $line } was left out: { $fault }
statement-broken-more = … and { $count } more.
statement-line-date = its date cannot be read.
statement-line-future = its date lies in the future.
statement-line-amount = its amount is no number of whole đồng.
statement-line-both = it is money in and money out at once.
statement-line-way = it does not say whether it is money in or out.
statement-line-formula = a formula stands there instead of a value. Save the sheet with values only.
statement-line-long = a cell is longer than any cell may be.
statement-line-wide = it has too many columns.
statement-line-quote = a quotation mark is opened and never closed.
statement-line-unsettled = it could not be settled; the log says why. Import the statement again later.
statement-layout = { $number }. { $bank }: mapped by you, last used { $at } ({ $columns })
statement-layout-none = No layout is known yet. It is kept when a statement is imported.
statement-layout-gone = Layout { $number } is forgotten.
statement-layout-unknown = There is no layout { $number }.

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
mistake-thousands = write { $right }, not { $written }.
mistake-pattern = "{ $field }" has the wrong form (a slug has a-z, 0-9 and -; an address begins with https://).
mistake-too-long = "{ $field }" is too long (at most { $bound } characters).
mistake-empty = "{ $field }" must not be empty.
mistake-none = at least one "{ $field }" is needed.
mistake-too-small = "{ $field }" is too small (it must be more than { $bound }).
mistake-too-big = "{ $field }" is too big (at most { $bound }).
mistake-choice = "{ $field }" must be one of: { $bound }.
mistake-zone = "{ $field }" is no time zone, such as Asia/Ho_Chi_Minh.
mistake-contact = "{ $field }" must be one line of at most 100 characters, without spaces around it.
mistake-prefix = "{ $field }" must be two letters of CFHJKLMNPQRTVX: keyboards or eyes change the others.
mistake-list = "{ $field }" must be a list, such as ["telegram"].
mistake-ways = "{ $field }" must be a list, such as ["bank", "stars"].
mistake-currency = "{ $field }" is no currency of this shop. There are: { $known } (XTR is Telegram Stars).
mistake-table = "{ $field }" must be a table in braces, such as {"{"} USD = 3.20 {"}"}.
mistake-dollars = "{ $field }" must be an amount in dollars with at most 2 decimals, such as 3.20.
mistake-price-twice = the plan "{ $name }" has two prices in VND: keep either price or prices.VND.
mistake-no-price = the plan "{ $name }" has no price: write price = 79_000, or prices = {"{"} USD = 3.20 {"}"}.
mistake-tolerance = tolerance must be less than the lowest price in VND ({ $price }), or that plan would be given away.
mistake-holder = "{ $field }" must be one line, without spaces around it.
mistake-account = "{ $field }" must be a number of 1 to 19 digits or letters, without spaces.
mistake-word = "{ $field }" must be 1 to 10 capital letters or digits, such as SEVQR.
mistake-bank-unknown = "{ $field }": no bank has this name; write its short name or its six digits, such as "Vietcombank" or "970436".
mistake-bank-ambiguous = "{ $field }": several banks have this name; write the six digits.
mistake-account-twice = the account { $account } is named twice.
mistake-other = "{ $field }" is not valid.
mistake-slug-twice = the slug "{ $slug }" is used twice.
mistake-course-without-link = the course "{ $name }" has no [[product.link]].
mistake-licence-with-link = "{ $name }" is a licence and has no [[product.link]]; use download_url.
