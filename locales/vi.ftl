### Tiếng Việt. Gọi người mua là "bạn", lời shop ngắn gọn, lịch sự.
### Chỉ dùng <b>, <i>, <code>. Thuộc tính .noun là tên gọi của thứ được sao chép, dùng trong thư.

## Ngôn ngữ: tên tự gọi; cách viết giờ và tiền (mẫu CLDR)

language-name = 🇻🇳 Tiếng Việt
time-format = HH:mm, dd/MM/yyyy
money-format = #,##0{"\u00A0"}¤
    .USD = #,##0{"\u00A0"}¤

## Thời hạn

duration-days = { $days } ngày
duration-lifetime = Trọn đời

## Thẻ QR

card-title = Quét mã VietQR để thanh toán
card-amount = Số tiền
card-memo = Nội dung chuyển khoản
card-keep = Vui lòng giữ nguyên nội dung này
card-bank = Ngân hàng
card-account = Số tài khoản
card-holder = Chủ tài khoản
card-deadline = Thanh toán trước { $deadline }
card-title-khqr = Quét mã KHQR để thanh toán
card-memo-khqr = Mã đơn
card-keep-khqr = Đã có sẵn trong mã QR, bạn không cần nhập
card-bank-khqr = Mạng thanh toán
card-account-khqr = Tài khoản Bakong
card-holder-khqr = Người nhận

## Thư điện tử

email-subject = Tin nhắn từ { $shop }
email-footer = Thư này được { $shop } gửi tự động. Nếu bạn không mua hàng tại đây, bạn có thể bỏ qua thư này.

## Nút bấm chung

back = ‹ Quay lại
help = ❓ Trợ giúp
my-orders = 🧾 Đơn của tôi
my-credit = 💰 Số dư
paid = ✅ Tôi đã thanh toán
cancel = ✖️ Hủy đơn
language = 🌐 Ngôn ngữ
skip = Bỏ qua ›
copy-account = 📋 Sao chép số tài khoản
    .noun = Số tài khoản
copy-amount = 📋 Sao chép số tiền
    .noun = Số tiền
copy-memo = 📋 Sao chép nội dung
    .noun = Nội dung chuyển khoản
copy-key = 📋 Sao chép mã kích hoạt
    .noun = Mã kích hoạt

## Trò chuyện: xem hàng

welcome = Chào bạn, đây là <b>{ $shop }</b> 👋
choose-plan = Bạn chọn một gói bên dưới. Nhận hàng ngay khi tiền về.
shelf-empty = Hiện shop chưa có gói nào đang bán. Bạn quay lại sau nhé.
plan-button = { $product } · { $plan } · { $price }
plan-card =
    <b>{ $product }</b>
    Gói: { $plan }
    Thời hạn: { $days ->
        [0] trọn đời
       *[other] { $days } ngày
    }
    Giá: <b>{ $price }</b>
plan-or = • hoặc <b>{ $price }</b>
plan-description = { $text }
plans = 🛍 Các gói
buy = 🛒 Mua ngay
language-choice = { $name }
choose-language = Bạn muốn dùng ngôn ngữ nào?
help-page =
    <b>{ $shop }</b> bán hàng tự động:
    1. Chọn gói (/start)
    2. Thanh toán theo hướng dẫn; khi chuyển khoản, giữ nguyên số tiền và nội dung
    3. Nhận hàng ngay tại đây, và qua email nếu bạn đã cho địa chỉ

    /myorders – đơn đã mua, nhận lại hàng
    /credit – số dư của bạn
    /language – đổi ngôn ngữ
    /cancel – hủy việc đang làm hoặc đơn đang chờ
    /claim – đã chuyển tiền mà chưa được ghi nhận
    /paysupport – hỗ trợ thanh toán
    /terms – điều khoản mua hàng
contact-line = 💬 Cần người hỗ trợ? Liên hệ: { $contact }
pay-support =
    <b>{ $shop }</b> – hỗ trợ thanh toán
    • Đã trả tiền mà chưa thấy hàng: gõ /myorders, chọn đơn để xem và nhận lại hàng.
    • Cần hoàn tiền hoặc có khoản trừ sai: hãy nhắn shop kèm mã đơn.
    Nhân viên Telegram không xử lý các khoản mua tại đây; shop sẽ giúp bạn.
own-terms = { $terms }
usual-terms =
    <b>{ $shop }</b> – điều khoản mua hàng
    • Hàng số được giao tại đây, và qua email nếu bạn đã cho địa chỉ, ngay khi tiền về.
    • Mã kích hoạt và khóa học chỉ dành cho người mua; thời hạn là thời hạn ghi trên gói.
    • Khi đơn được hoàn toàn bộ tiền, hàng của đơn hết hiệu lực.
    • Shop giữ những gì cần để giao hàng và đối chiếu tiền: tên và mã trò chuyện của bạn, email bạn đã cho, các đơn hàng, những gì ngân hàng hoặc cổng thanh toán cho biết về khoản tiền (như tên và tài khoản người trả), và tài khoản nhận tiền hoàn.
    • Có vướng mắc về thanh toán: gõ /paysupport.
not-understood = Mình chưa hiểu ý bạn. Bạn bấm một nút bên dưới nhé.
dead-button = Nút này không còn dùng được nữa. Bạn chọn lại bên dưới nhé.
toast-dead-button = Nút này đã hết hạn

## Trò chuyện: mua hàng

ask-email = Bạn gửi địa chỉ email để nhận <b>{ $product }</b> và biên nhận nhé.
ask-email-optional = Bạn gửi địa chỉ email để nhận <b>{ $product }</b> và biên nhận qua thư, hoặc bấm Bỏ qua.
email-wrong = Địa chỉ email này có vẻ chưa đúng. Bạn kiểm tra và gửi lại giúp mình, ví dụ: ten@gmail.com
use-email = ✉️ Dùng { $address }
order-still-open = Đơn <b>{ $code }</b> của bạn vẫn đang chờ thanh toán, đây là hướng dẫn thanh toán.
another-order-open = Bạn đang có đơn <b>{ $code }</b> ({ $product } · { $plan }) chờ thanh toán. Bạn muốn thanh toán đơn đó, hay hủy để mua gói mới?
pay-that = 💳 Thanh toán { $code }
swap = 🔁 Hủy và mua { $plan }
buy-also = ➕ Mua thêm { $plan }
cancel-that = ✖️ Hủy { $code }
order-too-many-open = Bạn đang có { $count } đơn chờ thanh toán, là số tối đa cùng lúc. Bạn thanh toán hoặc hủy một đơn rồi đặt tiếp nhé. Xem các đơn: /myorders
order-too-large = Số tiền này vượt quá hạn mức một lần chuyển khoản nhanh, nên shop chưa nhận đơn được.
shop-has-too-many-orders = Hiện có quá nhiều người đặt hàng. Bạn thử lại sau ít phút nhé.
shop-cannot-take-money = Shop chưa sẵn sàng nhận thanh toán. Bạn quay lại sau nhé.
order-too-many-this-hour = Trong một giờ qua bạn đã tạo quá nhiều đơn. Bạn thử lại sau ít lâu nhé.
order-too-many = Hôm nay bạn đã tạo quá nhiều đơn. Bạn thử lại vào ngày mai nhé.
choose-way = Bạn muốn thanh toán <b>{ $product }</b> · { $plan } bằng cách nào?
choose-way-again = Bạn muốn thanh toán đơn <b>{ $code }</b> bằng cách nào?
way-bank = 🏦 Chuyển khoản ngân hàng · { $price }
way-credit = 💰 Dùng số dư · { $price }
way-bank-named = 🏦 { $bank } · { $price }
way-vnpay = 💳 VNPay (thẻ, QR, ví) · { $price }
way-sepay-pg = 🧾 Cổng SePay · { $price }
way-bakong-usd = 🇰🇭 KHQR (Bakong) · { $price }
way-bakong-khr = 🇰🇭 KHQR (Bakong) · { $price }
way-stars = ⭐ Sao Telegram · { $price }
way-other = 💳 { $gateway } · { $price }
way-chosen = Đơn <b>{ $code }</b>: bạn thanh toán theo tin bên dưới nhé.
toast-way-gone = Cách thanh toán này không còn nữa
cancel-sure = Hủy đơn <b>{ $code }</b>? Nếu bạn đã thanh toán thì đừng hủy, chỉ cần chờ một chút.
cancel-yes = ✖️ Hủy đơn
cancel-no = ‹ Giữ đơn
order-cancelled = Đã hủy đơn <b>{ $code }</b>.
cancelled-talk = Đã dừng. Bạn có thể chọn lại bất cứ lúc nào.
nothing-to-cancel = Không có gì để hủy.
toast-waiting = Shop đang kiểm tra tiền về
waiting-for-bank =
    Cảm ơn bạn. Shop đang kiểm tra xem tiền của đơn <b>{ $code }</b> ({ $amount }) đã về chưa.
    Thường chỉ mất vài giây đến vài phút; hàng sẽ tự động được gửi tại đây, bạn không cần làm gì thêm.
payment-held = Cổng thanh toán chưa xử lý xong khoản { $amount } bạn đã trả cho đơn <b>{ $code }</b>. Kết quả sẽ được báo tại đây, bạn đừng thanh toán lại trước khi có kết quả.

## Trò chuyện: đơn đã mua

orders-page = Các đơn của bạn, mới nhất ở trên. Bấm vào đơn để xem hoặc nhận lại hàng:
older-orders = Đơn cũ hơn ›
no-orders = Bạn chưa có đơn nào.
order-button-open = ⏳ { $code } · { $product } · { $plan } · { $amount }
order-button-paid = ✅ { $code } · { $product } · { $plan } · { $amount }
order-button-expired = ⌛ { $code } · { $product } · { $plan } · { $amount }
order-button-cancelled = ✖️ { $code } · { $product } · { $plan } · { $amount }
order-is-expired = Đơn <b>{ $code }</b> đã hết hạn thanh toán. Nếu bạn đã trả tiền, tiền về trước { $watch } vẫn được giao hàng tự động.
order-is-cancelled = Đơn <b>{ $code }</b> đã hủy. Nếu bạn đã lỡ trả tiền, tiền về trước { $watch } vẫn được giao hàng tự động.
order-is-over = Đơn <b>{ $code }</b> đã kết thúc. Bạn đừng trả tiền cho đơn này nữa; nếu vẫn cần, bạn bấm Mua lại nhé.
part-is-held = Shop đang giữ <b>{ $came }</b> của bạn ở đơn { $code }. Tiền này vẫn là của bạn.
order-expired = Đơn <b>{ $code }</b> đã hết thời gian thanh toán. Nếu bạn đã trả tiền thì yên tâm: tiền về trước { $watch } vẫn được giao hàng tự động.
part-is-kept = Phần { $came } đã có vẫn được giữ cho đơn này. Trả nốt { $missing } trước thời hạn đó thì hàng vẫn được giao; nếu không, tiền này vẫn là của bạn.
order-reminder = ⏳ Đơn <b>{ $code }</b> còn { $left } để thanh toán. Còn thiếu: <b>{ $missing }</b>.
order-placed = Đã đặt đơn <b>{ $code }</b>.
buy-again = 🔁 Mua lại
see-order = 📦 Xem đơn

## Thẻ QR trong chat

card-caption =
    Đơn <b>{ $code }</b>
    Quét mã bằng ứng dụng ngân hàng, hoặc chuyển khoản đúng:
    • Số tiền: <b>{ $amount }</b>
    • Nội dung: <code>{ $memo }</code>
    • Ngân hàng: { $bank }
    • Số tài khoản: <code>{ $account }</code>
    • Chủ tài khoản: { $holder }
    Hạn thanh toán: <b>{ $until }</b>
card-caption-khqr =
    Đơn <b>{ $code }</b>
    Quét mã KHQR bằng Bakong hoặc ứng dụng của bất kỳ ngân hàng Campuchia nào:
    • Số tiền: <b>{ $amount }</b>
    • Người nhận: { $holder }
    • Tài khoản Bakong: <code>{ $account }</code>
    • Mã đơn, đã có sẵn trong mã QR: <code>{ $memo }</code>
    Hạn thanh toán: <b>{ $until }</b>
card-paid = ✅ Đã thanh toán – đơn <b>{ $code }</b>
card-cancelled = ✖️ Đã hủy – đơn <b>{ $code }</b>. Đừng thanh toán theo tin này nữa.
card-expired = ⌛ Hết hạn – đơn <b>{ $code }</b>. Đừng thanh toán theo tin này nữa.
card-moved = Hướng dẫn thanh toán đơn <b>{ $code }</b> đã được gửi lại ở tin nhắn bên dưới.
open-pay-page = 🌐 Mở trang thanh toán
qr-being-made = Mã QR của đơn <b>{ $code }</b> đang được tạo và sẽ được gửi tại đây ngay khi có.
qr-is-late = Mã QR của đơn <b>{ $code }</b> đang được tạo, chậm hơn mọi khi một chút. Bạn chờ giúp mình nhé, mã sẽ được gửi tại đây.
qr-cannot-be-made = Hiện shop chưa tạo được mã QR cho đơn <b>{ $code }</b>. Shop đã được báo; mã sẽ được gửi tại đây ngay khi tạo được.
card-replaced = Đơn <b>{ $code }</b> đã nhận được một phần tiền. Bạn trả nốt theo hướng dẫn bên dưới.
card-changed = Đơn <b>{ $code }</b> đã đổi cách thanh toán. Bạn dùng hướng dẫn mới bên dưới.
card-failed = ✖️ Lần thanh toán này của đơn <b>{ $code }</b> không thành công.
pay-on-page =
    Đơn <b>{ $code }</b>
    Số tiền: <b>{ $amount }</b>
    Bấm nút bên dưới để mở { $gateway ->
        [vnpay] trang VNPay (thẻ, QR, ví)
        [sepay-pg] trang SePay
       *[other] trang thanh toán
    }.
    Hạn thanh toán: <b>{ $until }</b>
invoice-title = { $product } · { $plan }
invoice-caption = Đơn { $code }: { $amount }. Hạn thanh toán: { $until }.
pay-invoice = ⭐ Trả { $amount }
checkout-not-yours = Hóa đơn này không dành cho bạn. Bạn gõ /start để mua trong cửa hàng nhé.
checkout-paid-already = Đơn { $code } đã được thanh toán rồi, bạn không cần trả thêm.
checkout-over = Đơn { $code } không còn chờ thanh toán bằng hóa đơn này nữa. Bạn gõ /myorders để xem đơn nhé.
checkout-wrong-amount = Số tiền của hóa đơn này không còn đúng với đơn { $code }. Bạn gõ /myorders để mở lại đơn nhé.
checkout-try-again = Shop đang bận nên chưa nhận thanh toán được. Bạn chưa bị trừ tiền, bạn thử lại sau ít phút nhé.
other-way = 💳 Cách thanh toán khác
pay-again = 💳 Thanh toán lại
payment-failed = Lần thanh toán này của đơn <b>{ $code }</b> không thành công. Bạn vẫn có thể thanh toán đơn: thử lại, hoặc chọn cách khác.
payment-cancelled = Bạn đã hủy thanh toán đơn <b>{ $code }</b>. Bạn vẫn có thể thanh toán đơn này, cũng có thể chọn cách khác.
way-too-often = Đơn <b>{ $code }</b> đã đổi cách thanh toán quá nhiều lần. Bạn thanh toán theo hướng dẫn gần nhất, hoặc hủy đơn và đặt lại nhé.
money-held = Cổng thanh toán đang kiểm tra khoản { $amount } cho đơn <b>{ $code }</b>. Khi họ xác nhận, hàng sẽ được gửi ngay; shop cũng đã được báo.
money-stuck = Cổng thanh toán đã thu { $amount } cho đơn <b>{ $code }</b> nhưng chưa chuyển cho shop: họ vẫn đang xử lý khoản này, hoặc sẽ hoàn lại cho bạn. Nếu tiền về, hàng sẽ được gửi ngay; shop cũng đã được báo.
money-reversed = Cổng thanh toán đã thu hồi khoản { $amount } của đơn <b>{ $code }</b>, nên hàng đã giao không còn hiệu lực.
money-taken-back = Cổng thanh toán đã thu hồi khoản { $amount } của đơn <b>{ $code }</b>. Hàng đã giao (nếu có) không bị ảnh hưởng.
refund-called-off = Khoản hoàn { $amount } của đơn <b>{ $code }</b> không còn nữa, vì cổng thanh toán đã trả lại tiền cho bạn.
rest-is-credit = Phần còn lại bạn đã trả cho đơn <b>{ $code }</b> là <b>{ $amount }</b>, nay là số dư của bạn.
admin-rest-is-credit = Phần còn lại đã trả cho đơn <b>{ $code }</b>, <b>{ $amount }</b>, nay là số dư của người mua.
admin-taken-back = ⚠️ { $source } đã thu hồi khoản <b>{ $amount }</b> của đơn <b>{ $code }</b> (mã giao dịch { $ref }). Khoản này chưa đổi lấy hàng, nên hàng không bị thu hồi.
admin-reversed-unknown = ⚠️ { $source } báo đã thu hồi khoản <b>{ $amount }</b> (mã giao dịch { $ref }) mà sổ của shop chưa từng ghi nhận. Hãy kiểm tra ở trang của cổng.
admin-refund-called-off = Khoản hoàn <b>{ $amount }</b> của đơn <b>{ $code }</b> đã bị hủy, vì tiền không còn ở shop. Đừng chuyển nữa.
admin-held = ⚠️ { $source } giữ lại khoản <b>{ $amount }</b> của đơn <b>{ $code }</b> vì nghi ngờ gian lận (mã giao dịch { $ref }). Tiền chưa về shop, hàng chưa giao. Hãy kiểm tra ở trang của cổng.
admin-stuck = ⚠️ { $source } đã thu <b>{ $amount }</b> của người mua đơn <b>{ $code }</b> nhưng chưa chuyển cho shop (mã giao dịch { $ref }): họ vẫn đang xử lý khoản này, hoặc hoàn lại cho người mua. Tiền chưa về shop, hàng chưa giao. Hãy kiểm tra ở trang của cổng.
admin-reversed = ⚠️ { $source } đã thu hồi khoản <b>{ $amount }</b> của đơn <b>{ $code }</b> (mã giao dịch { $ref }). Hàng đã giao cho khoản này bị thu hồi.
admin-look-refused = ⚠️ { $gateway } từ chối cho shop hỏi về các khoản thanh toán: { $reason }. Hãy kiểm tra khóa của cổng này; chạy doctor để xem chi tiết.

