### Tiếng Việt. Gọi người mua là "bạn", lời shop ngắn gọn, lịch sự.
### Chỉ dùng <b>, <i>, <code>. Thuộc tính .noun là tên gọi của thứ được sao chép, dùng trong thư.

## Ngôn ngữ: tên tự gọi; cách viết giờ và tiền (mẫu CLDR)

language-name = 🇻🇳 Tiếng Việt
time-format = HH:mm, dd/MM/yyyy
money-format = #,##0{"\u00A0"}¤

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

## Thư điện tử

email-subject = Tin nhắn từ { $shop }
email-footer = Thư này được { $shop } gửi tự động. Nếu bạn không mua hàng tại đây, bạn có thể bỏ qua thư này.

## Nút bấm chung

back = ‹ Quay lại
help = ❓ Trợ giúp
my-orders = 🧾 Đơn của tôi
paid = ✅ Tôi đã chuyển khoản
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
choose-plan = Bạn chọn một gói bên dưới. Thanh toán bằng mã VietQR, nhận hàng ngay khi tiền về.
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
plan-description = { $text }
plans = 🛍 Các gói
buy = 🛒 Mua ngay
language-choice = { $name }
choose-language = Bạn muốn dùng ngôn ngữ nào?
help-page =
    <b>{ $shop }</b> bán hàng tự động:
    1. Chọn gói (/start)
    2. Quét mã VietQR bằng ứng dụng ngân hàng, giữ nguyên số tiền và nội dung
    3. Nhận hàng ngay tại đây và qua email

    /myorders – đơn đã mua, nhận lại hàng
    /language – đổi ngôn ngữ
    /cancel – hủy việc đang làm hoặc đơn đang chờ
not-understood = Mình chưa hiểu ý bạn. Bạn bấm một nút bên dưới nhé.
dead-button = Nút này không còn dùng được nữa. Bạn chọn lại bên dưới nhé.
toast-dead-button = Nút này đã hết hạn

## Trò chuyện: mua hàng

ask-email = Bạn gửi địa chỉ email để nhận <b>{ $product }</b> và biên nhận nhé.
ask-email-optional = Bạn gửi địa chỉ email để nhận <b>{ $product }</b> và biên nhận qua thư, hoặc bấm Bỏ qua.
email-wrong = Địa chỉ email này có vẻ chưa đúng. Bạn kiểm tra và gửi lại giúp mình, ví dụ: ten@gmail.com
use-email = ✉️ Dùng { $address }
order-still-open = Đơn <b>{ $code }</b> của bạn vẫn đang chờ thanh toán, đây là mã QR của đơn.
another-order-open = Bạn đang có đơn <b>{ $code }</b> ({ $product } · { $plan }) chờ thanh toán. Bạn muốn thanh toán đơn đó, hay hủy để mua gói mới?
pay-that = 💳 Thanh toán { $code }
swap = 🔁 Hủy và mua { $plan }
shop-cannot-take-money = Shop chưa sẵn sàng nhận thanh toán. Bạn quay lại sau nhé.
order-too-many = Hôm nay bạn đã tạo quá nhiều đơn. Bạn thử lại vào ngày mai nhé.
cancel-sure = Hủy đơn <b>{ $code }</b>? Nếu bạn đã chuyển khoản thì đừng hủy, chỉ cần chờ một chút.
cancel-yes = ✖️ Hủy đơn
cancel-no = ‹ Giữ đơn
order-cancelled = Đã hủy đơn <b>{ $code }</b>.
cancelled-talk = Đã dừng. Bạn có thể chọn lại bất cứ lúc nào.
nothing-to-cancel = Không có gì để hủy.
toast-waiting = Shop đang chờ ngân hàng báo tiền
waiting-for-bank =
    Cảm ơn bạn. Shop đang chờ ngân hàng báo tiền về cho đơn <b>{ $code }</b> ({ $amount }).
    Thường mất vài giây đến vài phút; hàng sẽ tự động được gửi tại đây, bạn không cần làm gì thêm.

