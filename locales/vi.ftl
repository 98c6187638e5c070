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
    /language – đổi ngôn ngữ
    /cancel – hủy việc đang làm hoặc đơn đang chờ
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
shop-cannot-take-money = Shop chưa sẵn sàng nhận thanh toán. Bạn quay lại sau nhé.
order-too-many = Hôm nay bạn đã tạo quá nhiều đơn. Bạn thử lại vào ngày mai nhé.
choose-way = Bạn muốn thanh toán <b>{ $product }</b> · { $plan } bằng cách nào?
choose-way-again = Bạn muốn thanh toán đơn <b>{ $code }</b> bằng cách nào?
way-bank = 🏦 Chuyển khoản ngân hàng · { $price }
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
order-is-over = Đơn <b>{ $code }</b> đã kết thúc. Tiền trả cho đơn này bây giờ sẽ không tự động giao hàng.
part-is-held = Shop đang giữ <b>{ $came }</b> bạn đã trả cho đơn { $code }. Tiền này vẫn là của bạn.
order-expired = Đơn <b>{ $code }</b> đã hết thời gian thanh toán. Nếu bạn đã trả tiền thì yên tâm: tiền về trước { $watch } vẫn được giao hàng tự động.
part-is-kept = Phần { $came } bạn đã trả vẫn được giữ cho đơn này. Trả nốt { $missing } trước thời hạn đó thì hàng vẫn được giao; nếu không, bạn hãy nhắn shop.
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

payment-received = ✅ Đã nhận được thanh toán <b>{ $amount }</b> cho đơn <b>{ $code }</b>. Cảm ơn bạn! Hàng đang được gửi…
money-short = Đơn <b>{ $code }</b> mới nhận được { $came }, còn thiếu <b>{ $missing }</b>. Bạn trả nốt phần còn thiếu theo hướng dẫn bên dưới, hàng sẽ được giao ngay.
money-over = Bạn đã trả dư <b>{ $amount }</b> cho đơn { $code }. Số dư được ghi lại cho bạn; shop đã được báo và sẽ liên hệ để hoàn lại.
money-ambiguous = Shop nhận được <b>{ $amount }</b>, có thể là của đơn <b>{ $code }</b>. Shop đang đối chiếu, bạn không cần làm gì thêm.
money-second = Shop nhận thêm một khoản <b>{ $amount }</b> cho đơn <b>{ $code }</b> đã thanh toán. Tiền của bạn được ghi lại; shop đã được báo và sẽ liên hệ với bạn.
money-late = Khoản <b>{ $amount }</b> cho đơn <b>{ $code }</b> về quá trễ nên chưa tự động giao hàng được. Tiền của bạn được ghi lại; shop đã được báo và sẽ liên hệ với bạn.
money-wrong_currency = Khoản <b>{ $amount }</b> cho đơn <b>{ $code }</b> không đúng loại tiền. Tiền của bạn được ghi lại; shop đã được báo và sẽ liên hệ với bạn.

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

admin-unmatched = ⚠️ Tiền về không rõ đơn nào: <b>{ $amount }</b>, nội dung "{ $memo }" ({ $source } { $ref }{ $code }). Cần người xem.
admin-candidate = • Có thể là đơn <b>{ $code }</b> ({ $total }). Xem: <code>/order { $code }</code>
admin-no-candidate = • Không đơn đang chờ nào có mã gần giống hoặc đúng số tiền này. Nếu người mua cho biết mã, hãy xem: /order MÃ
admin-says-paid = 💬 Người mua báo đã thanh toán đơn <b>{ $code }</b> ({ $amount }), shop chưa thấy tiền về. Xem: <code>/order { $code }</code>
admin-ambiguous = ⚠️ Tiền về chưa rõ là của đơn nào: <b>{ $amount }</b>, nội dung "{ $memo }" ({ $source } { $ref }{ $code }). Cần người xem.
admin-placed = ✅ Khoản <b>{ $amount }</b> lúc đầu chưa rõ đơn nào là của đơn <b>{ $code }</b>: { $source } đã cho biết ({ $ref }).
admin-wrong_currency = ⚠️ Sai loại tiền: <b>{ $amount }</b> cho đơn <b>{ $code }</b>, nội dung "{ $memo }" ({ $source } { $ref }).
admin-over = ⚠️ Đơn <b>{ $code }</b> trả dư <b>{ $surplus }</b> (khoản vừa về: { $amount }, nội dung "{ $memo }", { $source } { $ref }). Phần dư được ghi là tiền của người mua. Hoàn lại: <code>/refund { $code } { $typed }</code>
admin-part-freed = ⚠️ Đơn <b>{ $code }</b> đã được thanh toán bằng loại tiền khác; phần <b>{ $came }</b> trả trước đó được ghi là tiền của người mua. Hoàn lại: <code>/refund { $code } { $currency }</code>
admin-part-held = ⚠️ Đơn <b>{ $code }</b> đã kết thúc nhưng còn giữ <b>{ $came }</b> trả một phần. Cần liên hệ người mua.
admin-second = ⚠️ Đơn <b>{ $code }</b> đã thanh toán, nay nhận thêm <b>{ $amount }</b>, nội dung "{ $memo }" ({ $source } { $ref }). Cần liên hệ người mua.
admin-late = ⚠️ Tiền về quá trễ cho đơn <b>{ $code }</b>: <b>{ $amount }</b>, nội dung "{ $memo }" ({ $source } { $ref }). Cần liên hệ người mua.
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
problem-money-ambiguous = • tiền về ghi nhiều mã đơn: { $count }
problem-money-late = • tiền về quá trễ: { $count }
problem-money-second = • tiền về cho đơn đã thanh toán: { $count }
problem-money-over = • đơn trả dư: { $count }
problem-money-short = • khoản trả một phần cho đơn đã kết thúc: { $count }
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
    [ambiguous] ghi nhiều mã đơn
    [wrong_currency] sai loại tiền
    [foreign_account] vào tài khoản khác
    [held] cổng thanh toán giữ lại
    [reversed] cổng thanh toán lấy lại
    [out] tiền ra
   *[other] { $meaning }
}; từ { $payer }; nội dung "{ $memo }" ({ $sources })
story-refunds = <b>Hoàn tiền</b>
story-refund = • { $at }: <b>{ $amount }</b>, { $state ->
    [owed] còn phải trả
    [sent] đã gửi
   *[other] { $state }
}; { $reason }
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
    [payment-failed] một lần thanh toán không thành công ({ $actor }) { $reason }
    [money-held] { $amount } đang bị { $source } giữ lại
    [money-reversed] { $amount } đã bị { $source } lấy lại
    [money-seen_again] { $source } báo lại cùng khoản tiền đó
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
    [refund-called_off] việc hoàn { $amount } bị hủy vì cổng thanh toán đã lấy lại tiền
   *[other] <code>{ $kind }</code> { $actor } { $detail }
}