## Trang đưa người mua sang trang của cổng

pay-title = Thanh toán đơn { $code }
pay-text = { $shop }: { $amount }. Trang thanh toán sẽ tự mở ra; nếu không, bạn bấm nút bên dưới.
pay-go = Sang trang thanh toán
pay-over-title = Không còn gì để thanh toán ở đây
pay-over-text = Lượt thanh toán này đã kết thúc. Mọi thông tin về đơn hàng có trong khung chat với shop.

## Trang sau khi thanh toán ở trang của cổng

back-title = Mời bạn trở lại khung chat
back-text = Bạn có thể đóng trang này. Khi tiền về, hàng sẽ tự động được gửi trong khung chat. Nếu chưa thanh toán, bạn có thể chọn cách tiếp tục trong khung chat.
return-paid-title = Thanh toán thành công
return-paid-text = Cổng thanh toán báo đã nhận tiền của bạn. Hàng sẽ tự động được gửi trong khung chat sau ít phút. Bạn có thể đóng trang này.
return-held-title = Đang kiểm tra
return-held-text = Cổng thanh toán vẫn đang xử lý khoản tiền này. Kết quả sẽ được báo trong khung chat, bạn đừng thanh toán lại trước khi có kết quả.
return-cancelled-title = Đã hủy thanh toán
return-cancelled-text = Bạn đã hủy thanh toán và chưa bị trừ tiền. Trong khung chat, bạn có thể thanh toán lại hoặc chọn cách khác.
return-failed-title = Thanh toán không thành công
return-failed-text = Cổng thanh toán chưa thu được tiền. Trong khung chat, bạn có thể thanh toán lại hoặc chọn cách khác.

## Tiền về

payment-received = ✅ Đã nhận được thanh toán cho đơn <b>{ $code }</b>. Cảm ơn bạn! Hàng đang được gửi…
money-short = Đơn <b>{ $code }</b> mới nhận được { $came }, còn thiếu <b>{ $missing }</b>. Bạn trả nốt phần còn thiếu theo hướng dẫn bên dưới, hàng sẽ được giao ngay.
money-over = Bạn đã trả dư <b>{ $amount }</b> cho đơn { $code }. Số tiền này là của bạn, bạn chọn bên dưới nhé.
money-ambiguous = Shop nhận được <b>{ $amount }</b>, có thể là của đơn <b>{ $code }</b>. Shop đang đối chiếu, bạn không cần làm gì thêm.
money-second = Shop nhận thêm một khoản <b>{ $amount }</b> cho đơn <b>{ $code }</b> đã thanh toán. Số tiền này là của bạn, bạn chọn bên dưới nhé.
money-late = Khoản <b>{ $amount }</b> cho đơn <b>{ $code }</b> về khi đơn đã kết thúc, và hàng không còn bán theo giá đó hoặc số tiền chưa đủ, nên shop chưa giao hàng. Số tiền này là của bạn, bạn chọn bên dưới nhé.
money-late_honoured = Khoản <b>{ $amount }</b> cho đơn <b>{ $code }</b> về trễ, khi đơn đã kết thúc; hàng vẫn còn bán theo giá đó nên đơn vẫn được giao.
money-late_unplaced = Khoản <b>{ $amount }</b> cho đơn <b>{ $code }</b> về quá lâu sau khi đơn kết thúc. Tiền được ghi lại; sẽ có người của shop xem, và kết quả được báo tại đây.
money-wrong_currency = Khoản <b>{ $amount }</b> cho đơn <b>{ $code }</b> không đúng loại tiền. Tiền của bạn được ghi lại; shop đã được báo và sẽ liên hệ với bạn.

## Số dư của người mua

credit-keep = 💰 Để dành cho đơn sau
credit-pay-back = 💸 Nhận lại tiền
credit-pay-back-of = 💸 Nhận lại { $amount } ({ $code })
credit-have = 💰 Số dư của bạn: <b>{ $amount }</b>
credit-from = • { $amount } từ đơn { $code }
credit-wished = • trong đó { $amount } bạn đã yêu cầu nhận lại
credit-how = Số dư được tự động dùng cho đơn tiếp theo cùng loại tiền. Nếu muốn nhận lại, bạn bấm nút bên dưới; shop duyệt rồi mới chuyển.
credit-none = Bạn chưa có số dư nào.
credit-kept = Đã để dành. Bạn có <b>{ $amount }</b>, sẽ được tự động dùng cho đơn tiếp theo. Xem lại lúc nào cũng được: /credit
credit-asked-back = Yêu cầu nhận lại <b>{ $amount }</b> (đơn { $code }) đã được gửi tới shop. Khi shop đồng ý, bạn sẽ được báo tại đây.
credit-nothing-left = Ở đơn { $code } không còn khoản nào để dành hoặc nhận lại. Xem số dư: /credit
credit-helps = 💰 Bạn có <b>{ $have }</b>. Giá { $price }, bạn chỉ còn phải trả <b>{ $rest }</b>.
credit-covers = 💰 Bạn có <b>{ $have }</b>, đủ cho giá { $price }: khi đặt đơn, số dư được dùng ngay và bạn không phải trả thêm.
credit-spent = 💰 Đã dùng <b>{ $amount }</b> số dư cho đơn <b>{ $code }</b>. Còn phải trả: <b>{ $missing }</b>.
credit-paid = 💰 Đã dùng <b>{ $amount }</b> số dư cho đơn <b>{ $code }</b>, bạn không phải trả thêm.
credit-is-back = 💰 <b>{ $amount }</b> đã dùng cho đơn { $code } đã trở lại số dư của bạn.

## Báo khoản chuyển chưa được ghi nhận

claim = 🔎 Báo khoản chuyển bị thiếu
claim-which-order = Bạn chuyển tiền cho đơn nào? Nếu không rõ, bạn bấm nút cuối.
claim-order = { $code } · { $amount }
claim-no-order = Không phải các đơn này, hoặc không rõ
claim-how-much = Bạn đã chuyển bao nhiêu? Bạn gõ đúng số tiền, ví dụ 79000.
claim-amount-wrong = Mình chưa đọc được số tiền này.
claim-whole = { $amount }
claim-which-day = Bạn chuyển lúc nào? Bạn chọn ngày, hoặc gõ giờ, ví dụ 14:30 hoặc 14:30 20/11.
claim-when-wrong = Mình chưa đọc được thời điểm này (chỉ nhận trong 90 ngày gần đây).
claim-today = Hôm nay
claim-yesterday = Hôm qua
claim-which-tail = 4 số cuối của tài khoản bạn đã dùng để chuyển là gì? Bạn đừng gửi cả số tài khoản.
claim-tail-wrong = Bạn chỉ gõ 4 số cuối của tài khoản giúp mình, ví dụ 0814.
claim-no-tail = Mình không rõ
claim-passed-on = Cảm ơn bạn. Thông tin về khoản chuyển <b>{ $amount }</b> ({ $at }) đã được chuyển tới shop. Sẽ có người xem, và kết quả sẽ được báo cho bạn tại đây.
claims-waiting = Bạn đang có { $count } khoản báo chờ trả lời. Bạn đợi shop trả lời nhé.
claims-without-order = Bạn chưa có đơn hàng nào ở đây nên chưa có đơn nào bị thiếu tiền. Nếu bạn đã chuyển tiền, bạn nhắn cho shop nhé.
claims-too-many-shop = Hiện có quá nhiều người báo thiếu tiền. Bạn gửi lại sau một giờ nhé.
claims-too-many = Bạn đã báo { $count } lần trong một ngày. Bạn gửi tiếp vào ngày mai nhé.
claim-accepted = ✅ Shop đã tìm thấy khoản chuyển <b>{ $amount }</b> của bạn.
claim-refused = Shop đã xem khoản chuyển <b>{ $amount }</b> bạn báo và chưa thể xác nhận. Bạn kiểm tra lại số tiền, ngày và tài khoản trong ứng dụng ngân hàng; nếu mọi thứ đều đúng, bạn nhắn cho shop nhé.
admin-claim = 🔎 Người mua báo khoản chuyển <b>{ $amount }</b> chưa được ghi nhận. Cần người xem.
admin-claim-of-order = 🔎 Người mua báo khoản chuyển <b>{ $amount }</b> cho đơn <b>{ $code }</b> chưa được ghi nhận. Cần người xem.
claim-look = 🔎 Xem
claim-page = 🔎 Báo lúc { $made }: khoản chuyển <b>{ $amount }</b> khoảng { $at }.
claim-page-order = • cho đơn <b>{ $code }</b>: <code>/order { $code }</code>
claim-page-tail = • từ tài khoản có số cuối <b>{ $tail }</b>
claim-fits = { $place }. <b>{ $amount }</b> · { $at } · { $payer } · "{ $memo }"
claim-fits-nothing = Chưa có khoản tiền nào đang chờ khớp với thông tin này. Tiền có thể về sau; bạn mở lại trang này khi cần.
claim-accept = ✅ Là khoản { $place } ({ $amount })
claim-refuse = ✖️ Từ chối
claim-why = Vì sao từ chối? Bạn gõ lý do để shop lưu lại (người mua không đọc được), hoặc bấm nút.
claim-none = Không thấy khoản nào khớp
claim-accepted-admin = ✅ Đã chấp nhận khoản báo <b>{ $amount }</b>. Người mua đã được báo.
claim-refused-admin = ✖️ Đã từ chối khoản báo <b>{ $amount }</b>. Người mua đã được báo.
claim-is-accepted = Khoản báo này đã được chấp nhận.
claim-is-refused = Khoản báo này đã bị từ chối.
claim-decided = Đã có người quyết định về khoản báo này rồi.
claim-without-orders = Người mua này chưa có đơn nào để ghi số dư vào. Bạn hãy xử lý khoản tiền đó trong /review.
claim-money-gone = Khoản tiền này không còn chờ nữa, hoặc không khớp với khoản báo. Bạn mở lại khoản báo nhé.

## Giao hàng

goods-title = 🎁 Hàng của đơn <b>{ $code }</b>
goods-licence = <b>{ $product }</b> · { $plan }
goods-course = <b>{ $product }</b> · { $plan }
goods-key = Mã kích hoạt: <code>{ $key }</code>
goods-link = 🔗 { $title }: { $url }
goods-expires = Hết hạn: <b>{ $at }</b>
goods-lifetime = Thời hạn: <b>trọn đời</b>
goods-activation = Cách kích hoạt: { $how }
goods-download = Tải về: { $url }
download = ⬇️ Tải về
open-link = 🔗 { $title }

## Thư giao hàng

letter-subject = { $shop }: hàng của đơn { $code }
letter-greeting = Cảm ơn bạn đã mua hàng tại <b>{ $shop }</b>. Đây là hàng của bạn:
receipt-title = <b>Biên nhận</b> – đơn { $code }, thanh toán lúc { $at }
receipt-line = { $product } · { $plan }: { $price }
receipt-total = Tổng cộng: <b>{ $total }</b>

## Báo cho người bán

admin-unmatched = ⚠️ Tiền về không rõ đơn nào: <b>{ $amount }</b>, nội dung "{ $memo }" ({ $source } { $ref }). Cần người xem.
admin-small-money = 🪙 Có { $count } khoản tiền lẻ (dưới { $floor }) về không rõ cho đơn nào. Shop chỉ báo loại này nhiều nhất một lần mỗi giờ. Xem: /review
admin-unmatched-more = ⚠️ Thêm { $count } khoản tiền về không rõ đơn nào. Xem: /review
admin-candidate = • Có thể là đơn <b>{ $code }</b> ({ $total }): { $why ->
    [code] mã gần giống
    [payer] người chuyển từng trả cho đơn của người mua này
   *[amount] đúng số tiền
}. Xem: <code>/order { $code }</code>
admin-no-candidate = • Không đơn đang chờ nào có mã gần giống hoặc đúng số tiền này. Nếu người mua cho biết mã, hãy xem: /order MÃ
admin-says-paid = 💬 Người mua báo đã thanh toán đơn <b>{ $code }</b> ({ $amount }), shop chưa thấy tiền về. Xem: <code>/order { $code }</code>
admin-ambiguous = ⚠️ Tiền về chưa rõ là của đơn nào: <b>{ $amount }</b>, nội dung "{ $memo }" ({ $source } { $ref }). Cần người xem.
admin-placed = ✅ Khoản <b>{ $amount }</b> lúc đầu chưa rõ đơn nào là của đơn <b>{ $code }</b>: { $source } đã cho biết ({ $ref }).
admin-wrong_currency = ⚠️ Sai loại tiền: <b>{ $amount }</b> cho đơn <b>{ $code }</b>, nội dung "{ $memo }" ({ $source } { $ref }).
admin-over = ⚠️ Đơn <b>{ $code }</b> trả dư <b>{ $surplus }</b> (khoản vừa về: { $amount }, nội dung "{ $memo }", { $source } { $ref }). Phần dư được ghi vào số dư của người mua; họ được hỏi muốn để dành hay nhận lại. Hoàn lại ngay: <code>/refund { $code } { $typed }</code>
admin-part-freed = ⚠️ Đơn <b>{ $code }</b> đã được thanh toán bằng loại tiền khác; phần <b>{ $came }</b> trả trước đó được ghi vào số dư của người mua; họ được hỏi muốn để dành hay nhận lại. Hoàn lại ngay: <code>/refund { $code } { $currency }</code>
admin-part-held = ⚠️ Đơn <b>{ $code }</b> đã kết thúc nhưng còn giữ <b>{ $came }</b> trả một phần. Người mua được hỏi muốn để dành hay nhận lại.
admin-second = ⚠️ Đơn <b>{ $code }</b> đã thanh toán, nay nhận thêm <b>{ $amount }</b>, nội dung "{ $memo }" ({ $source } { $ref }). Khoản này được ghi vào số dư của người mua; họ được hỏi muốn để dành hay nhận lại.
admin-late = ⚠️ Tiền về quá trễ cho đơn <b>{ $code }</b>: <b>{ $amount }</b>, nội dung "{ $memo }" ({ $source } { $ref }). Giá đã đổi, hàng không còn bán hoặc tiền không đủ, nên khoản này được ghi vào số dư của người mua; họ được hỏi muốn để dành hay nhận lại.
admin-late_honoured = ⏰ Tiền về trễ cho đơn <b>{ $code }</b>: <b>{ $amount }</b>, nội dung "{ $memo }" ({ $source } { $ref }). Giá còn như cũ và hàng còn bán, nên đơn đã được thanh toán và giao hàng.
admin-late_unplaced = ⚠️ Tiền cho đơn cũ <b>{ $code }</b>, đã kết thúc từ lâu: <b>{ $amount }</b>, nội dung "{ $memo }" ({ $source } { $ref }). Cần người xem.
admin-credit-negative = ⚠️ Số dư của người mua này nay là <b>{ $amount }</b>: phần đã dùng cho đơn khác đã bị thu hồi. Số dư âm không dùng được.
admin-orders-rush = ⚠️ Trong một giờ qua đã có { $count } đơn, đúng mức tối đa (orders_an_hour trong tệp của shop). Người mua tạm thời chưa đặt thêm được.
admin-claims-rush = ⚠️ Trong một giờ qua đã có { $count } khoản chuyển được báo thiếu, đúng mức tối đa. Người mua tạm thời chưa báo thêm được.
admin-undeliverable = ⚠️ Không gửi được hàng của đơn <b>{ $code }</b> qua { $channel }.
admin-link-refused = ⚠️ { $gateway } từ chối tạo link thanh toán cho đơn <b>{ $code }</b>: { $reason }. Hãy kiểm tra khóa và kênh thanh toán.
admin-stars-returned = ✅ Telegram đã trả lại <b>{ $amount }</b> của đơn <b>{ $code }</b>.
admin-stars-refused = ⚠️ Telegram từ chối trả lại <b>{ $amount }</b> của đơn <b>{ $code }</b>: { $reason }. Shop sẽ tự thử lại.
admin-mail-missing = ⚠️ Chưa cấu hình email (SMTP_URL, MAIL_FROM). Thư giao hàng đang chờ trong hàng đợi.