## Trò chuyện: đơn đã mua

orders-page = Các đơn gần đây của bạn. Bấm vào đơn để xem hoặc nhận lại hàng:
no-orders = Bạn chưa có đơn nào.
order-button-open = ⏳ { $code } · { $product } · { $amount }
order-button-paid = ✅ { $code } · { $product } · { $amount }
order-button-expired = ⌛ { $code } · { $product } · { $amount }
order-button-cancelled = ✖️ { $code } · { $product } · { $amount }
order-is-expired = Đơn <b>{ $code }</b> đã hết hạn thanh toán. Nếu bạn đã chuyển khoản, tiền về trước { $watch } vẫn được giao hàng tự động.
order-is-cancelled = Đơn <b>{ $code }</b> đã hủy. Nếu bạn đã lỡ chuyển khoản, tiền về trước { $watch } vẫn được giao hàng tự động.
order-is-over = Đơn <b>{ $code }</b> đã kết thúc. Tiền chuyển cho đơn này bây giờ sẽ không tự động giao hàng.
part-is-held = Shop đang giữ <b>{ $came }</b> bạn đã chuyển cho đơn { $code }. Tiền này vẫn là của bạn.
order-expired = Đơn <b>{ $code }</b> đã hết thời gian thanh toán. Nếu bạn đã chuyển khoản thì yên tâm: tiền về trước { $watch } vẫn được giao hàng tự động.
part-is-kept = Phần { $came } bạn đã chuyển vẫn được giữ cho đơn này. Chuyển nốt { $missing } trước thời hạn đó thì hàng vẫn được giao; nếu không, bạn hãy nhắn shop.
buy-again = 🔁 Mua lại
see-order = 📦 Xem đơn

## Thẻ QR trong chat

card-caption =
    Đơn <b>{ $code }</b>
    Quét mã bằng ứng dụng ngân hàng, hoặc chuyển khoản đúng:
    • Số tiền: <b>{ $amount }</b>
    • Nội dung: <code>{ $code }</code>
    • Chủ tài khoản: { $holder }
    Hạn thanh toán: <b>{ $until }</b>
card-paid = ✅ Đã thanh toán – đơn <b>{ $code }</b>
card-cancelled = ✖️ Đã hủy – đơn <b>{ $code }</b>. Đừng chuyển khoản theo mã này nữa.
card-expired = ⌛ Hết hạn – đơn <b>{ $code }</b>. Đừng chuyển khoản theo mã này nữa.
card-moved = Mã QR của đơn <b>{ $code }</b> đã được gửi lại ở tin nhắn bên dưới.
card-replaced = Đơn <b>{ $code }</b> đã nhận được một phần tiền. Bạn dùng mã QR mới bên dưới.

## Tiền về

payment-received = ✅ Đã nhận được thanh toán <b>{ $amount }</b> cho đơn <b>{ $code }</b>. Cảm ơn bạn! Hàng đang được gửi…
money-short = Đơn <b>{ $code }</b> mới nhận được { $came }, còn thiếu <b>{ $missing }</b>. Bạn chuyển nốt phần còn thiếu bằng mã QR dưới đây, hàng sẽ được giao ngay.
money-over = Bạn đã chuyển dư <b>{ $amount }</b> cho đơn { $code }. Số dư được ghi lại cho bạn; shop sẽ liên hệ để hoàn lại hoặc trừ vào đơn sau.
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
admin-ambiguous = ⚠️ Tiền về ghi nhiều mã đơn đang mở: <b>{ $amount }</b>, nội dung "{ $memo }" ({ $source } { $ref }{ $code }). Cần người xem.
admin-wrong_currency = ⚠️ Sai loại tiền: <b>{ $amount }</b> cho đơn <b>{ $code }</b>, nội dung "{ $memo }" ({ $source } { $ref }).
admin-over = ⚠️ Đơn <b>{ $code }</b> trả dư, tổng khoản nhận là <b>{ $amount }</b>, nội dung "{ $memo }" ({ $source } { $ref }). Phần dư được ghi là tiền của người mua; cần liên hệ.
admin-part-held = ⚠️ Đơn <b>{ $code }</b> đã kết thúc nhưng còn giữ <b>{ $came }</b> trả một phần. Cần liên hệ người mua.
admin-second = ⚠️ Đơn <b>{ $code }</b> đã thanh toán, nay nhận thêm <b>{ $amount }</b>, nội dung "{ $memo }" ({ $source } { $ref }). Cần liên hệ người mua.
admin-late = ⚠️ Tiền về quá trễ cho đơn <b>{ $code }</b>: <b>{ $amount }</b>, nội dung "{ $memo }" ({ $source } { $ref }). Cần liên hệ người mua.
admin-undeliverable = ⚠️ Không gửi được hàng của đơn <b>{ $code }</b> qua { $channel }.
admin-mail-missing = ⚠️ Chưa cấu hình email (SMTP_URL, MAIL_FROM). Thư giao hàng đang chờ trong hàng đợi.

