//! The language a statement is written in, so that the desk can give it to someone who reads it. Never guesses.

use whatlang::{Lang, detect};

/// BCP 47 primary language subtag of `text`; `None` if it cannot be told, as from a few words.
/// Looks at the first characters only.
#[must_use]
pub fn of(text: &str) -> Option<&'static str> {
    let end = text.char_indices().nth(CHARS_LOOKED_AT).map_or(text.len(), |(at, _)| at);
    let head = text.get(..end)?;
    let letters = Letters::count(head);
    // The statistics know too few words of these scripts to tell neighbours apart; their letters do.
    if letters.cyrillic > letters.others() {
        let is_told = |tag: &&str| !EASTERN_SLAVIC.contains(tag) || (*tag == "ru" && letters.dotted == 0);
        return letters.cyrillic_language().or_else(|| by_statistics(head).filter(is_told));
    }
    if letters.arabic > letters.others() {
        return letters
            .arabic_language()
            .or_else(|| by_statistics(head).filter(|tag| !WRITTEN_IN_ARABIC.contains(tag)));
    }
    by_statistics(head)
}

/// Enough for the statistics, little enough for a text of megabytes.
const CHARS_LOOKED_AT: usize = 8192;
/// Letters below which nothing is said.
const LETTERS_MIN: u32 = 12;
const EASTERN_SLAVIC: [&str; 3] = ["ru", "uk", "be"];
const WRITTEN_IN_ARABIC: [&str; 3] = ["ar", "fa", "ur"];

/// How often letters occur that one language has and its neighbour has not.
#[derive(Default)]
struct Letters {
    cyrillic: u32,
    arabic: u32,
    other: u32,
    /// ы э ё
    russian: u32,
    /// ї є ґ
    ukrainian: u32,
    /// и щ, which Belarusian has not
    not_belarusian: u32,
    /// ў
    belarusian: u32,
    /// і, in both of the last
    dotted: u32,
    /// Letters of none of the three
    foreign: u32,
    /// پ چ ژ گ ک ی
    persian: u32,
    /// ة ي ك ى
    arab: u32,
    /// ٹ ڈ ڑ ے ں ہ of Urdu, ڵ ڕ ۆ ێ ە of Kurdish, ټ ځ ډ ښ of Pashto
    neighbours: u32,
}

impl Letters {
    fn count(text: &str) -> Self {
        let mut letters = Self::default();
        for c in text.chars().filter(|c| c.is_alphabetic()) {
            let count = match c {
                'ы' | 'э' | 'ё' | 'Ы' | 'Э' | 'Ё' => &mut letters.russian,
                'ї' | 'є' | 'ґ' | 'Ї' | 'Є' | 'Ґ' => &mut letters.ukrainian,
                'и' | 'щ' | 'И' | 'Щ' => &mut letters.not_belarusian,
                'ў' | 'Ў' => &mut letters.belarusian,
                'і' | 'І' => &mut letters.dotted,
                'А'..='я' => &mut letters.cyrillic,
                'Ѐ'..='ӿ' => &mut letters.foreign,
                'پ' | 'چ' | 'ژ' | 'گ' | 'ک' | 'ی' => &mut letters.persian,
                'ة' | 'ي' | 'ك' | 'ى' => &mut letters.arab,
                'ٹ' | 'ڈ' | 'ڑ' | 'ے' | 'ں' | 'ہ' | 'ڵ' | 'ڕ' | 'ۆ' | 'ێ' | 'ە' | 'ټ' | 'ځ' | 'ډ' | 'ښ' => {
                    &mut letters.neighbours
                }
                '\u{600}'..='ۿ' => &mut letters.arabic,
                _ => &mut letters.other,
            };
            *count = count.saturating_add(1);
        }
        for own in [letters.russian, letters.ukrainian, letters.not_belarusian, letters.belarusian, letters.dotted] {
            letters.cyrillic = letters.cyrillic.saturating_add(own);
        }
        letters.cyrillic = letters.cyrillic.saturating_add(letters.foreign);
        for own in [letters.persian, letters.arab, letters.neighbours] {
            letters.arabic = letters.arabic.saturating_add(own);
        }
        letters
    }

    /// Letters that are neither Cyrillic nor Arabic; a text in one of these has fewer.
    fn others(&self) -> u32 {
        self.other.max(self.cyrillic.min(self.arabic))
    }