## Người bán trong khung chat: lệnh, số liệu, câu chuyện một đơn

admin-buyer = 👤 Người mua: { $who } ({ $channel } <code>{ $id }</code>)
admin-joined = 🔑 { $name } ({ $channel } <code>{ $id }</code>) vừa nhận lời mời và trở thành quản trị. Nếu không đúng: python -m app admin remove { $channel }:{ $id }
admin-welcome = 🔑 Từ giờ bạn là quản trị của <b>{ $shop }</b>. Việc nào cần người xem sẽ được báo tại đây.
admin-help =
    <b>Dành cho quản trị</b>
    /stats – số liệu: today, 7d, 30d hoặc all
    /order MÃ – toàn bộ diễn biến của một đơn
    /refund MÃ [số tiền] [lý do] – hoàn tiền
    /review – việc cần người xem
    /audit MÃ – ai làm gì, lúc nào, trước và sau
stats-how = Bạn gõ /stats, /stats 7d, /stats 30d hoặc /stats all.
stats-title-today = 📊 <b>{ $shop }</b> · hôm nay, từ { $since }
stats-title-7d = 📊 <b>{ $shop }</b> · 7 ngày qua, từ { $since }
stats-title-30d = 📊 <b>{ $shop }</b> · 30 ngày qua, từ { $since }
stats-title-all = 📊 <b>{ $shop }</b> · từ trước đến nay
stats-span-today = Hôm nay
stats-span-7d = 7 ngày
stats-span-30d = 30 ngày
stats-span-all = Tất cả
stats-orders =
    🧾 Đơn đã tạo: <b>{ $placed }</b>
    • đã thanh toán: { $paid } ({ $conversion })
    • đang chờ tiền: { $open }
    • hết hạn: { $expired }
    • đã hủy: { $cancelled }
stats-money = 💰 Tiền về: <b>{ $amount }</b>
stats-returned = ↩️ Đã hoàn lại: <b>{ $amount }</b>
stats-deliveries = 📦 Lượt giao hàng đã tới: { $sent } trên { $ended } ({ $rate })
stats-waits = ⏱ Từ lúc trả tiền đến lúc nhận hàng, { $count } đơn: một nửa trong vòng <b>{ $median }</b>, 95% trong vòng <b>{ $p95 }</b>
stats-no-waits = ⏱ Từ lúc trả tiền đến lúc nhận hàng: chưa có hàng nào tới trong khoảng này
stats-no-problems = ✅ Không có việc gì đang chờ bạn
stats-problems = ⚠️ <b>Việc đang chờ bạn</b>
problem-money-unmatched = • tiền về không rõ đơn nào: { $count }
problem-money-ambiguous = • tiền về chưa rõ là của đơn nào: { $count }
problem-money-late = • tiền về quá trễ: { $count }
problem-money-wrong_currency = • tiền sai loại: { $count }
problem-money-held = • tiền đang bị cổng thanh toán giữ lại: { $count }
problem-goods = • đơn không giao được hàng bằng cách nào: { $count }
problem-jobs = • việc đã bỏ sau nhiều lần thử: { $count }
problem-notices = • thông báo ngân hàng chưa xử lý được: { $count }
order-how = Bạn gõ mã đơn sau lệnh: /order KX2345678
order-not-found = Không có đơn nào mang mã đó.
story-order = 🧾 Đơn <b>{ $code }</b> · { $payment ->
    [open] ⏳ đang chờ tiền
    [paid] ✅ đã thanh toán
    [returning] ✅ đã thanh toán · ↩️ còn phải trả lại toàn bộ
    [returned] ✅ đã thanh toán · ↩️ đã hoàn toàn bộ
    [expired] ⌛ hết hạn
   *[cancelled] ✖️ đã hủy
} · <b>{ $total }</b>
story-line = • { $product } · { $plan }: { $price }
story-email = • ✉️ <code>{ $email }</code>
story-times = Tạo lúc { $placed }, hạn trả { $until }, theo dõi đến { $watch }
story-paid = Thanh toán lúc { $at }
story-part = Đang giữ phần đã trả: <b>{ $came }</b>
story-credit = Số dư của người mua: <b>{ $amount }</b>
story-older = • … { $count } mục trước đó
story-attempts = <b>Mã thanh toán</b>
story-attempt = • { $gateway } { $number }: { $amount }, { $state ->
    [asked] đang tạo
    [open] còn hạn đến { $until }
    [paid] đã trả
    [expired] hết hạn
    [failed] không thành công
    [replaced] đã thay
   *[cancelled] đã hủy
}
story-transfers = <b>Tiền</b>
story-transfer = • { $at }: <b>{ $amount }</b>, { $meaning ->
    [exact] trả đủ đơn
    [short] trả một phần
    [over] trả dư
    [second] trả thêm lần nữa
    [late] quá trễ
    [unmatched] chưa rõ đơn nào
    [ambiguous] chưa rõ của đơn nào
    [wrong_currency] sai loại tiền
    [foreign_account] không phải tiền của shop
    [held] cổng thanh toán giữ lại
    [reversed] cổng thanh toán lấy lại
    [credited] tiền của người mua
    [discarded] đã bỏ qua
    [returned] tiền hoàn bị trả lại
    [out] tiền ra
   *[other] { $meaning }
}; từ { $payer }; nội dung "{ $memo }" ({ $sources })
story-refunds = <b>Hoàn tiền</b>
story-refund = • { $at }: <b>{ $amount }</b>, { $state ->
    [asked] đang chờ duyệt
    [approved] còn phải trả
    [sent] đã gửi, chờ xác nhận
    [settled] đã tới ngân hàng
    [failed] gửi không được, còn phải trả
    [returned] bị trả về, còn phải trả
   *[dropped] đã bỏ
}; { $refund }; { $reason }
story-grants = <b>Hàng</b>
story-grant = • { $product } · { $plan }: { $kind ->
    [licence] mã kích hoạt
   *[course] khóa học
}, { $state ->
    [granted] đã cấp lúc { $at }
    [revoked] cấp lúc { $at }, đã thu hồi
    [failed] không cấp được lúc { $at }
   *[pending] đang xử lý từ { $at }
}
story-grant-until = • { $product } · { $plan }: { $kind ->
    [licence] mã kích hoạt
   *[course] khóa học
}, { $state ->
    [granted] đã cấp lúc { $at }
    [failed] không cấp được lúc { $at }
   *[pending] đang xử lý từ { $at }
}, đến { $until }
story-deliveries = <b>Giao hàng</b>
story-delivery = • { $at }: { $channel } <code>{ $address }</code>, { $state ->
    [sent] đã tới
    [failed] không tới được
   *[waiting] đang gửi
} { $error }
story-events = <b>Diễn biến</b>
story-event = • { $at }: { $name ->
    [order-placed] đơn được tạo ({ $actor })
    [order-expired] đơn hết hạn thanh toán
    [order-cancelled] đơn bị hủy ({ $actor })
    [link-opened] link thanh toán được tạo ({ $actor })
    [link-closed] link thanh toán được đóng ({ $actor })
    [link-failed] không tạo được link thanh toán ({ $actor }): { $reason }
    [money-exact] tiền về { $amount } qua { $source }, đủ tiền của đơn
    [money-short] tiền về { $amount } qua { $source }, một phần của đơn
    [money-over] tiền về { $amount } qua { $source }, dư so với đơn
    [money-second] tiền về { $amount } qua { $source }, đơn đã thanh toán trước đó
    [money-late] tiền về { $amount } qua { $source }, quá trễ cho đơn
    [money-wrong_currency] tiền về { $amount } qua { $source }, sai loại tiền
    [money-unmatched] tiền về { $amount } qua { $source }, không rõ đơn nào
    [money-ambiguous] tiền về { $amount } qua { $source }, chưa rõ là của đơn nào
    [money-credited] { $amount } được ghi là tiền của người mua ({ $actor })
    [money-discarded] { $amount } được bỏ qua ({ $actor })
    [money-foreign_account] { $amount } không phải tiền của shop ({ $actor })
    [review-opened] chờ người xem
    [review-closed] có quyết định ({ $actor })
    [order-way] người mua chọn cách thanh toán khác: { $way ->
        [stars] Sao Telegram
        [vnpay] VNPay
        [bakong] KHQR (Bakong)
        [sepay-pg] cổng SePay
        [casso] chuyển khoản ngân hàng
        [payos] chuyển khoản ngân hàng
        [sepay] chuyển khoản ngân hàng
       *[other] { $way }
    }, { $currency } ({ $actor })
    [credit-spent] { $amount } số dư được dùng cho đơn ({ $actor })
    [credit-returned] { $amount } của đơn trở lại số dư của người mua ({ $actor })
    [payment-failed] một lần thanh toán không thành công ({ $actor }) { $reason }
    [money-held] { $amount } đang bị { $source } giữ lại
    [money-reversed] { $amount } đã bị { $source } lấy lại
    [money-seen_again] { $source } báo lại cùng khoản tiền đó
    [claim-made] người mua báo khoản chuyển chưa được ghi nhận
    [claim-accepted] khoản người mua báo được chấp nhận ({ $actor })
    [claim-refused] khoản người mua báo bị từ chối ({ $actor }): { $reason }
    [goods-delivered] hàng đã tới qua { $channel }
    [goods-undeliverable] hàng không tới được qua { $channel }
    [admin-refund_asked] quản trị hỏi hoàn { $amount } ({ $actor }) { $reason }
    [admin-refund_dropped] quản trị bỏ, không hoàn ({ $actor })
    [admin-refund_owed] quản trị xác nhận hoàn { $amount } ({ $actor })
    [admin-refund_account] quản trị xác nhận tài khoản nhận tiền hoàn ({ $actor })
    [refund-account_confirmed] người mua xác nhận tài khoản nhận tiền hoàn
    [admin-refund_sent] quản trị báo đã chuyển trả { $amount } ({ $actor })
    [refund-stars_sent] Telegram đã trả lại { $amount }
    [refund-stars_heard] Telegram báo { $amount } đã về lại người mua
    [admin-refund_given] quản trị cho cổng thanh toán trả { $amount } ({ $actor })
    [refund-gateway_sent] cổng thanh toán ({ $actor }) đã nhận trả { $amount }
    [refund-gateway_refused] cổng thanh toán ({ $actor }) từ chối trả { $amount }: { $reason }
    [refund-wished] người mua muốn nhận lại { $amount }
    [refund-settled] { $source } báo tiền hoàn { $amount } đã ra
    [refund-returned] tiền hoàn { $amount } bị ngân hàng trả về
    [refund-failed] không gửi được tiền hoàn { $amount }: { $reason }
    [refund-card_shown] quản trị được xem mã QR hoàn tiền ({ $actor })
    [refund-called_off] việc hoàn { $amount } bị hủy vì cổng thanh toán đã lấy lại tiền
   *[other] <code>{ $kind }</code> { $actor } { $detail }
}

## Việc cần người xem: /review, /audit

reviews-title = 🗂 <b>Việc cần người xem</b>: { $count }. Việc cũ nhất ở trên.
reviews-none = ✅ Không có việc nào cần người xem.
reviews-place = <b>{ $place }.</b>
reviews-open = 🔎 { $place }
reviews-first = « Đầu danh sách
reviews-next = Tiếp ›
reviews-all = 🗂 Xem danh sách
reviews-back = ‹ Danh sách
reviews-again = 🔄 Xem lại
reviews-small = 🗑 Bỏ qua { $count } khoản tiền lẻ…
reviews-small-none = Không còn khoản tiền lẻ nào đang chờ.
reviews-small-why = Vì sao bỏ qua tất cả các khoản tiền lẻ? Bạn gõ lý do; lý do được lưu lại cho từng khoản.
reviews-small-sure = Bỏ qua <b>{ $count }</b> khoản tiền lẻ, tổng cộng <b>{ $amount }</b>?
    Lý do: { $reason }
reviews-small-yes = 🗑 Đúng, bỏ qua
reviews-small-done = 🗑 Đã bỏ qua { $count } khoản tiền lẻ.
review-money =
    💰 <b>{ $amount }</b> · { $at } · { $meaning ->
        [unmatched] không rõ đơn nào
        [ambiguous] chưa rõ là của đơn nào
        [late] về quá trễ
        [wrong_currency] sai loại tiền
        [held] cổng thanh toán đang giữ lại
       *[other] cần người xem
    }
    • Người chuyển: { $payer } …{ $tail }
    • Nội dung: "{ $memo }" ({ $source })
    • Đã chờ: { $waits }
review-of-order = • Đơn được nhắc tới: <b>{ $code }</b>. Xem: <code>/order { $code }</code>
review-late = • Tiền về sau khi shop ngừng theo dõi đơn: { $late }
review-refund =
    ↩️ Hoàn <b>{ $amount }</b> · đơn { $code } · { $refund } · { $state ->
        [asked] người mua xin hoàn
        [failed] chuyển không thành công
        [returned] tiền bị trả lại
       *[other] chờ chuyển
    }
    • Lý do: { $reason }
    • Đã chờ: { $waits }
review-claim =
    🔎 Người mua báo đã chuyển <b>{ $amount }</b> khoảng { $at } · đơn { $code } · tài khoản …{ $tail }
    • Đã chờ: { $waits }
