//! Real-like sentences in Windows-1256, whole and in pieces: what is accepted must be right, what is not is refused.

use encoding_rs::{Encoding, IBM866, ISO_8859_5, ISO_8859_6, KOI8_R, KOI8_U, WINDOWS_1251, WINDOWS_1252, WINDOWS_1256};
use encoding_rs::{GBK, SHIFT_JIS, WINDOWS_874, WINDOWS_1253, WINDOWS_1254, WINDOWS_1255, X_MAC_CYRILLIC};

use super::is_plausible;
use crate::clean::text::encoding::single_byte;

#[rustfmt::skip]
const ARABIC: &[&str] = &[
    "اسمي أحمد ولا أريد أن أقاتل",
    "أخذوا جوازات السفر والهواتف منا في اليوم الأول",
    "كنت أعمل ممرضا في المستشفى عندما بدأ القصف، وبقينا في القبو ثلاثة أيام بلا ماء ولا طعام.",
    "قال لنا القائد: «لا طريق للعودة»، ثم أرسلونا إلى الجبهة مرة أخرى.",
    "أطلب منكم المساعدة لي ولعائلتي؛ هل يمكنكم الاتصال بمحام؟",
    "رفض الضابط أن يعطينا أي وثيقة تثبت أننا كنا محتجزين في تلك القاعدة.",
    "وصلنا إلى المدينة مساء يوم الخميس، وكان الجنود يفتشون البيوت ويأخذون الشباب.",
    "وقعت على عقد باللغة الروسية لم أفهم منه شيئا، ووعدونا بالعمل في مصنع.",
];

#[rustfmt::skip]
const PERSIAN: &[&str] = &[
    "نام من رضا است و نمی‌خواهم به جنگ برگردم",
    "فرمانده گذرنامه‌های ما را گرفت و دیگر پس نداد.",
    "سه روز در زیرزمین بدون آب و غذا ماندیم و کسی به ما جواب نمی‌داد.",
    "از شما خواهش می‌کنم به من و خانواده‌ام کمک کنید؛ آیا می‌توانید با وکیل تماس بگیرید؟",
    "برادرم را شبانه از خانه بردند و هنوز هیچ خبری از او نداریم.",
    "ما را سوار کامیون کردند و گفتند که برای آموزش می‌رویم، اما به خط مقدم رسیدیم.",
    "من پرستار بودم و در بیمارستان شهر کار می‌کردم، وقتی اعتراض‌ها شروع شد.",
];

/// As people write Persian in that page.
fn encoded(text: &str) -> Vec<u8> {
    let text = text.replace('ی', "ي");
    let (bytes, _, lossy) = WINDOWS_1256.encode(&text);
    assert!(!lossy, "{text}");
    bytes.into_owned()
}

fn pieces(sentence: &str, words: usize) -> Vec<String> {
    let all: Vec<&str> = sentence.split(' ').collect();
    all.windows(words).map(|window| window.join(" ")).collect()
}

#[test]
fn whole_sentences_are_read_and_no_piece_is_read_wrongly() {
    for text in ARABIC.iter().chain(PERSIAN) {
        assert_eq!(single_byte(&encoded(text)), Some(WINDOWS_1256), "{text}");
    }
    for (words, share) in [(1, 0), (3, 20), (6, 75)] {
        let (mut right, mut all) = (0, 0);
        for piece in ARABIC.iter().chain(PERSIAN).flat_map(|text| pieces(text, words)) {
            let found = single_byte(&encoded(&piece));
            assert!(found.is_none_or(|found| found == WINDOWS_1256), "{piece}");
            (right, all) = (right + usize::from(found.is_some()), all + 1);
        }
        println!("{words} words: {right} of {all}");
        assert!(right * 100 >= all * share, "{words} words: {right} of {all}");
    }
}

#[test]
fn other_pages_are_never_taken_for_it() {
    let texts: [(&str, &'static Encoding); 16] = [
        ("Меня призвали в сентябре и отправили в часть под Белгородом без подготовки", WINDOWS_1251),
        ("меня призвали в сентябре и отправили в часть под белгородом без подготовки", KOI8_R),
        ("МЕНЯ ПРИЗВАЛИ В СЕНТЯБРЕ И ОТПРАВИЛИ В ЧАСТЬ ПОД БЕЛГОРОДОМ", KOI8_R),
        ("наше село обстрілювали щодня, ми ховалися в підвалі школи", KOI8_U),
        ("меня призвали в сентябре и отправили в часть под белгородом", IBM866),
        ("меня призвали в сентябре и отправили в часть под белгородом", ISO_8859_5),
        ("меня призвали в сентябре и отправили в часть под белгородом", X_MAC_CYRILLIC),
        ("Für die Übergabe müssen wir größere Fahrzeuge über die Brücke führen", WINDOWS_1252),
        ("Été comme hiver, les élèves étaient très gênés à l'école où ils avaient été placés", WINDOWS_1252),
        ("Με λένε Γιάννη και δεν θέλω να πολεμήσω, μας πήραν τα διαβατήρια", WINDOWS_1253),
        ("Benim adım Şükrü ve savaşmak istemiyorum, üç gün yemek vermediler", WINDOWS_1254),
        ("שמי דוד ואני לא רוצה להילחם הם לקחו לנו את הדרכונים ואת הטלפונים", WINDOWS_1255),
        ("ฉันไม่อยากไปรบ พวกเขายึดหนังสือเดินทางของเรา", WINDOWS_874),
        ("اسمي أحمد ولا أريد أن أقاتل أخذوا جوازات السفر والهواتف منا في اليوم الأول", ISO_8859_6),
        ("我的名字叫伊万我不想打仗他们没收了我们的护照和电话", GBK),
        ("私の名前はイワンです。戦争には行きたくありません", SHIFT_JIS),
    ];
    for (text, encoding) in texts {
        let (bytes, _, lossy) = encoding.encode(text);
        assert!(!lossy, "{text}");
        for piece in std::iter::once(&*bytes).chain(bytes.split(|&byte| byte == b' ')) {
            assert_ne!(single_byte(piece), Some(WINDOWS_1256), "{text}");
        }
    }
}

#[test]
fn noise_is_refused_and_controls_are_no_text() {
    let mut state = 1_u32;
    for len in (4..400).step_by(3) {
        let bytes: Vec<u8> = (0..len)
            .map(|_| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let byte = (state >> 24) as u8;
                if byte < 0x30 { b' ' } else { byte | 0x80 }
            })
            .collect();
        assert_eq!(single_byte(&bytes), None);
    }
    let mut bytes = encoded(ARABIC[2]);
    assert!(is_plausible(&bytes));
    bytes.push(1);
    assert!(!is_plausible(&bytes));
    assert_eq!(single_byte(&bytes), None);
}