    /// Belarusian has ў and і but no и; Ukrainian і and и but no ы; Russian ы and и but no і.
    fn cyrillic_language(&self) -> Option<&'static str> {
        if self.cyrillic < LETTERS_MIN || is_some_of(self.foreign, self.cyrillic) {
            return None;
        }
        let has_no = |count: u32| !is_some_of(count, self.cyrillic);
        let dotted = self.dotted.saturating_add(self.ukrainian);
        if dotted == 0 && self.belarusian == 0 {
            // Bulgarian and Serbian have none of these, either.
            return (self.russian > 0).then_some("ru");
        }
        if has_no(self.not_belarusian) && has_no(self.ukrainian) && self.belarusian.saturating_add(self.russian) > 0 {
            return Some("be");
        }
        if has_no(self.russian) && has_no(self.belarusian) && self.not_belarusian > 0 {
            return Some("uk");
        }
        (has_no(dotted) && has_no(self.belarusian) && self.russian > 0).then_some("ru")
    }

    fn arabic_language(&self) -> Option<&'static str> {
        if self.arabic < LETTERS_MIN || is_some_of(self.neighbours, self.arabic) {
            return None;
        }
        if self.persian > self.arab.saturating_mul(4) {
            return Some("fa");
        }
        (self.arab > self.persian.saturating_mul(4)).then_some("ar")
    }
}

/// Whether `count` of `all` letters are more than a name or a slip of the hand.
fn is_some_of(count: u32, all: u32) -> bool {
    count.saturating_mul(100) > all
}

fn by_statistics(text: &str) -> Option<&'static str> {
    detect(text).filter(whatlang::Info::is_reliable).and_then(|info| tag(info.lang()))
}

/// ISO 639-1 for those languages of `whatlang` that have a code there and readers at a desk.
fn tag(lang: Lang) -> Option<&'static str> {
    Some(match lang {
        Lang::Ara => "ar",
        Lang::Aze => "az",
        Lang::Bel => "be",
        Lang::Bul => "bg",
        Lang::Ces => "cs",
        Lang::Cmn => "zh",
        Lang::Dan => "da",
        Lang::Deu => "de",
        Lang::Ell => "el",
        Lang::Eng => "en",
        Lang::Est => "et",
        Lang::Fin => "fi",
        Lang::Fra => "fr",
        Lang::Heb => "he",
        Lang::Hin => "hi",
        Lang::Hrv => "hr",
        Lang::Hun => "hu",
        Lang::Hye => "hy",
        Lang::Ita => "it",
        Lang::Jpn => "ja",
        Lang::Kat => "ka",
        Lang::Kor => "ko",
        Lang::Lav => "lv",
        Lang::Lit => "lt",
        Lang::Mkd => "mk",
        Lang::Mya => "my",
        Lang::Nld => "nl",
        Lang::Nob => "nb",
        Lang::Pes => "fa",
        Lang::Pol => "pl",
        Lang::Por => "pt",
        Lang::Ron => "ro",
        Lang::Rus => "ru",
        Lang::Slk => "sk",
        Lang::Slv => "sl",
        Lang::Spa => "es",
        Lang::Srp => "sr",
        Lang::Swe => "sv",
        Lang::Tuk => "tk",
        Lang::Tur => "tr",
        Lang::Ukr => "uk",
        Lang::Urd => "ur",
        Lang::Uzb => "uz",
        Lang::Vie => "vi",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::of;

    #[track_caller]
    fn check(text: &str, tag: Option<&str>) {
        assert_eq!(of(text), tag, "{text}");
    }

    #[test]
    fn neighbours_are_told_apart_by_their_letters() {
        check(
            "Меня призвали в сентябре и отправили в часть, откуда я ушёл. Прошу вас помочь мне и моей семье.",
            Some("ru"),
        );
        check("Наше село обстрілювали щодня, ми ховалися в підвалі школи.", Some("uk"));
        check("Мяне затрымалі ля ўваходу ў метро і пасадзілі ў аўтазак.", Some("be"));
        check("من نمی‌خواهم به جنگ برگردم و فرمانده گذرنامه‌های ما را گرفت.", Some("fa"));
        check("اسمي أحمد ولا أريد أن أعود إلى الجبهة، وقد أخذوا جوازات السفر منا في اليوم الأول.", Some("ar"));
    }

    #[test]
    fn other_languages_are_told_by_statistics() {
        check("I was called up in September and sent to the front without any training at all.", Some("en"));
        check("Казвам се Иван и не искам да воювам. Командирът взе паспортите ни още първия ден.", Some("bg"));
        check("Mój brat został wysłany na granicę, a żołnierze zabrali mu wszystkie dokumenty.", Some("pl"));
    }

    #[test]
    fn a_ukrainian_name_does_not_make_a_russian_text_ukrainian() {
        let text = "Вместе со мной в подвале был Андрій. Мы не знали, куда нас везут, и никто не отвечал. \
                    Потом открыли двери и выгнали всех во двор, где стояли машины без номеров и люди в масках.";
        check(text, Some("ru"));
    }

    #[test]
    fn nothing_is_said_of_too_little() {
        check("", None);
        check("12345 67", None);
        check("да", None);
        check("Іван", None);
    }
}