review-assign-button = ✅ Của đơn { $code }
review-open-button = 🔎 Xem và quyết định
review-type-code = ✏️ Gõ mã đơn
review-credit-button = 👛 Ghi là tiền của người mua { $code }
review-refund-button = ↩️ Hoàn tiền
review-refund-open = ↩️ Xem khoản hoàn
review-foreign-button = 🚫 Không phải tiền của shop
review-foreign-sure = Khoản <b>{ $amount }</b> này không phải tiền của shop? Nó sẽ ra khỏi sổ và không nằm trong hàng chờ nữa.
review-foreign-yes = 🚫 Đúng, { $amount } không phải của shop
review-discard-button = 🗑 Bỏ qua…
review-which-code = Bạn gõ mã đơn mà khoản tiền này thuộc về, ví dụ KX2345678.
review-which-credit = Bạn gõ mã một đơn của người mua, ví dụ KX2345678. Tiền sẽ được ghi là tiền của người mua đó.
review-why = Vì sao bỏ qua? Bạn gõ lý do; lý do được lưu lại.
review-verdict = { $meaning ->
    [exact] ✅ Đã ghi <b>{ $amount }</b> cho đơn <b>{ $code }</b>: đủ tiền, hàng đang được giao.
    [over] ✅ Đã ghi <b>{ $amount }</b> cho đơn <b>{ $code }</b>: hàng đang được giao, phần dư là tiền của người mua.
    [short] ✅ Đã ghi <b>{ $amount }</b> cho đơn <b>{ $code }</b>: còn thiếu, người mua được mời trả phần còn lại.
    [second] ✅ Đơn <b>{ $code }</b> đã được thanh toán trước đó, nên <b>{ $amount }</b> được ghi là tiền của người mua.
    [credited] ✅ Đã ghi <b>{ $amount }</b> là tiền của người mua đơn <b>{ $code }</b>.
    [foreign_account] ✅ Đã ghi nhận <b>{ $amount }</b> không phải tiền của shop.
   *[discarded] ✅ Đã bỏ qua <b>{ $amount }</b>. Lý do được lưu lại.
}
review-gone = Không có việc này.
review-decided = Việc này đã được <b>{ $who }</b> xử lý lúc { $at }: { $outcome ->
    [assigned] ghi cho đơn { $code }
    [credited] ghi là tiền của người mua { $code }
    [not_ours] không phải tiền của shop
    [discarded] bỏ qua
    [refunded] hoàn tiền { $code }
    [approved] đồng ý hoàn { $code }
    [dropped] không hoàn { $code }
    [sent] đã gửi lại tiền hoàn { $code }
    [accepted] chấp nhận
    [refused] từ chối
   *[other] { $outcome } { $code }
}.
review-over = Việc này đã tự xong, không cần ai xem nữa: { $outcome ->
    [placed] một nguồn khác đã cho biết tiền là của đơn nào
    [arrived] cổng thanh toán đã chuyển tiền
    [failed] khoản thanh toán không thành công
    [taken_back] cổng thanh toán đã lấy lại tiền
    [settled] ngân hàng đã báo tiền hoàn đi rồi
    [called_off] khoản hoàn không còn nữa
   *[other] { $outcome }
}.
review-being-refunded = Khoản tiền này đang được hoàn lại, nên không thể ghi vào đâu khác. Bạn xem /refund.
review-held = Cổng thanh toán còn giữ khoản tiền này: shop chưa có tiền để ghi. Bạn có thể chờ, hoặc bỏ qua.
review-order-unknown = Không có đơn nào mang mã “{ $code }”.
review-wrong-currency = Đơn { $code } không có giá bằng loại tiền này, nên { $amount } không thể trả cho đơn. Bạn có thể ghi là tiền của người mua hoặc hoàn lại.
review-too-little = Đơn { $code } đã kết thúc và còn thiếu { $missing }, nên khoản này chưa đủ. Bạn có thể ghi là tiền của người mua hoặc hoàn lại.
review-reason-missing = Cần một lý do.
money-credited = Shop ghi nhận <b>{ $amount }</b> là tiền của bạn (đơn <b>{ $code }</b>).
problem-refunds = • khoản hoàn cần người xem: { $count }
problem-claims = • khoản chuyển người mua báo: { $count }
audit-how = Bạn gõ mã đơn hoặc mã hoàn tiền sau lệnh: /audit KX2345678
audit-not-found = Không có đơn hay khoản hoàn nào mang mã này.
audit-title = 📜 <b>{ $code }</b> · { $from }–{ $to } trên { $count }
audit-earlier = ‹ Trước đó
audit-later = Sau đó ›
audit-who = { "  " }↳ { $who } { $reason }
audit-change = { "  " }↳ { $side ->
    [before] trước
   *[after] sau
}: { $state ->
    [none] chưa có gì
    [open] đơn chờ tiền
    [paid] đơn đã thanh toán
    [expired] đơn hết hạn
    [cancelled] đơn đã hủy
    [asked] đã hỏi hoàn
    [dropped] không hoàn
    [approved] đồng ý hoàn
    [sent] đã chuyển trả
    [settled] ngân hàng xác nhận đã trả
    [failed] không thành công
    [returned] tiền hoàn bị trả lại
    [waiting] chờ người xem
    [assigned] ghi cho đơn
    [not_ours] không phải tiền của shop
    [refunded] hoàn tiền
    [placed] nguồn khác cho biết đơn
    [arrived] tiền đã về
    [taken_back] bị lấy lại
    [accepted] chấp nhận
    [refused] từ chối
    [exact] đủ tiền
    [short] một phần
    [over] dư
    [second] trả thêm lần nữa
    [late] quá trễ
    [unmatched] không rõ đơn nào
    [ambiguous] chưa rõ là của đơn nào
    [wrong_currency] sai loại tiền
    [foreign_account] không phải tiền của shop
    [held] bị giữ lại
    [reversed] bị lấy lại
    [out] tiền ra
    [credited] tiền của người mua
    [discarded] bỏ qua
   *[other] { $state }
}

## Hoàn tiền

order-button-refunded = ↩️ { $code } · { $product } · { $plan } · { $amount }
order-refund-owed = ↩️ Shop đang hoàn lại <b>{ $amount }</b> của đơn <b>{ $code }</b>.
order-refund-sent = ↩️ Shop đã chuyển trả <b>{ $amount }</b> của đơn <b>{ $code }</b> tới { $bank } …{ $tail }.
order-refund-settled = ↩️ Ngân hàng xác nhận đã chuyển trả <b>{ $amount }</b> của đơn <b>{ $code }</b> tới { $bank } …{ $tail }.
order-refund-sent-stars = ↩️ Telegram đã trả lại <b>{ $amount }</b> của đơn <b>{ $code }</b> vào tài khoản của bạn.
order-refund-sent-vnpay = ↩️ VNPay đã trả lại <b>{ $amount }</b> của đơn <b>{ $code }</b> vào thẻ hoặc tài khoản bạn đã dùng để thanh toán.
order-refund-sent-by_hand = ↩️ Shop đã chuyển trả <b>{ $amount }</b> của đơn <b>{ $code }</b>.
goods-revoked = Đơn này đã được hoàn tiền nên hàng không còn hiệu lực.
refund-is-coming = ↩️ Shop sẽ hoàn lại <b>{ $amount }</b> của đơn <b>{ $code }</b> cho bạn.
refund-revokes = Vì toàn bộ tiền được hoàn lại, hàng của đơn { $code } không còn hiệu lực.
refund-your-account = Đây có phải tài khoản của bạn không: { $bank } …{ $tail } { $holder }?
refund-which-account = Bạn cho shop biết tài khoản ngân hàng nhận tiền nhé.
refund-typed-account =
    Shop sẽ chuyển tiền tới:
    • Ngân hàng: <b>{ $bank }</b>
    • Số tài khoản: <code>{ $account }</code>
    • Chủ tài khoản: <b>{ $holder }</b>
    Bạn xem kỹ giúp mình, như vậy đã đúng chưa?
refund-mine = ✅ Đúng
refund-other = ✏️ Tài khoản khác
refund-name-account = ✏️ Nhập tài khoản
refund-type-account = Bạn gửi trong một tin nhắn: ngân hàng, số tài khoản, tên chủ tài khoản. Ví dụ: <code>Vietcombank 0071000123456 NGUYEN VAN A</code>
refund-choose-bank = Tiền hoàn sẽ về tài khoản ở ngân hàng nào? Bạn bấm chọn, hoặc gõ tên ngân hàng.
refund-or-in-one-line = Bạn cũng có thể gửi tất cả trong một tin nhắn: <code>Vietcombank 0071000123456 NGUYEN VAN A</code>
refund-bank-choice = { $bank }
refund-more-banks = Ngân hàng khác ➡️
refund-type-number = <b>{ $bank }</b>: số tài khoản của bạn là gì?
refund-type-holder = Chủ tài khoản tên là gì? Bạn ghi đúng như ngân hàng hiện ra, ví dụ NGUYEN VAN A.
refund-number-wrong = Số tài khoản cần có 6 đến 19 chữ số. Bạn gửi lại giúp mình nhé.
refund-holder-wrong = Tên này chưa đúng: bạn ghi họ tên chủ tài khoản bằng chữ, tối đa 60 ký tự nhé.
refund-account-wrong = Chưa đủ hoặc chưa đúng: cần tên ngân hàng, số tài khoản (6 đến 19 chữ số) và tên chủ tài khoản.
refund-account-thanks = Cảm ơn bạn. Shop sẽ chuyển <b>{ $amount }</b> tới { $bank } …{ $tail } { $holder } và báo bạn ngay khi chuyển xong.
refund-account-fixed = Tài khoản nhận tiền đã được xác nhận nên không đổi ở đây được nữa. Nếu có nhầm lẫn, bạn nhắn shop ngay nhé.
bank-unknown = Mình không biết ngân hàng “{ $text }”. Bạn viết tên ngắn hoặc mã số của ngân hàng nhé, ví dụ: Vietcombank, MBBank, 970436.
bank-ambiguous = “{ $text }” có thể là nhiều ngân hàng: { $candidates }. Bạn ghi mã số của ngân hàng giúp mình.
refund-usage =
    <b>Hoàn tiền</b>: /refund MÃ_ĐƠN [số tiền hoặc thừa] [loại tiền] [lý do]
    Ví dụ: <code>/refund KX2345678 50k khách đổi ý</code>
    Không ghi số tiền thì hoàn toàn bộ phần đang giữ. Đơn giữ nhiều loại tiền thì ghi rõ loại nào: <code>/refund KX2345678 3.20 USD</code>. Chỉ hoàn phần trả dư: <code>/refund KX2345678 thừa</code>. Bot sẽ hỏi lại một lần trước khi ghi sổ.
refunds-owed = Các khoản còn nợ, chưa chuyển:
refunds-none = Không còn khoản hoàn tiền nào đang chờ chuyển.
refund-row-ready = 💸 { $code } · { $amount } · sẵn sàng chuyển
refund-row-waits = ⏳ { $code } · { $amount } · chờ xác nhận tài khoản
refund-row-back = ⚠️ { $code } · { $amount } · chưa tới nơi, cần gửi lại
refund-sure =
    Hoàn <b>{ $amount }</b> cho đơn <b>{ $code }</b>?
    • Hàng: { $product } · { $plan }
    • Người mua: { $name }
    • Đang giữ của đơn này: { $held }
refund-sure-reason = • Lý do: { $reason }
refund-sure-revokes = Đây là toàn bộ số tiền đang giữ: mã kích hoạt và đường dẫn của đơn sẽ bị thu hồi.
refund-sure-cancels = Đơn chưa thanh toán đủ nên sẽ bị hủy.
refund-sure-closes = Đơn chưa thanh toán đủ: mã QR cho phần còn thiếu sẽ bị đóng.
refund-transfer-sure =
    Hoàn <b>{ $amount }</b> của khoản tiền chưa rõ đơn nào?
    • Người trả: { $payer }
    • Nội dung: { $memo }
    • Đang giữ của khoản này: { $held }
    • Mã hoàn tiền: <code>{ $refund }</code>
    Không có người mua nào được hỏi: bạn tự nêu tài khoản nhận tiền.
refund-yes = ✅ Hoàn { $amount }
refund-no = ✖️ Không hoàn
refund-left = Đã bỏ qua, không hoàn khoản nào.
refund-now-owed = Đã ghi: shop còn nợ hoàn <b>{ $amount }</b> { $of ->
    [transfer] của khoản tiền chưa rõ đơn, mã <b>{ $code }</b>. Bạn hãy nêu tài khoản nhận tiền.
   *[order] cho đơn <b>{ $code }</b>. Người mua đã được báo và được hỏi tài khoản nhận tiền.
}
refund-waits = { $of ->
    [transfer] Khoản tiền chưa rõ đơn, mã
   *[order] Đơn
} <b>{ $code }</b>: còn nợ hoàn <b>{ $amount }</b>, chưa ai xác nhận tài khoản nhận tiền.
refund-no-account-yet = Nơi báo tiền không cho biết tài khoản của người trả. Hãy chờ người mua trả lời, hoặc tự nhập tài khoản. Khoản trả bằng thẻ cũng có thể hoàn ở trang quản trị của cổng thanh toán.
refund-proposed =
    Tài khoản được nêu, <b>chưa xác nhận</b>: { $bank } <code>{ $account }</code> { $holder }
    Ví điện tử chuyển tiền từ tài khoản chung, nên chỉ chuyển tới đó khi người mua hoặc bạn đã xác nhận.
refund-checked-button = ☑️ Tôi đã kiểm tra tài khoản này
refund-type-button = ✏️ Nhập tài khoản khác
refund-card-title = Quét mã VietQR để hoàn tiền
refund-card-caption =
    ↩️ { $of ->
        [transfer] Hoàn tiền, mã
       *[order] Hoàn tiền đơn
    } <b>{ $code }</b>: <b>{ $amount }</b>
    • { $bank } <code>{ $account }</code>
    • Chủ tài khoản: { $holder }
    • Nội dung: <code>{ $memo }</code>
    Hãy đối chiếu tên chủ tài khoản mà ứng dụng ngân hàng hiện ra. Chuyển xong, bấm “Đã chuyển”. Giữ nguyên nội dung: khi ngân hàng báo tiền ra với mã này, khoản hoàn tự khép lại.
refund-sent-button = ✅ Đã chuyển
refund-card-sent = ✅ Đã chuyển <b>{ $amount }</b> { $of ->
    [transfer] (mã <b>{ $code }</b>) tới { $bank } …{ $tail }.
   *[order] của đơn <b>{ $code }</b> tới { $bank } …{ $tail }. Người mua đã được báo.
}
refund-card-sent-by-hand = ✅ Đã chuyển trả <b>{ $amount }</b> { $of ->
    [transfer] (mã <b>{ $code }</b>).
   *[order] của đơn <b>{ $code }</b>. Người mua đã được báo.
}
refund-card-settled = ✅ Ngân hàng đã báo tiền ra: <b>{ $amount }</b> { $of ->
    [transfer] (mã <b>{ $code }</b>)
   *[order] của đơn <b>{ $code }</b>
} tới { $bank } …{ $tail }. Khoản hoàn đã khép lại, đừng chuyển nữa.
refund-card-back = ⚠️ <b>{ $amount }</b> { $of ->
    [transfer] (mã <b>{ $code }</b>)
   *[order] của đơn <b>{ $code }</b>
} chưa tới { $bank } …{ $tail }. Mã QR này không dùng nữa; gửi /refund để xem khoản đó.
refund-open-button = ↩️ Xem khoản hoàn
refund-by-hand =
    ↩️ Shop còn nợ hoàn <b>{ $amount }</b> { $of ->
        [transfer] (mã <b>{ $code }</b>).
       *[order] của đơn <b>{ $code }</b>.
    }
    • Tiền đã đến từ: <code>{ $account }</code> { $holder }
    Loại tiền này không có mã VietQR: hãy tự chuyển trả, rồi bấm “Đã chuyển”.