## Hoàn tiền

order-button-refunded = ↩️ { $code } · { $product } · { $plan } · { $amount }
order-refund-owed = ↩️ Shop đang hoàn lại <b>{ $amount }</b> của đơn <b>{ $code }</b>.
order-refund-sent = ↩️ Shop đã chuyển trả <b>{ $amount }</b> của đơn <b>{ $code }</b> tới { $bank } …{ $tail }.
order-refund-sent-stars = ↩️ Telegram đã trả lại <b>{ $amount }</b> của đơn <b>{ $code }</b> vào tài khoản của bạn.
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
refund-account-wrong = Chưa đủ hoặc chưa đúng: cần tên ngân hàng, số tài khoản (6 đến 19 chữ số) và tên chủ tài khoản.
refund-account-thanks = Cảm ơn bạn. Shop sẽ chuyển <b>{ $amount }</b> tới { $bank } …{ $tail } { $holder } và báo bạn ngay khi chuyển xong.
refund-account-fixed = Tài khoản nhận tiền đã được xác nhận nên không đổi ở đây được nữa. Nếu có nhầm lẫn, bạn nhắn shop ngay nhé.
bank-unknown = Mình không biết ngân hàng “{ $text }”. Bạn viết tên ngắn hoặc mã số của ngân hàng nhé, ví dụ: Vietcombank, MBBank, 970436.
bank-ambiguous = “{ $text }” có thể là nhiều ngân hàng: { $candidates }. Bạn ghi mã số của ngân hàng giúp mình.
refund-usage =
    <b>Hoàn tiền</b>: /refund MÃ_ĐƠN [số tiền] [loại tiền] [lý do]
    Ví dụ: <code>/refund KX2345678 50k khách đổi ý</code>
    Không ghi số tiền thì hoàn toàn bộ phần đang giữ. Đơn giữ nhiều loại tiền thì ghi rõ loại nào: <code>/refund KX2345678 3.20 USD</code>. Bot sẽ hỏi lại một lần trước khi ghi sổ.
refunds-owed = Các khoản còn nợ, chưa chuyển:
refunds-none = Không còn khoản hoàn tiền nào đang chờ chuyển.
refund-row-ready = 💸 { $code } · { $amount } · sẵn sàng chuyển
refund-row-waits = ⏳ { $code } · { $amount } · chờ xác nhận tài khoản
refund-sure =
    Hoàn <b>{ $amount }</b> cho đơn <b>{ $code }</b>?
    • Hàng: { $product } · { $plan }
    • Người mua: { $name }
    • Đang giữ của đơn này: { $held }