## Lệnh của bot

command-start = Xem các gói
command-myorders = Đơn đã mua
command-language = Đổi ngôn ngữ
command-help = Trợ giúp
command-cancel = Hủy

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
sandbox-fault-none = Mọi thứ đều ổn
sandbox-fault-twice = Báo có gửi hai lần
sandbox-fault-late = Báo có đến trễ 45 phút
sandbox-fault-too_late = Báo có đến trễ 49 giờ
sandbox-fault-short = Chuyển thiếu
sandbox-fault-over = Chuyển dư
sandbox-fault-garbled = Nội dung bị ngân hàng xáo trộn
sandbox-fault-memo_lost = Nội dung bị mất
sandbox-fault-wrong_account = Vào nhầm tài khoản
sandbox-fault-forged = Chữ ký giả
sandbox-fault-lost = Báo có bị thất lạc
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
sandbox-switch-mail-down = Máy chủ thư tắt
sandbox-switch-block = Người mua chặn bot
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
sandbox-error-network = Không liên lạc được với cửa hàng.

## Dòng lệnh của người bán

just-amount = { $amount }
start-sandbox = Phố thử nghiệm đã mở: { $url } (không có tiền thật, chỉ trên máy này). Nhấn Ctrl+C để dừng.
start-open = Shop đã mở tại { $url }. Địa chỉ công khai: { $public }.
start-no-telegram = Chưa có TELEGRAM_BOT_TOKEN: chưa có chat nào được mở. Lấy token từ @BotFather.
start-no-bank = Chưa đủ BANK_BIN, BANK_ACCOUNT, BANK_HOLDER: người mua chưa thể thanh toán.
start-no-casso = Chưa có CASSO_CHECKSUM_KEY: cửa Casso đóng (404), tiền về không được tự động ghi nhận.
start-no-mail = Chưa có SMTP_URL và MAIL_FROM: thư được giữ trong hàng đợi cho đến khi cấu hình email.
start-no-admins = Chưa có ADMIN_CHAT_IDS (ví dụ telegram:123456): không ai được báo khi tiền về cần người xem.
start-vault-key = Đã tạo khóa két { $path }. Hãy sao lưu tệp này: mất nó thì không mở lại được các mã đã bán.
doctor-sandbox = Chế độ thử nghiệm: chưa có token hay khóa cổng thanh toán nào.
doctor-played = Telegram, ngân hàng, Casso và email do phố thử nghiệm đóng vai.
doctor-real = Chế độ thật.
doctor-database = Cơ sở dữ liệu: mở được, đúng phiên bản, đúng khóa két.
doctor-queues = Hàng đợi: { $waiting } việc đang chờ.
doctor-buried = { $dead } việc đã bỏ cuộc sau nhiều lần thử. Xem bằng lệnh show, hoặc trong /metrics.
doctor-telegram = Telegram: có token.
doctor-bank = Tài khoản ngân hàng: đã có.
doctor-casso = Casso: có khóa, cửa đang mở.
doctor-mail = Email: đã cấu hình.
doctor-admins = Quản trị: đã có người nhận báo.
shop-file-fine = Tệp { $path } ổn: { $products } sản phẩm, { $plans } gói.
order-unknown = Không có đơn { $code }.
database-at-head = { $url } đã ở phiên bản mới nhất.
database-not-migrated = Cơ sở dữ liệu chưa được tạo hoặc chưa nâng cấp. Chạy: python -m app migrate
database-unreachable = Không mở được cơ sở dữ liệu: { $reason }
database-url-malformed = DATABASE_URL phải là sqlite:///đường-dẫn hoặc postgresql://…
shop-not-founded = Shop chưa được mở lần nào. Chạy: python -m app run
shop-prefix-fixed = code_prefix không đổi được sau lần mở đầu tiên: mã đơn cũ phải luôn tra được.
vault-key-malformed = VAULT_KEY phải là 32 byte ở dạng base64.
vault-key-wrong = VAULT_KEY không phải là khóa mà shop này đã dùng. Không có dữ liệu nào bị thay đổi.
vault-key-needed = Với PostgreSQL, hãy đặt VAULT_KEY (32 byte base64) và cất giữ cẩn thận.
vault-key-lost = Không tìm thấy khóa két { $path }. Khôi phục nó từ bản sao lưu: không có nó thì không mở được các mã đã niêm phong.
settings-wrong = Biến môi trường chưa đúng: { $wrong }
admins-malformed = ADMIN_CHAT_IDS phải có dạng telegram:123456, cách nhau bằng dấu phẩy.
roles-need-postgresql = Tách web và worker cần PostgreSQL. Với SQLite, hãy dùng: python -m app run
port-taken = Không mở được { $host }:{ $port }. Có chương trình khác đang dùng; hãy đặt PORT khác.
already-running = Đã có một tiến trình khác chạy trên cơ sở dữ liệu này ({ $path }).
telegram-token-refused = Telegram từ chối TELEGRAM_BOT_TOKEN (401). Lấy token mới từ @BotFather.
telegram-token-malformed = TELEGRAM_BOT_TOKEN phải có dạng 123456789:AAE…, như @BotFather đưa.
mail-from-malformed = MAIL_FROM phải là một địa chỉ, có thể kèm tên: Shop &lt;shop@example.com&gt;
smtp-url-malformed = SMTP_URL chưa đúng: smtp+starttls://user:mật-khẩu@host:port, ký tự đặc biệt được mã hóa phần trăm.
smtp-url-tail = SMTP_URL có phần thừa sau port: hãy mã hóa phần trăm các ký tự / ? # trong mật khẩu.
smtp-url-half-login = SMTP_URL có tên mà thiếu mật khẩu, hoặc ngược lại.
smtp-url-scheme = SMTP_URL phải bắt đầu bằng một trong: { $known }

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
mistake-pattern = "{ $field }" không đúng dạng (slug chỉ gồm a-z, 0-9 và dấu -; địa chỉ bắt đầu bằng https://).
mistake-too-long = "{ $field }" quá dài (tối đa { $bound } ký tự).
mistake-empty = "{ $field }" không được để trống.
mistake-none = cần ít nhất một "{ $field }".
mistake-too-small = "{ $field }" quá nhỏ (phải lớn hơn { $bound }).
mistake-too-big = "{ $field }" quá lớn (tối đa { $bound }).
mistake-choice = "{ $field }" phải là một trong: { $bound }.
mistake-zone = "{ $field }" không phải múi giờ, ví dụ Asia/Ho_Chi_Minh.
mistake-prefix = "{ $field }" phải là hai chữ cái trong CFHJKLMNPQRTVX: các chữ khác dễ bị bàn phím hoặc mắt người đổi.
mistake-other = "{ $field }" không hợp lệ.
mistake-slug-twice = slug "{ $slug }" được dùng hai lần.
mistake-course-without-link = khóa học "{ $name }" chưa có [[product.link]] nào.
mistake-licence-with-link = "{ $name }" là mã kích hoạt nên không có [[product.link]]; hãy dùng download_url.