refund-stars-under-way = ↩️ Telegram đang trả lại <b>{ $amount }</b> của đơn <b>{ $code }</b>. Bạn không phải chuyển gì; shop sẽ báo khi xong.
refund-under-way = ⏳ { $means ->
    [vnpay] VNPay
   *[payout] payOS
} đang gửi trả <b>{ $amount }</b> của đơn <b>{ $code }</b>. Đừng chuyển khoản hay quét mã QR của khoản này nữa, kẻo trả hai lần; shop sẽ báo khi tiền tới nơi hoặc bị từ chối.
refund-by-payout-button = 🏧 Chi hộ qua payOS
refund-by-vnpay-button = 💳 Trả lại qua VNPay
refund-came-back = ↩️ Khoản hoàn <b>{ $amount }</b> của đơn <b>{ $code }</b> đã bị ngân hàng trả về cho shop. Shop sẽ gửi lại cho bạn.
refund-not-gone = ↩️ Khoản hoàn <b>{ $amount }</b> của đơn <b>{ $code }</b> chưa chuyển tới bạn được. Shop vẫn sẽ trả khoản này.
refund-card-arrived = ✅ { $means ->
    [vnpay] VNPay
   *[payout] payOS
} đã trả xong <b>{ $amount }</b> { $of ->
    [transfer] (mã <b>{ $code }</b>)
   *[order] của đơn <b>{ $code }</b>
}. Khoản hoàn đã khép lại, đừng chuyển nữa.
admin-refund-arrived = ✅ { $means ->
    [vnpay] VNPay
   *[payout] payOS
} đã trả xong khoản hoàn mã { $refund }: <b>{ $amount }</b> { $of ->
    [transfer] của khoản tiền chưa rõ đơn.
   *[order] của đơn <b>{ $code }</b>. Người mua đã được báo.
}
admin-payout-refused = ⚠️ { $means ->
    [vnpay] VNPay
   *[payout] payOS
} không trả được <b>{ $amount }</b> của đơn <b>{ $code }</b>: { $reason }. Shop vẫn còn nợ khoản này; gửi /refund để chuyển cách khác.
admin-payout-silent = ⚠️ { $means ->
    [vnpay] VNPay
   *[payout] payOS
} chưa cho biết <b>{ $amount }</b> của đơn <b>{ $code }</b> đã đi hay chưa. Hãy xem trong trang quản trị của cổng đó; đừng chuyển lại bằng cách khác khi chưa chắc.
refund-stars-return = Telegram sẽ trả thẳng vào tài khoản của bạn, bạn không cần làm gì thêm.
refund-stars-whole = Telegram chỉ trả lại nguyên khoản đã thanh toán bằng Stars. Đơn { $code } không có khoản nào đúng số đó còn hoàn được.
refund-order-unknown = Không có đơn { $code }.
refund-nothing-held = Đơn { $code } không có khoản tiền nào đang giữ để hoàn.
refund-no-surplus = Đơn { $code } không có phần tiền dư nào.
refund-transfer-placed = Khoản tiền này là của đơn { $code }: bạn hoàn bằng lệnh <code>/refund { $code }</code>.
refund-transfer-changed = Trong lúc đó khoản tiền này đã thay đổi, nên chưa hoàn gì thêm. Hãy mở lại từ /review.
refund-transfer-empty = Khoản tiền này không còn phần nào để hoàn.
refund-wished-already = Bạn đã yêu cầu hoàn tiền của đơn { $code } rồi; shop đang xem.
refund-wishes-wait = Shop còn đang xem những yêu cầu hoàn tiền trước của bạn. Bạn chờ shop trả lời rồi gửi tiếp nhé.
refund-wishes-today = Trong một ngày bạn đã yêu cầu hoàn tiền { $count } lần. Tiền vẫn là của bạn: bạn gửi lại vào ngày mai, hoặc nhắn cho shop nhé.
refund-wish-left = Shop chưa đồng ý hoàn <b>{ $amount }</b> của đơn <b>{ $code }</b>. Khoản tiền đó vẫn được ghi là của bạn.
admin-refund-wished = ↩️ Người mua đơn <b>{ $code }</b> muốn nhận lại <b>{ $amount }</b> tiền dư. Hoàn cho họ?
admin-refund-settled = ✅ Ngân hàng đã báo tiền ra với mã { $refund }: hoàn <b>{ $amount }</b> { $of ->
    [transfer] của khoản tiền chưa rõ đơn.
   *[order] của đơn <b>{ $code }</b>.
} Khoản hoàn đã khép lại.
admin-refund-returned = ⚠️ Tiền hoàn mã { $refund } bị ngân hàng trả về: <b>{ $amount }</b> { $of ->
    [transfer] của khoản tiền chưa rõ đơn. Shop lại còn nợ khoản này; bạn hãy nêu tài khoản khác.
   *[order] của đơn <b>{ $code }</b>. Shop lại còn nợ khoản này; người mua đang được hỏi lại tài khoản.
}
admin-refund-failed = ⚠️ Không gửi được tiền hoàn mã { $refund }: <b>{ $amount }</b> { $of ->
    [transfer] của khoản tiền chưa rõ đơn.
   *[order] của đơn <b>{ $code }</b>.
} Lý do: { $reason }. Shop vẫn còn nợ khoản này.
admin-refund-unfit = ⚠️ Ngân hàng báo <b>{ $went }</b> đã chuyển ra ({ $source }) với mã { $refund }, mà khoản hoàn đó { $of ->
    [transfer] là <b>{ $amount }</b> của khoản tiền chưa rõ đơn
   *[order] là <b>{ $amount }</b> của đơn <b>{ $code }</b>
}, { $state ->
    [settled] đã khép lại trước đó
    [sent] đang chờ ngân hàng xác nhận
    [asked] chưa được xác nhận
    [dropped] đã bị bỏ
   *[approved] chưa ghi là đã gửi
}. Chưa ghi gì vào sổ: bạn xem lại số tiền, tài khoản, và có chuyển hai lần không.
refund-too-much = Không hoàn được { $amount }: đơn { $code } chỉ hoàn được tối đa { $most } trong một lần.
refund-which-currency = Đơn { $code } đang giữ { $held }. Hãy ghi rõ loại tiền, ví dụ <code>/refund { $code } { $currency }</code> để hoàn toàn bộ phần bằng loại tiền đó, hoặc ghi thêm số tiền phía trước.
refund-amount-wrong = “{ $text }” không phải số tiền của loại tiền đó. Ví dụ: 50000, 50.000 hoặc 50k; loại tiền khác thì ghi kèm tên: 3.20 USD.
refund-gone = Yêu cầu hoàn tiền này không còn nữa.
refund-lapsed = Đã quá 15 phút nên yêu cầu hoàn tiền này không còn hiệu lực. Hãy gửi lại lệnh /refund.
refund-overtaken = Trong lúc đó tiền của đơn { $code } đã thay đổi, nên chưa hoàn gì thêm. Hãy gửi lại lệnh /refund.
refund-confirmed-already = Khoản hoàn này đã được xác nhận trước đó rồi. Gửi /refund để xem các khoản còn nợ.
refund-not-open = Khoản hoàn này không còn chờ chuyển nữa.
refund-account-changed = Tài khoản của khoản hoàn này vừa được thay đổi. Gửi /refund và mở lại khoản đó.

## Lệnh của bot

command-start = Xem các gói
command-myorders = Đơn đã mua
command-credit = Số dư của bạn
command-language = Đổi ngôn ngữ
command-help = Trợ giúp
command-cancel = Hủy
command-claim = Báo khoản chuyển bị thiếu
command-paysupport = Hỗ trợ thanh toán
command-terms = Điều khoản mua hàng
command-stats = Số liệu của shop
command-order = Diễn biến một đơn
command-refund = Hoàn tiền
command-review = Việc cần người xem
command-audit = Ai làm gì với một đơn

## Phố thử: trang chạy thử trên máy của bạn

sandbox-title = Chốt Đơn · Phố thử
sandbox-tagline = Mua thử một mã kích hoạt ngay trong trình duyệt
sandbox-harmless = Tiền và thư chỉ để thử, chỉ ở trên máy này
sandbox-language = Ngôn ngữ của trang
sandbox-tab-phone = Điện thoại
sandbox-tab-bank = Ngân hàng
sandbox-tab-mail = Hộp thư
sandbox-tab-street = Đồng hồ
sandbox-offline = Mất kết nối với cửa hàng
sandbox-buyer = Người mua
sandbox-seller = Người bán
sandbox-bot = bot
sandbox-typing = đang soạn tin…
sandbox-write = Tin nhắn
sandbox-send = Gửi
sandbox-commands = Lệnh của bot
sandbox-start = BẮT ĐẦU
sandbox-copied = Đã sao chép:
sandbox-close = Đóng
sandbox-edited = đã sửa
sandbox-chat-empty = Chưa có tin nhắn nào. Bấm BẮT ĐẦU để vào cửa hàng.
sandbox-unblock = BỎ CHẶN BOT
sandbox-blocked = bạn đã chặn bot
sandbox-phone-language = Ngôn ngữ của điện thoại
sandbox-photo = Ảnh bot gửi
sandbox-scan-this = Quét bằng app ngân hàng
sandbox-invoice = Hóa đơn
sandbox-stars-paid = Đã trả
sandbox-stars-returned = Đã được trả lại
sandbox-bank = Ngân hàng Phố Thử
sandbox-bank-scan = Quét mã QR
sandbox-bank-scan-hint = Đọc mã trong ảnh mới nhất trên điện thoại người mua
sandbox-bank-scan-hint-seller = Đọc ảnh mới nhất trên điện thoại người bán: shop trả tiền
sandbox-bank-owner = Ứng dụng của ai
sandbox-bank-manual = Chuyển tay, không có mã
sandbox-bank-from-account = Từ tài khoản
sandbox-bank-from-name = Người chuyển
sandbox-bank-send = Chuyển từ tài khoản của shop
sandbox-bank-sent = shop chuyển đi
sandbox-bank-bounce = Cho tiền quay lại
sandbox-bank-bounced = đã quay lại
sandbox-bank-statement = Sao kê
sandbox-statement-title = Ngân hàng Phố Thử: sao kê tài khoản
sandbox-statement-of = Tài khoản
sandbox-statement-date = Ngày giao dịch
sandbox-statement-reference = Số tham chiếu
sandbox-statement-debit = Ghi nợ
sandbox-statement-credit = Ghi có
sandbox-statement-balance = Số dư
sandbox-statement-memo = Nội dung giao dịch
sandbox-statement-account = Tài khoản đối ứng
sandbox-statement-name = Tên đối ứng
sandbox-bank-again = Hủy, quét mã khác
sandbox-bank-to = Chuyển tới
sandbox-bank-account = Số tài khoản
sandbox-bank-amount = Số tiền
sandbox-bank-memo = Nội dung
sandbox-bank-pay = Chuyển tiền
sandbox-bank-paying = Đang chuyển…
sandbox-bank-fault = Chuyện gì xảy ra trên đường đi?
sandbox-bank-history = Giao dịch
sandbox-bank-history-empty = Chưa chuyển khoản lần nào.
sandbox-bank-unknown-holder = Không rõ chủ tài khoản
sandbox-bank-sources = Ai biết và báo có cho shop
sandbox-source-casso = Casso
sandbox-source-payos = payOS
sandbox-source-sepay = SePay
sandbox-source-vnpay = VNPay
sandbox-source-bakong = Bakong
sandbox-source-sepay-pg = Cổng SePay
sandbox-fault-none = Mọi thứ đều ổn
sandbox-fault-twice = Báo có gửi hai lần
sandbox-fault-late = Ngân hàng báo có trễ 45 phút
sandbox-fault-too_late = Ngân hàng báo có trễ 49 giờ
sandbox-fault-short = Chuyển thiếu
sandbox-fault-over = Chuyển dư
sandbox-fault-garbled = Nội dung bị ngân hàng xáo trộn
sandbox-fault-memo_lost = Nội dung bị mất
sandbox-fault-wrong_account = Vào nhầm tài khoản
sandbox-fault-forged = Chữ ký giả
sandbox-fault-lost = Báo có bị thất lạc
sandbox-khqr-short = Chỉ về một nửa số tiền
sandbox-khqr-wrong_currency = Cùng con số nhưng bằng loại tiền kia
sandbox-khqr-elsewhere = Tiền vào tài khoản người khác
sandbox-answer-ok = đã nhận
sandbox-answer-refused = từ chối
sandbox-answer-trouble = trục trặc, sẽ gửi lại
sandbox-answer-silent = không ai trả lời
sandbox-answer-waiting = đang chờ gửi
sandbox-answer-never = không gửi
sandbox-mail = Hộp thư
sandbox-mail-empty = Chưa có thư. Hóa đơn và khóa sẽ đến đây.
sandbox-mail-down = Máy chủ thư đang tắt: thư phải đợi.
sandbox-mail-back = Tất cả thư
sandbox-mail-to = Đến
sandbox-mail-from = Từ
sandbox-clock = Đồng hồ của phố
sandbox-clock-minute = +1 phút
sandbox-clock-half-hour = +30 phút
sandbox-clock-day = +24 giờ
sandbox-faults = Gây sự cố
sandbox-switch-chat-down = Telegram sập
sandbox-switch-limit = Lỗi 429 một lần
sandbox-switch-pay-twice = Telegram báo thanh toán hai lần
sandbox-switch-mail-down = Máy chủ thư tắt
sandbox-switch-block = Người mua chặn bot
sandbox-switch-payos-down = payOS sập
sandbox-switch-payos-slow = payOS trả lời chậm
sandbox-switch-payos-limit = payOS lỗi 429 một lần
sandbox-switch-bakong-list = Bakong từ chối hỏi theo danh sách
sandbox-switch-vnpay-refunds = Ngân hàng từ chối hoàn tiền qua VNPay
sandbox-switch-vnpay-bounced = Ngân hàng trả lại tiền hoàn qua VNPay sau vài phút
sandbox-payouts = payOS chi hộ
sandbox-payout-succeeded = tới nơi
sandbox-payout-failed = không chuyển được
sandbox-payout-rejected = không được duyệt
sandbox-payout-reversed = tới nơi rồi bị trả về
sandbox-payout-moving = đang chuyển
sandbox-sources = Ai báo tin tiền về
sandbox-silent = im lặng
sandbox-trouble-none = API trả lời tốt
sandbox-trouble-down = API sập
sandbox-trouble-busy = API báo lỗi 429
sandbox-trouble-html = API trả về trang HTML
sandbox-trouble-hang = API treo
sandbox-trouble-wrong = API trả lời sai
sandbox-sepay-webhook = Webhook SePay
sandbox-sepay-proof = Cách xác thực
sandbox-sepay-form = Kiểu nội dung
sandbox-sepay-any = ngẫu nhiên
sandbox-sepay-own-ids = API SePay đánh số giao dịch riêng
sandbox-checkout = Liên kết thanh toán thử
sandbox-checkout-hint = Đây là trang của payOS trong phố thử. Hãy mở tab Ngân hàng của phố, quét mã QR trong khung chat rồi chuyển tiền.
sandbox-checkout-back = Về cửa hàng
sandbox-notice-none = Báo có đến ngay
sandbox-notice-twice = Báo có đến hai lần
sandbox-notice-late = Báo có đến trễ 45 phút
sandbox-notice-short = Số tiền trả bị thiếu
sandbox-notice-forged = Báo có giả, chưa hề trả tiền
sandbox-refund-taken = Đã hoàn
sandbox-refund-refused = Bị từ chối hoàn
sandbox-pg = SePay Phố Thử
sandbox-pg-invoice = Mã hóa đơn
sandbox-pg-hint = Đây là trang thanh toán của SePay trong phố thử. Chọn một cách để trả tiền; không có đồng nào thật.
sandbox-pg-status-waiting = chờ thanh toán
sandbox-pg-status-captured = đã thanh toán
sandbox-pg-status-cancelled = đã hủy
sandbox-pg-bank_transfer = Chuyển khoản ngân hàng
sandbox-pg-napas_bank_transfer = Chuyển khoản NAPAS
sandbox-pg-card = Thẻ
sandbox-pg-cancel = Hủy thanh toán
sandbox-pg-void = Hủy giao dịch thẻ (việc của người bán)
sandbox-vnpay = VNPAY Phố Thử
sandbox-vnpay-number = Mã giao dịch của shop
sandbox-vnpay-hint = Đây là trang thanh toán của VNPAY trong phố thử. Hãy chọn kết quả của lần thanh toán; không có đồng nào thật.
sandbox-vnpay-pay = Thanh toán
sandbox-vnpay-suspect = Thanh toán nhưng bị nghi gian lận
sandbox-vnpay-fail = Thẻ không đủ tiền
sandbox-vnpay-cancel = Hủy giao dịch
sandbox-vnpay-clear = Hết nghi ngờ (việc của VNPAY)
sandbox-vnpay-state-waiting = chờ thanh toán
sandbox-vnpay-state-paid = đã thanh toán
sandbox-vnpay-state-suspected = đang bị giữ lại
sandbox-vnpay-state-failed = không thành công
sandbox-vnpay-state-cancelled = đã hủy
sandbox-vnpay-state-expired = đã hết hạn
sandbox-link-pending = chờ thanh toán
sandbox-link-underpaid = còn thiếu
sandbox-link-paid = đã thanh toán
sandbox-link-cancelled = đã hủy
sandbox-link-expired = đã hết hạn
sandbox-error-text = Tin nhắn phải có từ 1 đến 4096 ký tự.
sandbox-error-button = Nút này không còn nữa.
sandbox-error-blocked = Điện thoại này đang chặn bot.
sandbox-error-account = Số tài khoản chỉ gồm chữ và số, tối đa 19 ký tự.
sandbox-error-amount = Số tiền phải lớn hơn 0 và có tối đa 13 chữ số.
sandbox-error-memo = Nội dung dài tối đa 150 ký tự.
sandbox-error-request = Yêu cầu này không hợp lệ.
sandbox-error-bounce = Khoản chuyển này không thể quay lại (nữa).
sandbox-error-clock = Đồng hồ không đi xa đến thế được.
sandbox-error-no-picture = Trên điện thoại chưa có ảnh nào. Hãy đặt mua một món trước.
sandbox-error-no-qr = Không đọc được mã VietQR trong ảnh.
sandbox-error-khqr-ended = Mã KHQR này đã hết hạn.
sandbox-error-khqr-paid = Mã KHQR này đã được thanh toán.
sandbox-error-network = Không liên lạc được với cửa hàng.

## Dòng lệnh của người bán