refund-sure-reason = • Lý do: { $reason }
refund-sure-revokes = Đây là toàn bộ số tiền đang giữ: mã kích hoạt và đường dẫn của đơn sẽ bị thu hồi.
refund-sure-cancels = Đơn chưa thanh toán đủ nên sẽ bị hủy.
refund-sure-closes = Đơn chưa thanh toán đủ: mã QR cho phần còn thiếu sẽ bị đóng.
refund-yes = ✅ Hoàn { $amount }
refund-no = ✖️ Không hoàn
refund-left = Đã bỏ qua, không hoàn khoản nào.
refund-now-owed = Đã ghi: shop còn nợ hoàn <b>{ $amount }</b> cho đơn <b>{ $code }</b>. Người mua đã được báo và được hỏi tài khoản nhận tiền.
refund-waits = Đơn <b>{ $code }</b>: còn nợ hoàn <b>{ $amount }</b>, chưa ai xác nhận tài khoản nhận tiền.
refund-no-account-yet = Nơi báo tiền không cho biết tài khoản của người trả. Hãy chờ người mua trả lời, hoặc tự nhập tài khoản. Khoản trả bằng thẻ cũng có thể hoàn ở trang quản trị của cổng thanh toán.
refund-proposed =
    Tài khoản được nêu, <b>chưa xác nhận</b>: { $bank } <code>{ $account }</code> { $holder }
    Ví điện tử chuyển tiền từ tài khoản chung, nên chỉ chuyển tới đó khi người mua hoặc bạn đã xác nhận.
refund-checked-button = ☑️ Tôi đã kiểm tra tài khoản này
refund-type-button = ✏️ Nhập tài khoản khác
refund-card-title = Quét mã VietQR để hoàn tiền
refund-card-caption =
    ↩️ Hoàn tiền đơn <b>{ $code }</b>: <b>{ $amount }</b>
    • { $bank } <code>{ $account }</code>
    • Chủ tài khoản: { $holder }
    • Nội dung: <code>{ $memo }</code>
    Hãy đối chiếu tên chủ tài khoản mà ứng dụng ngân hàng hiện ra. Chuyển xong, bấm “Đã chuyển”.
refund-sent-button = ✅ Đã chuyển
refund-card-sent = ✅ Đã chuyển <b>{ $amount }</b> của đơn <b>{ $code }</b> tới { $bank } …{ $tail }. Người mua đã được báo.
refund-card-sent-by-hand = ✅ Đã chuyển trả <b>{ $amount }</b> của đơn <b>{ $code }</b>. Người mua đã được báo.
refund-by-hand =
    ↩️ Shop còn nợ hoàn <b>{ $amount }</b> của đơn <b>{ $code }</b>.
    • Tiền đã đến từ: <code>{ $account }</code> { $holder }
    Loại tiền này không có mã VietQR: hãy tự chuyển trả, rồi bấm “Đã chuyển”.
refund-stars-under-way = ↩️ Telegram đang trả lại <b>{ $amount }</b> của đơn <b>{ $code }</b>. Bạn không phải chuyển gì; shop sẽ báo khi xong.
refund-stars-return = Telegram sẽ trả thẳng vào tài khoản của bạn, bạn không cần làm gì thêm.
refund-stars-whole = Telegram chỉ trả lại nguyên khoản đã thanh toán bằng Stars. Đơn { $code } không có khoản nào đúng số đó còn hoàn được.
refund-order-unknown = Không có đơn { $code }.
refund-nothing-held = Đơn { $code } không có khoản tiền nào đang giữ để hoàn.
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
command-language = Đổi ngôn ngữ
command-help = Trợ giúp
command-cancel = Hủy
command-paysupport = Hỗ trợ thanh toán
command-terms = Điều khoản mua hàng
command-stats = Số liệu của shop
command-order = Diễn biến một đơn
command-refund = Hoàn tiền

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
ledger-total = { $account ->
    [received] Đã nhận: { $amount }, trong đó
    [revenue] • tiền bán hàng: { $amount }
    [deposit] • trả một phần cho đơn chưa xong: { $amount }
    [credit] • giữ lại cho người mua: { $amount }
    [refund_owed] • còn phải hoàn: { $amount }
    [refund_paid] • đã hoàn: { $amount }
    [unplaced] • chưa rõ của đơn nào: { $amount }
   *[discarded] • đã để riêng: { $amount }
}
ledger-balanced = ✔ Sổ cân bằng (tổng bằng không).
ledger-unbalanced = ✘ Sổ không cân bằng. Hãy giữ nguyên cơ sở dữ liệu và báo lỗi này.
ledger-empty = Chưa có khoản tiền nào.
ledger-transfer = { $at } · { $amount } · { $code } · { $meaning ->
    [exact] trả đủ đơn
    [short] trả một phần
    [over] trả dư
    [second] trả thêm lần nữa
    [late] quá trễ
    [unmatched] chưa rõ đơn nào
    [ambiguous] ghi nhiều mã đơn
    [wrong_currency] sai loại tiền
    [foreign_account] vào tài khoản khác
    [held] cổng thanh toán giữ lại
    [reversed] cổng thanh toán lấy lại
    [out] tiền ra
   *[other] { $meaning }
} · { $sources }
ledger-refund = { $at } · { $amount } · { $code } · { $state ->
    [sent] hoàn tiền, đã gửi
   *[owed] hoàn tiền, còn phải gửi
}
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