just-amount = { $amount }
start-sandbox = Phố thử nghiệm đã mở: { $url } (không có tiền thật, chỉ trên máy này). Nhấn Ctrl+C để dừng.
settings-idle = Đã đặt { $name } nhưng chưa có token hay khóa cổng thanh toán nào: đây là phố thử nghiệm. Muốn mở shop thật, hãy đặt TELEGRAM_BOT_TOKEN và khóa của một cổng như Casso, SePay hoặc payOS.
start-open = Shop đã mở tại { $url }. Địa chỉ công khai: { $public }.
start-no-telegram = Chưa có TELEGRAM_BOT_TOKEN: chưa có chat nào được mở. Lấy token từ @BotFather.
start-no-bank = Chưa đủ BANK_BIN, BANK_ACCOUNT, BANK_HOLDER, và tệp shop không có [[account]]: chưa thể tạo mã QR vào tài khoản của bạn.
start-no-casso = Chưa có ai báo tiền về tài khoản ngân hàng nên tiền không được tự động ghi nhận: hãy đặt CASSO_CHECKSUM_KEY (hoặc CASSO_SECURE_TOKEN), SEPAY_WEBHOOK_SECRET (hoặc SEPAY_API_KEY), hoặc PAYOS_CLIENT_ID và hai khóa kèm theo.
start-no-mail = Chưa có SMTP_URL và MAIL_FROM: thư được giữ trong hàng đợi cho đến khi cấu hình email.
start-no-admins = Chưa có ADMIN_CHAT_IDS (ví dụ telegram:123456): không ai được báo khi tiền về cần người xem. Hãy tự mời mình khi shop đang chạy: python -m app admin invite
start-vault-key = Đã tạo khóa két { $path }. Hãy sao lưu tệp này: mất nó thì không mở lại được các mã đã bán.
doctor-sandbox = Chế độ thử nghiệm: chưa có token hay khóa cổng thanh toán nào.
doctor-played = Telegram, ngân hàng, mọi cổng thanh toán và email do phố thử nghiệm đóng vai.
doctor-real = Chế độ thật.
doctor-marks = { $works } hoạt động · { $missing } chưa đặt, hoặc nên xem lại · { $broken } phải sửa
doctor-nobody-can-pay = Chưa ai trả tiền được cho gói nào: hãy đặt BANK_BIN, BANK_ACCOUNT và BANK_HOLDER (hoặc viết [[account]] vào tệp shop) để tạo mã QR vào tài khoản của bạn, ba khóa PAYOS_ để có liên kết thanh toán, hoặc khóa của VNPay, cổng thanh toán SePay hay Bakong: python -m app gateway list. Đã đặt rồi? Hãy xem lại giá, sell_on và pay_with trong tệp shop; cổng thanh toán của SePay cần PUBLIC_URL, Sao cần bot Telegram.
doctor-money-unnoticed = Tiền về tài khoản ngân hàng không được ghi nhận nên sẽ không giao hàng: hãy đặt CASSO_CHECKSUM_KEY, SEPAY_WEBHOOK_SECRET (hoặc SEPAY_API_KEY), hoặc ba khóa PAYOS_.
doctor-database = Cơ sở dữ liệu: mở được, đúng phiên bản, đúng khóa két.
doctor-queues = Hàng đợi: { $waiting } việc đang chờ.
doctor-buried = { $dead } việc đã bỏ cuộc sau nhiều lần thử. Xem bằng lệnh show, hoặc trong /metrics.
doctor-telegram = Telegram: token đúng, bot là @{ $name }.
doctor-bank = Tài khoản ngân hàng: { $account }, { $holder } (BIN { $bin }). Hãy so từng chữ số.
doctor-casso = Casso: đã có khóa của webhook { $forms }.
doctor-mail = Email: máy chủ thư chấp nhận. Thêm --mail ĐỊA-CHỈ để gửi một thư thật.
doctor-admins = Quản trị: { $count } người được báo khi tiền về cần người xem.
doctor-mistake = { $text }
doctor-too-slow = { $part }: không có trả lời trong { $seconds } giây.
doctor-read-only = Cơ sở dữ liệu không cho ghi. Có phải bản dự phòng của PostgreSQL? Hãy chỉ máy chính trong DATABASE_URL.
doctor-belated = Việc trong { $queue } đã đến hạn từ { $since } mà chưa ai làm. Shop có đang chạy không? Mở bằng: python -m app run
doctor-disk = Đĩa: còn trống { $free } MB ở { $folder }.
doctor-telegram-unreachable = Không hỏi được Telegram ({ $error }). Hãy xem lại mạng, và TELEGRAM_API_URL nếu có đặt.
doctor-polling = Telegram: shop tự lấy tin (TELEGRAM_MODE=polling), không có webhook nào cản trở. { $pending } tin đang chờ.
doctor-webhook = Telegram: tin được gửi đến { $address }. { $pending } tin đang chờ.
doctor-webhook-elsewhere = Telegram gửi tin đến "{ $stands }" thay vì { $wanted }. Hãy khởi động lại shop: shop tự đặt địa chỉ này.
doctor-webhook-left = Đang có webhook ({ $stands }) nên shop không lấy được tin. Có chương trình khác dùng bot này không? Nếu không, hãy khởi động lại shop: shop tự gỡ webhook.
doctor-webhook-error = Lần gửi tin gần nhất của Telegram bị lỗi lúc { $at }: { $words }
doctor-no-casso = Chưa dùng Casso (không cần nếu SePay hoặc payOS báo tiền về, hoặc không ai chuyển vào tài khoản ngân hàng). Ở my.casso.vn, tạo webhook V2 với địa chỉ { $address } rồi chép khóa checksum vào CASSO_CHECKSUM_KEY.
doctor-casso-linked = API Casso: tài khoản đã liên kết: { $accounts }.
doctor-casso-other = Casso đang theo dõi { $accounts }, nhưng người mua chuyển vào { $account }. Hãy liên kết tài khoản này trong Casso, hoặc sửa BANK_ACCOUNT.
doctor-casso-silent = Hiện chưa hỏi được API Casso: { $reason }
doctor-casso-refused = Casso từ chối CASSO_API_KEY: { $reason }
doctor-door = { $gateway }: cửa đang mở tại { $address }
doctor-door-unknown = { $gateway }: thiếu PUBLIC_URL thì báo có không đến được. Địa chỉ webhook là địa chỉ https của bạn, thêm { $address }
doctor-door-silent = { $gateway }: không kết nối được { $address } ({ $error }). Shop có đang chạy, và proxy có chuyển /webhooks/ vào không?
doctor-door-wrong = { $gateway }: { $address } trả lời { $status } thay vì 401. Proxy có chuyển /webhooks/ đến đúng shop này, chạy với cùng cấu hình không?
doctor-no-payos = Chưa dùng payOS. Muốn dùng, hãy đặt PAYOS_CLIENT_ID, PAYOS_API_KEY và PAYOS_CHECKSUM_KEY (my.payos.vn, kênh thanh toán); địa chỉ webhook là { $address }
doctor-payos = payOS: khóa đúng. Mỗi khi đổi địa chỉ, chạy một lần khi shop đang mở: python -m app payos confirm-webhook
doctor-payos-silent = Hiện chưa hỏi được payOS, hoặc PAYOS_CHECKSUM_KEY sai: { $reason }
doctor-payos-refused = payOS từ chối khóa. Hãy sao chép lại PAYOS_CLIENT_ID và PAYOS_API_KEY: { $reason }
doctor-gateway =
    { $gateway }: { $come ->
        [given] khóa lấy từ biến môi trường: { $given }.
        [sealed] khóa được niêm phong trong cơ sở dữ liệu: { $sealed }.
       *[both] khóa lấy từ biến môi trường ({ $given }) và niêm phong trong cơ sở dữ liệu ({ $sealed }).
    }
doctor-gateway-off = { $gateway } đang tắt; cửa của nó trả lời 404. Để dùng lại: python -m app gateway on { $name }
doctor-gateway-differs = { $gateway }: { $variable } đang được đặt và có hiệu lực, nhưng giá trị niêm phong ở { $name } thì khác. Hãy bỏ biến này, hoặc niêm phong cả giá trị của nó.
doctor-look = { $gateway } có trả lời khi được hỏi về khoản tiền chưa ai báo, lần cuối lúc { $at }.
doctor-refunds-heard = Ngân hàng báo cả tiền ra: khoản hoàn tự khép lại khi tiền đã đi (30 ngày qua: { $settled }/{ $sent } khoản đã gửi được xác nhận)
doctor-refunds-unheard = 30 ngày qua đã gửi { $sent } khoản hoàn qua VietQR mà không thấy ngân hàng báo tiền ra lần nào, nên chúng không tự khép lại được. Hãy bật báo tiền ra ở SePay hoặc Casso; nếu không, bạn tự đối chiếu sau khi bấm “Đã chuyển”.
doctor-look-never = { $gateway } chưa lần nào trả lời khi được hỏi về khoản tiền chưa ai báo ({ $failures } lần hỏng): { $reason }
doctor-look-fails = Không hỏi được { $gateway } về khoản tiền chưa ai báo: hỏng { $failures } lần liên tiếp, trả lời lần cuối lúc { $at }: { $reason }
doctor-bakong = Bakong: token dùng được; shop tự hỏi tiền về, tài khoản nhận là { $account }
doctor-bakong-account = BAKONG_ACCOUNT là { $account }; tài khoản Bakong có dạng tên@ngân-hàng. Chưa sửa thì không ai thanh toán bằng KHQR được.
doctor-bakong-ends = Token Bakong hết hạn lúc { $end }. Hãy gia hạn trước đó: gửi địa chỉ e-mail đã đăng ký tới /renew_token của Bakong, rồi đặt lại BAKONG_TOKEN.
doctor-bakong-ended = Token Bakong đã hết hạn lúc { $end }: shop không còn tìm thấy khoản thanh toán KHQR nào. Hãy gia hạn qua /renew_token của Bakong bằng địa chỉ e-mail đã đăng ký, rồi đặt lại BAKONG_TOKEN.
doctor-bakong-silent = Hiện chưa hỏi được Bakong nên chưa tìm thấy khoản thanh toán KHQR nào: { $reason }
doctor-bakong-refused = Bakong từ chối trả lời: { $reason }. Nếu token bị từ chối, hãy gia hạn qua /renew_token bằng địa chỉ e-mail đã đăng ký; HTTP 403 là câu trả lời của Bakong cho máy ở ngoài Campuchia.
doctor-mail-refused = Máy chủ thư không chấp nhận: { $reason }. Hãy so SMTP_URL và MAIL_FROM với hướng dẫn của nhà cung cấp email.
doctor-no-mail = Không gửi thư thử: chưa đặt SMTP_URL và MAIL_FROM.
doctor-letter-subject = Chốt Đơn: thư thử
doctor-letter = Đây là thư thử. Đọc được thư này nghĩa là email của shop hoạt động. Thư rơi vào mục spam? Hãy đặt SPF và DKIM cho tên miền.
doctor-letter-sent = Email: đã gửi thư thử đến { $to }. Hãy xem hộp thư đến, và cả mục spam.
doctor-clock = Đồng hồ: lệch { $seconds } giây.
doctor-clock-wrong = Đồng hồ của máy lệch { $seconds } giây. Hãy bật đồng bộ giờ: sudo timedatectl set-ntp true
doctor-no-public = Chưa có PUBLIC_URL (ví dụ https://shop.example.com): cổng thanh toán không gọi đến được.
doctor-public = Địa chỉ công khai: { $address } có trả lời, chứng chỉ còn hạn { $days } ngày.
doctor-public-plain = Địa chỉ công khai: { $address } có trả lời nhưng không có https. Cổng thanh toán và Telegram cần https.
doctor-public-silent = Không kết nối được { $address } ({ $error }). Hãy xem DNS, tường lửa (cổng 80 và 443), proxy và chứng chỉ.
doctor-public-other = { $address } có trả lời, nhưng không phải shop này. Proxy có chuyển /health/live vào không?
shop-file-fine = Tệp { $path } ổn: { $products } sản phẩm, { $plans } gói.
advice-stars-price = { $product } · { $plan }: hàng số bán trong chat của Telegram chỉ được thanh toán bằng Sao Telegram (điều khoản cho nhà phát triển bot, mục 6.2), mà gói này chưa có giá bằng Sao. Hãy viết prices = {"{"} XTR = 150 {"}"} và pay_with = {"{"} telegram = ["stars"] {"}"}.
advice-stars-only = { $product } · { $plan }: hàng số bán trong chat của Telegram chỉ được thanh toán bằng Sao Telegram (điều khoản cho nhà phát triển bot, mục 6.2), mà gói này còn cho thanh toán bằng cách khác ở đó. Hãy viết pay_with = {"{"} telegram = ["stars"] {"}"}.
advice-account-word = { $bank } { $account }: nếu nội dung chuyển khoản không có chữ { $word } thì ngân hàng này không báo cho SePay. Hãy viết word = "{ $word }" trong [[account]] của tài khoản đó.
advice-account-virtual = { $bank } { $account }: ngân hàng này chỉ báo cho SePay khi tiền vào tài khoản ảo. Hãy viết số tài khoản ảo vào virtual trong [[account]] của tài khoản đó.
advice-currency = { $product } · { $plan }: chưa có cổng thanh toán nào đã thiết lập nhận { $currency }, nên giá này không hiện cho ai.
advice-no-way = { $product } · { $plan }: chưa ai trả được cho gói này: không tài khoản hay cổng thanh toán nào đã thiết lập nhận giá của gói. Hãy xem lại giá, sell_on và pay_with.
advice-no-price = { $product } · { $plan }: pay_with chỉ cho { $ways }, vốn cần giá bằng { $currencies }, mà gói không có giá đó, nên không ai trả được. Hãy thêm giá như vậy, hoặc thêm cách trả vào pay_with.
advice-no-chat = { $product } · { $plan }: gói này chỉ bán trên Zalo, mà phiên bản này chưa có Zalo, nên chưa ai mua được. Hãy viết thêm "telegram" vào sell_on, hoặc bỏ sell_on.
doctor-stars = Telegram yêu cầu hàng số trong chat của họ chỉ được thanh toán bằng Sao Telegram; { $count } gói của bạn còn cho trả bằng cách khác ở đó. Xem gói nào và cần viết gì: python -m app validate
order-unknown = Không có đơn { $code }.
ledger-day = { $day } ({ $zone })
ledger-equation = { $when ->
    [opening] Trước đó: đã nhận { $received } = { $parts }
   *[closing] Tổng cộng: đã nhận { $received } = { $parts }
}
ledger-place = { $account ->
    [revenue] tiền bán hàng { $amount }
    [deposit] trả một phần { $amount }
    [credit] số dư của người mua { $amount }
    [refund_owed] còn phải hoàn { $amount }
    [refund_paid] đã hoàn { $amount }
    [unplaced] chưa rõ đơn { $amount }
   *[discarded] để riêng { $amount }
}
ledger-nowhere = { $amount }
ledger-effect = { $account ->
    [received] đã nhận
    [revenue] tiền bán hàng
    [deposit] trả một phần
    [credit] số dư của người mua
    [refund_owed] còn phải hoàn
    [refund_paid] đã hoàn
    [unplaced] chưa rõ đơn
   *[discarded] để riêng
} { $sign }{ $amount }
ledger-no-effect = không ghi sổ
ledger-balanced = ✔ Sổ khớp: từng đồng nằm đúng chỗ sổ ghi.
ledger-unbalanced = ✘ Sổ không khớp. Hãy giữ nguyên cơ sở dữ liệu, sao lưu (python -m app backup) và báo lại những điều sau:
ledger-empty = Chưa có khoản tiền nào.
ledger-line = { $at } · { $sign }{ $amount } · { $code } · { $anew ->
    [yes] xét lại:{ " " }
   *[no] { "" }
}{ $meaning ->
    [exact] trả đủ đơn
    [short] trả một phần
    [over] trả dư
    [second] trả thêm lần nữa
    [late] đến trễ
    [unmatched] chưa rõ đơn nào
    [ambiguous] ghi nhiều mã đơn
    [wrong_currency] sai loại tiền
    [foreign_account] không phải tiền của shop
    [held] cổng thanh toán giữ lại
    [reversed] cổng thanh toán lấy lại
    [out] tiền ra
    [returned] tiền hoàn bị trả về
    [credited] ghi vào số dư của người mua
    [discarded] quản trị để riêng
    [owed] phải hoàn tiền
    [paid] đã gửi tiền hoàn
    [came_back] hoàn không thành, còn phải hoàn
    [called_off] bỏ khoản hoàn
    [spent] dùng số dư cho đơn
    [unspent] rút số dư khỏi đơn
   *[other] { $meaning }
} → { $effect }
ledger-note = { "" } · { $about ->
    [sources] { $sources }
    [refund] { $refund }
    [by] bởi { $by }
   *[reason] “{ $reason }”
}
ledger-file-exists = Đã có { $path }. Hãy đặt tên tệp mới.
ledger-file-unwritable = Không ghi được { $path }: { $reason }
books-finding = • { $kind ->
    [sums] bút toán của một loại tiền có tổng khác không: { $about }
    [causes] bút toán của một quyết định, khoản hoàn hoặc lần dùng số dư có tổng khác không: { $about }
    [received] số ghi sổ khác số tiền đã chuyển: { $about }
    [decided] chưa ai quyết định, hoặc chưa nguồn nào báo: { $about }
    [waiting] tiền đang chờ người xem mà không có trong /review: { $about }
    [refunds] khoản hoàn không khớp với sổ: { $about }
    [earned] tiền bán hàng khác giá đơn: { $about }
    [goods] giao hàng mà chưa thu tiền, hoặc thu tiền mà chưa giao hàng: { $about }
    [parts] phần đã trả của đơn nhỏ hơn không: { $about }
    [credit] số dư bị dùng quá số có: { $about }
    [lines] các dòng không dẫn đến số đang ghi trên tài khoản: { $about }
   *[other] { $kind }: { $about }
}
admin-books-wrong = ⚠️ <b>Sổ không khớp.</b>
admin-books-look = Shop vẫn bán được, nhưng hãy giữ nguyên cơ sở dữ liệu. Trên máy chủ hãy chạy <code>python -m app ledger</code> và <code>python -m app backup</code>, rồi báo lại kết quả.
doctor-books = Sổ khớp
doctor-books-wrong = Sổ không khớp: { $kinds }. Hãy chạy: python -m app ledger
refunds-exported = Đã ghi { $count } khoản hoàn vào { $path }. Tệp có số tài khoản đầy đủ: chỉ mình bạn đọc được, dùng xong hãy xóa.
refunds-exported-before = Chú ý: { $count } khoản trong số này đã có trong bảng xuất trước. Khoản nào đã chuyển theo bảng trước thì đừng chuyển nữa, hãy bấm “Đã chuyển” trong chat.
refunds-exported-before-one = - { $code }, lúc { $at }
refunds-export-template = Đây là bảng của Chốt Đơn, không phải mẫu của ngân hàng nào: hãy chép từng cột sang mẫu chi hàng loạt của ngân hàng bạn, giữ nguyên nội dung chuyển khoản. Số tài khoản trong tệp .csv nên mở bằng cách nhập dạng văn bản, kẻo bảng tính làm mất số 0 ở đầu.
refunds-export-none = Không có khoản hoàn nào đã xác nhận tài khoản và chờ chuyển qua VietQR, nên không ghi tệp nào.
refunds-export-ending = Tên tệp cần kết thúc bằng .xlsx hoặc .csv: { $path }
refunds-column-bank = Ngân hàng
refunds-column-bin = Mã ngân hàng (BIN)
refunds-column-account = Số tài khoản
refunds-column-holder = Chủ tài khoản
refunds-column-amount = Số tiền (VND)
refunds-column-memo = Nội dung
refunds-column-refund = Mã hoàn tiền
refunds-column-order = Mã đơn
refunds-column-listed = Đã xuất lần trước
invite-link = Mở đường dẫn này trong Telegram rồi bấm START: { $link }
invite-text = Hiện không hỏi được tên bot từ Telegram. Hãy gửi dòng này cho bot trong khung chat: { $text }
invite-time = Lời mời dùng được một lần, cho một người, trước { $until }. Ai có nó cũng dùng được.
admin-line = { $channel }:{ $id } { $name }
admin-line-settings = { $channel }:{ $id } (ADMIN_CHAT_IDS)
admin-none = Chưa ai quản trị shop này từ khung chat. Mời một người: python -m app admin invite
admin-gone = { $admin } không còn là quản trị.
admin-unknown = Không có quản trị { $admin }.
admin-in-settings = { $admin } nằm trong ADMIN_CHAT_IDS. Hãy xóa ở đó rồi khởi động lại shop.
gateway-begun = { $gateway } chưa đủ khóa nên vẫn đóng; còn thiếu: { $missing }.
gateway-unknown = Không có cổng "{ $name }". Các cổng: { $known }
gateway-field-unknown = { $gateway } không có khóa "{ $name }". Các khóa: { $known }
gateway-no-fields = { $gateway } không cần khóa nào.
gateway-name-field = Hãy nói rõ khóa nào: python -m app gateway set { $gateway } KHÓA. Các khóa: { $known }
gateway-sandbox = Đây là sandbox: mỗi lần khởi động nó tự tạo khóa riêng, không giữ khóa thật bên cạnh. Hãy đặt TELEGRAM_BOT_TOKEN (hoặc khóa của một cổng) trước để mở shop thật.
gateway-sandbox-switch = Đây là phố thử nghiệm: mọi cổng đều được đóng vai, không bật tắt ở đây. Hãy đặt TELEGRAM_BOT_TOKEN hoặc khóa của một cổng trước để mở shop thật.
gateway-sandbox-list = Đây là phố thử nghiệm: mọi cổng đều được đóng vai, bằng khóa riêng. Ở một shop thật thì các cổng sẽ như sau:
gateway-no-shop = Shop này chưa được mở lần nào, hoặc chưa mở lại từ lần nâng cấp gần nhất, nên chưa có chỗ cất. Hãy chạy một lần: python -m app run (lệnh này tạo mọi thứ cần thiết, và có thể để chạy tiếp), rồi làm lại.
gateway-value-blank = Giá trị trống không phải là khóa. Chưa có gì thay đổi.
gateway-value-odd = Đây không phải là khóa: quá dài, hoặc có khoảng trắng, xuống dòng hay byte lạ. Chưa có gì thay đổi.
gateway-prompt = { $gateway } { $name } (không hiện khi gõ)
gateway-kept = { $gateway } { $name }: đã niêm phong và cất giữ. Shop đang chạy sẽ dùng từ lần khởi động sau.
gateway-overruled = Lưu ý: { $variable } đang được đặt và được ưu tiên chừng nào còn đặt.
gateway-off = Đã tắt { $gateway }; khóa vẫn được giữ. Shop đang chạy sẽ theo từ lần khởi động sau.
gateway-on = Đã bật { $gateway }. Shop đang chạy sẽ theo từ lần khởi động sau.
gateway-line =
    { $gateway }: { $state ->
        [open] mở
        [off] đã tắt
        [incomplete] đóng, chưa đủ khóa
        [chatless] đóng, cần có bot Telegram (TELEGRAM_BOT_TOKEN)
       *[closed] đóng
    }
gateway-webhook =
    - đặt cho cổng này gửi thông báo ({ $method }) đến { $host ->
        [known] { $address }
       *[unknown] địa chỉ https của bạn, thêm { $address } (chưa đặt PUBLIC_URL)
    }
gateway-field =
    - { $name }: { $state ->
        [environment] lấy từ { $variable }
        [overruling] lấy từ { $variable }; giá trị đã niêm phong thì khác
        [sealed] đã niêm phong
        [optional] chưa đặt, không bắt buộc
        [spared] chưa đặt; các khóa đang có là đủ
        [either] chưa có; chỉ cần một trong các khóa ghi như vậy
       *[missing] chưa có
    }
vault-rotated = Khóa két mới đã có hiệu lực: { $path }. Đã niêm phong lại { $count } giá trị. Hãy sao lưu khóa này ngay. Các lời mời quản trị còn mở và trang thanh toán của đơn chưa trả đã hết hiệu lực: người mua chỉ cần chọn lại cách trả.
vault-old-file = Các bản sao lưu trước đây chỉ mở được bằng khóa cũ. Khóa cũ nằm ở { $old }: hãy giữ nó cùng các bản đó.
vault-rotated-variable = Đã niêm phong lại { $count } giá trị. Giờ hãy đặt VAULT_KEY bằng nội dung của { $path } ở mọi nơi shop chạy, khởi động shop, rồi xóa tệp đó. Các lời mời quản trị còn mở và trang thanh toán của đơn chưa trả đã hết hiệu lực: người mua chỉ cần chọn lại cách trả.
vault-old-variable = Các bản sao lưu trước đây chỉ mở được bằng VAULT_KEY cũ: hãy giữ nó cùng các bản đó.
vault-rotate-running = Shop đang chạy, hoặc một lệnh khác của shop đang chạy. Hãy dừng mọi tiến trình của shop trước: chúng sẽ tiếp tục niêm phong bằng khóa cũ.
vault-rotate-unfinished = Lần đổi khóa trước chưa xong: hãy đặt VAULT_KEY bằng nội dung của { $path } trước đã.
vault-next-left = Có khóa két mới ở { $path }. Nếu VAULT_KEY chưa mang nội dung đó thì hãy đặt lại, rồi xóa tệp đó.
vault-next-unwritable = Không ghi được khóa két mới vào { $path }: { $reason }. Chưa có gì thay đổi. Hãy chỉ một tệp mà lệnh này ghi được: python -m app vault rotate --to TỆP
vault-key-unwritable = Không ghi được khóa két mới vào { $path }: { $reason }. Chưa có gì thay đổi. Hãy chạy lệnh bằng người dùng mà shop đang dùng.
vault-to-needless = --to dành cho khóa đặt ở VAULT_KEY. Khóa của shop này nằm ở { $path }, khóa mới tự thay chỗ nó. Chưa có gì thay đổi.
vault-to-taken = Đã có { $path }, và shop không ghi đè lên. Chưa có gì thay đổi. Hãy chỉ một tệp chưa có.
payos-not-set = payOS cần đủ ba khóa, hiện chưa có: { $missing }. Hãy chép từ kênh thanh toán tại my.payos.vn.
payos-no-public-url = Chưa có PUBLIC_URL: payOS cần một địa chỉ https để gọi tới shop từ bên ngoài.
payos-public-url-insecure = PUBLIC_URL phải bắt đầu bằng https://, nếu không payOS sẽ không gửi gì tới đó.
url-insecure = { $setting } phải bắt đầu bằng https:// (http:// chỉ dùng trên chính máy này): khóa của bạn được gửi tới đó.
payos-confirmed = Từ nay payOS gửi thông báo tới { $url }. Tài khoản: { $account } { $holder }. Kênh thanh toán: { $name } ({ $short }).
payos-refused = payOS không nhận địa chỉ này. payOS trả lời: { $reason }. Shop phải đang chạy và truy cập được từ bên ngoài, vì payOS gửi thử một thông báo tới đó và chờ trả lời. Hãy kiểm tra cả ba khóa.
payos-later = Hiện chưa hỏi được payOS: { $reason }. Hãy thử lại sau vài phút.
database-at-head = { $url } đã ở phiên bản mới nhất.
database-not-migrated = Cơ sở dữ liệu chưa được tạo hoặc chưa nâng cấp. Chạy: python -m app migrate
database-unreachable = Không mở được cơ sở dữ liệu: { $reason }
database-url-malformed = DATABASE_URL phải là sqlite:///đường-dẫn hoặc postgresql://…
database-url-unusable = Không dùng được DATABASE_URL. Hãy xem lại tên người dùng, máy chủ, tên cơ sở dữ liệu và phần sau dấu "?" (sslmode phải là disable, allow, prefer, require, verify-ca hoặc verify-full).
shop-not-founded = Shop chưa được mở lần nào. Chạy: python -m app run
shop-prefix-fixed = code_prefix không đổi được sau lần mở đầu tiên: mã đơn cũ phải luôn tra được.
vault-key-malformed = VAULT_KEY phải là 32 byte ở dạng base64.
vault-key-wrong = VAULT_KEY không phải là khóa mà shop này đã dùng. Không có dữ liệu nào bị thay đổi.
vault-key-needed = Với PostgreSQL, hãy đặt VAULT_KEY (32 byte base64) và cất giữ cẩn thận.
vault-key-lost = Không tìm thấy khóa két { $path }. Khôi phục nó từ bản sao lưu: không có nó thì không mở được các mã đã niêm phong.
settings-wrong = Biến môi trường chưa đúng: { $wrong }
setting-web-address = { $name } phải bắt đầu bằng http:// hoặc https://
setting-mode = TELEGRAM_MODE phải là polling hoặc webhook.
setting-webhook-secret = TELEGRAM_WEBHOOK_SECRET phải gồm 1 đến 256 ký tự A-Z, a-z, 0-9, _ và -
setting-host = HOST phải là địa chỉ hoặc tên của máy này, ví dụ 127.0.0.1 hoặc 0.0.0.0.
setting-port = PORT phải là số nguyên từ 0 đến 65535.
setting-bin = BANK_BIN phải là sáu chữ số của một ngân hàng Việt Nam, ví dụ 970422.
setting-account = BANK_ACCOUNT phải gồm 1 đến 19 chữ cái và chữ số, không có dấu cách.
setting-gateway = SANDBOX_GATEWAY phải là casso, sepay hoặc payos.
setting-level = LOG_LEVEL phải là debug, info, warning hoặc error.
setting-unreadable = { $name } có ký tự không phải văn bản UTF-8. Hãy nhập lại.
env-file-unreadable = Không đọc được tệp cấu hình { $path }: { $reason }
env-file-not-text = Tệp cấu hình { $path } không phải văn bản UTF-8. Hãy lưu lại ở dạng UTF-8.
env-file-line = Tệp cấu hình { $path }: không đọc được dòng { $line }. Mỗi dòng có dạng TÊN="giá trị"; có thiếu dấu ngoặc kép không?
admins-malformed = ADMIN_CHAT_IDS phải có dạng telegram:123456, cách nhau bằng dấu phẩy.
admins-no-number = ADMIN_CHAT_IDS: "{ $chat }" không phải id Telegram. Id là một số nguyên, ví dụ telegram:123456. Nếu chưa biết id: python -m app admin invite
roles-need-postgresql = Tách web và worker cần PostgreSQL. Với SQLite, hãy dùng: python -m app run
port-taken = Không mở được { $host }:{ $port }. Có chương trình khác đang dùng; hãy đặt PORT khác.
already-running = Đã có một tiến trình khác chạy trên cơ sở dữ liệu này ({ $path }).
telegram-token-refused = Telegram từ chối TELEGRAM_BOT_TOKEN (401). Lấy token mới từ @BotFather.
telegram-token-malformed = TELEGRAM_BOT_TOKEN phải có dạng 123456789:AAE…, như @BotFather đưa.
telegram-webhook-no-secret = TELEGRAM_MODE=webhook cần TELEGRAM_WEBHOOK_SECRET: 1 đến 256 ký tự A-Z, a-z, 0-9, _ và -, do bạn tự đặt.
telegram-webhook-no-address = TELEGRAM_MODE=webhook cần PUBLIC_URL bắt đầu bằng https:// và dùng cổng 443, 80, 88 hoặc 8443; hiện tại là: { $url }
mail-from-malformed = MAIL_FROM phải là một địa chỉ, có thể kèm tên: Shop &lt;shop@example.com&gt;
smtp-url-malformed = SMTP_URL chưa đúng: smtp+starttls://user:mật-khẩu@host:port, ký tự đặc biệt được mã hóa phần trăm.
smtp-url-tail = SMTP_URL có phần thừa sau port: hãy mã hóa phần trăm các ký tự / ? # trong mật khẩu.
smtp-url-half-login = SMTP_URL có tên mà thiếu mật khẩu, hoặc ngược lại.
smtp-url-scheme = SMTP_URL phải bắt đầu bằng một trong: { $known }

## Sao lưu của người bán

backup-made = Đã sao lưu vào { $path } ({ $rows } dòng, { $size } KB, phiên bản dữ liệu { $revision }). Chỉ người dùng hiện tại đọc được tệp này.
backup-key-apart = QUAN TRỌNG: khóa két không nằm trong tệp. Hãy giữ thêm một bản của { $place } ở nơi an toàn khác: thiếu khóa này thì không mở lại được các mã đã bán, và shop khôi phục sẽ không khởi động.
backup-key-inside = QUAN TRỌNG: khóa két nằm trong tệp. Ai có tệp này cũng đọc được mọi mã đã bán: hãy giữ nó như mật khẩu.
backup-exists = Đã có tệp { $path }. Không ghi đè gì cả; hãy chọn tên khác.
backup-no-folder = Không có thư mục { $path }. Hãy tạo trước, hoặc ghi tên một tệp kết thúc bằng .zip.
backup-unwritable = Không ghi được { $path }: { $reason }
database-newer = Cơ sở dữ liệu do phiên bản mới hơn của chương trình tạo ra (phiên bản dữ liệu { $revision }). Hãy cập nhật chương trình trước.
restore-done = Đã khôi phục bản sao lưu lúc { $made }: { $rows } dòng, nay ở phiên bản dữ liệu mới nhất.
restore-after = Những gì xảy ra sau thời điểm đó không có trong bản này: hãy đối chiếu sao kê ngân hàng với lệnh "ledger" trước khi bán tiếp, và đừng để shop cũ chạy song song.
restore-key-fits = Khóa két: khóa hiện có là đúng.
restore-key-kept = Khóa két: đã lấy từ bản sao lưu và đặt cạnh cơ sở dữ liệu.
restore-key-inside = QUAN TRỌNG: trước khi mở shop, hãy đặt VAULT_KEY bằng nội dung tệp vault.key trong bản sao lưu.
restore-key-file = QUAN TRỌNG: hãy đặt khóa két của shop này vào { $place } (hoặc đặt VAULT_KEY) trước khi mở: thiếu khóa, shop không khởi động.
restore-key-variable = QUAN TRỌNG: hãy đặt VAULT_KEY bằng khóa két của shop này trước khi mở: thiếu khóa, shop không khởi động.
restore-unreadable = Không đọc được { $path }: { $reason }
restore-not-empty = Cơ sở dữ liệu đã có dữ liệu. Khôi phục không bao giờ ghi đè: hãy chỉ một cơ sở dữ liệu mới trong DATABASE_URL, hoặc tự chuyển cái cũ đi chỗ khác.
restore-broken = Đây không phải bản sao lưu, hoặc tệp đã hỏng hay bị sửa ({ $part }). Chưa khôi phục gì.
restore-newer = Bản sao lưu này do phiên bản mới hơn của chương trình tạo ra. Hãy cập nhật chương trình trước; chưa khôi phục gì.
restore-unbalanced = Sổ cái trong bản sao lưu này không cân. Chưa khôi phục gì.
restore-played = Đây là bản sao lưu của phố thử nghiệm: các đơn chơi thử không bao giờ vào shop thật. Chưa khôi phục gì.
restore-real = Đây là bản sao lưu của shop thật, mà ở đây chưa cấu hình gì thật. Hãy đặt TELEGRAM_BOT_TOKEN hoặc khóa cổng thanh toán như shop đang dùng, rồi khôi phục.
restore-sandbox = Ở đây chưa đặt token hay khóa cổng thanh toán nào, nên bản sao lưu được nạp vào phố thử nghiệm: { $place }
restore-no-room = Đĩa không đủ chỗ cho bản sao lưu này: cần { $needed } MB. Chưa khôi phục gì.

## Mua thử của người bán

live-not-running = Không có shop nào đang chạy trên cơ sở dữ liệu này. Hãy mở shop ở cửa sổ khác (python -m app run) rồi thử lại.
live-sandbox = Đây là phố thử nghiệm, tiền thật không đến đây. Hãy cấu hình shop thật trước.
live-no-transfer = ✘ Lần mua thử này là chuyển khoản 1.000 đồng vào tài khoản ngân hàng, mà shop này không nhận khoản nào như vậy. Hãy mua thử một gói ngay trong bot của bạn; /refund để hoàn tiền.
live-scan = Quét mã này bằng ứng dụng ngân hàng và chuyển { $amount }. Đây là chuyển khoản thật vào chính tài khoản của bạn:
live-facts = Ngân hàng { $bank } · số tài khoản { $account } · { $holder } · số tiền { $amount } · nội dung { $memo }
live-waiting = Chờ đến { $until } để ngân hàng và { $gateway } báo có. Nhấn Ctrl+C để hủy.
live-link = Đang xin { $gateway } một liên kết thanh toán …
live-no-link = { $gateway } không tạo được liên kết thanh toán. Hãy xem: python -m app doctor
live-arrived = ✔ { $amount } đã về qua { $source }, { $seconds } giây sau khi hiện mã QR: "{ $meaning }", nội dung "{ $memo }".
live-paid = ✔ Đơn { $code } đã thanh toán, { $seconds } giây sau khi hiện mã QR.
live-handed-over = ✔ Phần giao hàng của shop đã chạy, { $seconds } giây sau khi thanh toán. Với đơn thật, hàng sẽ được gửi lúc này.
live-no-worker = ✘ Đã thanh toán nhưng chưa có worker nào giao hàng. Tiến trình worker có đang chạy không?
live-short = { $amount } đã về, chưa đủ số tiền. Hãy chuyển nốt, hoặc để lần thử kết thúc.
live-nothing = ✘ Chưa có tiền về. Đơn thử đã bị hủy; tiền nếu còn về sẽ được giữ trong sổ cái.
live-look = Hãy xem lần lượt: 1. ngân hàng: tiền đã đi chưa, đúng tài khoản, đúng nội dung chưa? 2. trang quản trị { $gateway }: có thấy giao dịch không, webhook trả lời gì? 3. python -m app doctor: cửa và địa chỉ có đúng không? 4. python -m app ledger: tiền có được giữ vì lý do khác không?
live-books = { $amount } này là tiền thật trên tài khoản của bạn và nằm trong sổ cái như một đơn 1.000 đồng; không tạo mã bản quyền nào.
live-product = Mua thử
live-plan = 1.000 đồng

## Sao kê ngân hàng trên dòng lệnh

admin-statement = 🧾 Đã nhập sao kê của { $bank }: { $new } dòng mới, trong đó { $count } khoản đang chờ quyết định: /review
statement-unreadable = Không đọc được { $path }: { $reason }
statement-empty = Tệp này trống.
statement-other-kind = Tệp này không phải CSV hay XLSX (có thể là .xls kiểu cũ, trang web hoặc PDF). Hãy mở bằng phần mềm bảng tính, lưu thành XLSX hoặc CSV rồi nhập lại.
statement-broken-file = Bảng tính này bị hỏng hoặc có mật khẩu nên không đọc được. Chưa ghi gì cả.
statement-too-big = Tệp này lớn hơn mọi bản sao kê: quá { $bound } (megabyte hoặc dòng). Chưa ghi gì cả; hãy nhập ít tháng hơn mỗi lần.
statement-odd-parts = Đây không phải bảng tính do ngân hàng xuất ra: tệp gồm hơn { $bound } phần. Chưa ghi gì cả.
statement-odd-texts = Đây không phải bảng tính do ngân hàng xuất ra: tệp chứa nhiều đoạn chữ hơn hẳn số ô có thể hiện chúng. Chưa ghi gì cả.
statement-odd-gap = Đây không phải bảng tính do ngân hàng xuất ra: giữa các dòng thiếu hơn { $bound } dòng. Chưa ghi gì cả; bạn xóa các dòng trống rồi nhập lại.
statement-odd-file = Đây không phải bảng tính do ngân hàng xuất ra: phần { $part } có ô hoặc dòng dài vô tận. Chưa ghi gì cả.
statement-no-sheet = Không có trang tính "{ $sheet }". Các trang tính: { $known }
statement-no-row = Không có dòng { $row } trong phần đầu tệp, nơi có thể có tiêu đề.
statement-no-role = Cột không thể là "{ $role }". Có thể là: { $known }
statement-no-column = Không có cột "{ $column }", hoặc có nhiều cột như vậy. Hãy ghi vị trí từ 1 đến { $count }, hoặc tiêu đề của cột.
statement-no-account = { $account } không phải tài khoản của shop này. Các tài khoản: { $known }
statement-which = Shop có nhiều tài khoản. Hãy nói rõ sao kê của tài khoản nào bằng --account: { $known }
statement-not-whole = Sao kê cần có ngày, và số tiền hoặc tiền vào. Hãy nói rõ đó là cột nào, ví dụ: --column date=1 --column amount=4
statement-layout-found = Đã biết bố cục này: { $bank }, do bạn khai báo, dùng lần cuối { $at }. (--remap để khai báo lại.)
statement-account = { $place }. { $account } · { $bank }
statement-which-account = Sao kê của tài khoản nào?
statement-which-bank = Sao kê của ngân hàng nào? Bố cục được lưu dưới tên này
statement-columns = { $row ->
    [0] Không có tiêu đề. Các cột, tính từ bên trái:
   *[other] Tiêu đề ở dòng { $row }. Các cột và ý nghĩa có vẻ là:
}
statement-column = { $place }. { $header } ("{ $example }"): { $role ->
    [date] ngày
    [time] giờ
    [amount] số tiền vào và ra
    [way] vào hay ra
    [credit] tiền vào
    [debit] tiền ra
    [memo] nội dung
    [reference] số tham chiếu của ngân hàng
    [payer_name] tên bên kia
    [payer_account] tài khoản bên kia
    [balance] số dư
   *[none] –
}
statement-right = Như vậy đúng chưa?
statement-which-column = { $role ->
    [date] Cột nào là ngày?
    [time] Cột nào là giờ, nếu có cột riêng?
    [amount] Cột nào là số tiền, nếu một cột chung cho vào và ra?
    [way] Cột nào cho biết tiền vào hay ra, nếu số tiền không có dấu?
    [credit] Cột nào là tiền vào?
    [debit] Cột nào là tiền ra?
    [memo] Cột nào là nội dung?
    [reference] Cột nào là số tham chiếu của ngân hàng?
    [payer_name] Cột nào là tên bên kia?
    [payer_account] Cột nào là tài khoản bên kia?
   *[balance] Cột nào là số dư?
} (0: không có)
statement-checking = Đang xem
statement-importing = Đang nhập
statement-read-as = { $bank }, do bạn khai báo, tài khoản { $account }. Những dòng đầu được hiểu như sau:
statement-line = Dòng { $number }: { $at }{ $timed ->
    [yes] {""}
   *[no] {" "}(chỉ có ngày)
} · { $amount } · "{ $memo }" · { $reference }
statement-totals = { $lines } dòng · vào { $came } · ra { $went }
statement-span = Từ { $first } đến { $last }
statement-known = Đã biết: { $known } từ sao kê trước, { $again } từ thông báo.
statement-known-otherwise = • Trong đó { $count } dòng lần trước được đọc theo cách khác (cột khác, hoặc không có giờ): cùng ngày, số tiền và nội dung nên không tính hai lần.
statement-new = Mới: { $count }
statement-new-meaning = • { $meaning ->
    [exact] trả đủ một đơn
    [short] trả một phần đơn
    [over] trả dư một đơn
    [late] đến muộn so với đơn
    [second] trả lần thứ hai
    [unmatched] không nêu đơn nào
    [ambiguous] có thể của nhiều đơn
    [wrong_currency] sai loại tiền so với đơn
    [held] bị cổng thanh toán giữ lại
    [out] tiền ra
    [returned] khoản hoàn bị trả về
   *[other] { $meaning }
}: { $count }
statement-passed = Bỏ qua: { $passed } dòng không phải giao dịch (tiêu đề, tổng cộng), { $older } dòng của những ngày trước.
statement-will-wait = { $count } dòng mới sẽ chờ người quyết định trong /review.
statement-waiting = { $count } dòng đang chờ quyết định: /review trong khung chat.
statement-balance-odd = Lưu ý: số dư không khớp với các số tiền. Hãy xem lại cột tiền vào và tiền ra đã đúng chưa.
statement-before-shop = Lưu ý: sao kê bắt đầu trước khi shop mở ({ $at }). Dùng --since NGÀY để bỏ qua những gì ghi sổ trước ngày đó.
statement-broken-count = { $count } dòng không đọc được và sẽ bị bỏ lại; từng dòng được nêu ở cuối.
statement-ask = Nhập { $count } dòng này?
statement-nothing-written = Chưa ghi gì cả.
statement-done = Đã nhận { $lines } dòng.
statement-broken-line = Dòng { $line } bị bỏ lại: { $fault }
statement-broken-more = … và { $count } dòng nữa.
statement-line-date = không đọc được ngày.
statement-line-future = ngày nằm ở tương lai.
statement-line-amount = số tiền không phải là số đồng nguyên.
statement-line-both = vừa là tiền vào vừa là tiền ra.
statement-line-way = không cho biết tiền vào hay ra.
statement-line-formula = có công thức thay cho giá trị. Hãy lưu trang tính chỉ với giá trị.
statement-line-long = có ô dài quá mức cho phép.
statement-line-wide = có quá nhiều cột.
statement-line-quote = có dấu ngoặc kép mở mà không đóng.
statement-line-unsettled = chưa ghi nhận được; nhật ký cho biết lý do. Hãy nhập lại sao kê sau.
statement-layout = { $number }. { $bank }: do bạn khai báo, dùng lần cuối { $at } ({ $columns })
statement-layout-none = Chưa biết bố cục nào. Bố cục được lưu khi nhập một bản sao kê.
statement-layout-gone = Đã quên bố cục { $number }.
statement-layout-unknown = Không có bố cục { $number }.

## Lỗi trong tệp shop

mistake-at = Dòng { $line }, { $place }:{" "}
mistake-line = Dòng { $line }:{" "}
mistake-no-file = không tìm thấy tệp { $path }.
mistake-not-utf8 = tệp { $path } không phải UTF-8.
mistake-toml = không đúng cú pháp TOML: { $detail }
mistake-missing = thiếu "{ $field }".
mistake-unknown = không biết mục "{ $field }"; có thể viết sai tên.
mistake-text = "{ $field }" phải là chữ trong ngoặc kép.
mistake-number = "{ $field }" phải là số nguyên, không có dấu ngoặc hay phần lẻ.
mistake-thousands = phải viết { $right } thay vì { $written }.
mistake-pattern = "{ $field }" không đúng dạng (slug chỉ gồm a-z, 0-9 và dấu -; địa chỉ bắt đầu bằng https://).
mistake-too-long = "{ $field }" quá dài (tối đa { $bound } ký tự).
mistake-empty = "{ $field }" không được để trống.
mistake-none = cần ít nhất một "{ $field }".
mistake-too-small = "{ $field }" quá nhỏ (phải lớn hơn { $bound }).
mistake-too-big = "{ $field }" quá lớn (tối đa { $bound }).
mistake-choice = "{ $field }" phải là một trong: { $bound }.
mistake-zone = "{ $field }" không phải múi giờ, ví dụ Asia/Ho_Chi_Minh.
mistake-contact = "{ $field }" phải là một dòng, tối đa 100 ký tự, không có dấu cách ở hai đầu.
mistake-prefix = "{ $field }" phải là hai chữ cái trong CFHJKLMNPQRTVX: các chữ khác dễ bị bàn phím hoặc mắt người đổi.
mistake-list = "{ $field }" phải là một danh sách, ví dụ ["telegram"].
mistake-ways = "{ $field }" phải là danh sách, ví dụ ["bank", "stars"].
mistake-currency = "{ $field }" không phải loại tiền mà shop nhận. Có: { $known } (XTR là Sao Telegram).
mistake-table = "{ $field }" phải là một bảng trong ngoặc nhọn, ví dụ {"{"} USD = 3.20 {"}"}.
mistake-dollars = "{ $field }" phải là số tiền đô la với nhiều nhất 2 chữ số thập phân, ví dụ 3.20.
mistake-price-twice = gói "{ $name }" có hai giá VND: chỉ giữ price hoặc prices.VND.
mistake-no-price = gói "{ $name }" chưa có giá: viết price = 79_000, hoặc prices = {"{"} USD = 3.20 {"}"}.
mistake-tolerance = tolerance phải nhỏ hơn giá VND thấp nhất ({ $price }), nếu không gói đó sẽ được giao gần như miễn phí.
mistake-holder = "{ $field }" phải nằm trên một dòng, không có khoảng trắng ở hai đầu.
mistake-account = "{ $field }" phải gồm 1 đến 19 chữ số hoặc chữ cái, không có khoảng trắng.
mistake-word = "{ $field }" phải gồm 1 đến 10 chữ in hoa hoặc chữ số, ví dụ SEVQR.
mistake-bank-unknown = "{ $field }": không có ngân hàng tên này; hãy viết tên ngắn hoặc 6 chữ số, ví dụ "Vietcombank" hoặc "970436".
mistake-bank-ambiguous = "{ $field }": nhiều ngân hàng có tên này; hãy viết 6 chữ số.
mistake-account-twice = tài khoản { $account } được khai hai lần.
mistake-other = "{ $field }" không hợp lệ.
mistake-slug-twice = slug "{ $slug }" được dùng hai lần.
mistake-course-without-link = khóa học "{ $name }" chưa có [[product.link]] nào.
mistake-licence-with-link = "{ $name }" là mã kích hoạt nên không có [[product.link]]; hãy dùng download_url.
