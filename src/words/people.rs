//! What people are called, and what armies call them: names, call signs, units, service numbers. Only words in front
//! tell these, so that a rule is a word and what may follow it.

use std::sync::LazyLock;

use super::Kind;
use super::rule::{Found, Needs, Rule, all, all_if};

pub(super) fn rules() -> &'static [Rule] {
    static RULES: LazyLock<Vec<Rule>> = LazyLock::new(|| {
        vec![
            Rule::new(Kind::Unit, Needs::DigitsAnd(4, UNIT_WORDS), UNIT, unit),
            Rule::new(Kind::ServiceNumber, Needs::DigitsAnd(5, SERVICE_WORDS), SERVICE_NUMBER, all),
            Rule::new(Kind::CallSign, Needs::Announced, CALL_SIGN, all),
            Rule::new(Kind::CallSign, Needs::Announced, SMALL_CALL_SIGN, small_call_sign),
            Rule::new(Kind::Name, Needs::Announced, NAME, all),
            Rule::new(Kind::Name, Needs::OneOf(&["Я ", "I'm ", "I am "]), GREETING, greeting),
            Rule::new(Kind::Name, Needs::OneOf(&["Я, ", "I, "]), WITNESS, witness),
            Rule::new(Kind::Name, Needs::Announced, ARABIC_NAME, arabic_name),
            Rule::new(Kind::Name, Needs::Announced, PERSIAN_NAME, all),
        ]
    });
    &RULES
}

/// Parts of the words that `UNIT` begins with.
const UNIT_WORDS: &[&str] = &["в/ч", "вч", "в.ч", "в/част", "войсков", "воинск", "військов", "вайсков", "unit"];

const UNIT: &str = concat!(
    r"(?i:в/ч|вч|в\.ч\.|в/част[а-яёіїєґў]{1,2}|войсков[а-яёіїєґў]{2,3} част[а-яёіїєґў]{1,3}|воинск[а-яёіїєґў]{2,3} част[а-яёіїєґў]{1,3}|військов[а-яёіїєґў]{1,3} частин[а-яёіїєґў]{1,3}|",
    r"вайсков[а-яёіїєґў]{1,3} част[а-яёіїєґў]{2,3}|military unit|army unit|unit),? *(?:№|N|No\.?|номер|number)? *[A-ZА-ЯЁІЇЄҐЎ]?[ -]?[0-9]{4,6}"
);

fn unit(found: &Found<'_>) -> Option<usize> {
    // English units are also of prices and books.
    let lower = found.value.to_lowercase();
    all_if(found, !lower.starts_with("unit") || found.digits().len() >= 5)
}

/// Parts of the words that `SERVICE_NUMBER` begins with.
const SERVICE_WORDS: &[&str] = &["личн", "особист", "асабіст", "жетон", "service", "tag"];

const SERVICE_NUMBER: &str = concat!(
    r"(?i:личн[а-яёіїєґў]{2,3} (?:номер[а-яёіїєґў]{0,2}|№)|особист[а-яёіїєґў]{2,3} номер[а-яёіїєґў]{0,2}|асабіст[а-яёіїєґў]{1,3} нумар[а-яёіїєґў]{0,2}|жетон[а-яёіїєґў]{0,2}|service (?:number|no\.?)|dog ?tags?)",
    r"(?:[ :№.,-]|[a-zа-яёіїєґў]{1,10} ){0,5}?(?P<v>[A-ZА-ЯЁІЇЄҐЎ]{1,2} ?- ?[0-9]{5,7}|[A-ZА-ЯЁІЇЄҐЎ]{1,2}[0-9]{6}|[0-9]{6,10})"
);

const CALL_SIGN: &str = concat!(
    r"(?i:позывн[а-яёіїєґў]{1,3}|позивн[а-яёіїєґў]{1,4}|пазыўн[а-яёіїєґў]{1,3}|call[ -]?sign)",
    r"(?: *[:-] *| +(?:[a-zа-яёіїєґў]{1,10} +){0,3}(?:- *)?)",
    r#"(?P<v>[«"“„][^»"”“]{1,30}[»"”“]|[A-ZА-ЯЁІЇЄҐЎ][A-Za-zА-Яа-яЁёІіЇїЄєҐґЎў0-9]+(?:-[A-Za-zА-Яа-яЁёІіЇїЄєҐґЎў0-9]+)?(?: [0-9]{1,3})?)"#
);

/// One word in small letters, with nothing behind it.
const SMALL_CALL_SIGN: &str =
    r"(?i:позывной|позивний|пазыўны|call[ -]?sign)(?:[ :-]{1,3})(?P<v>[a-zа-яёіїєґў]{3,20})(?:[.,;)]|$)";

fn small_call_sign(found: &Found<'_>) -> Option<usize> {
    let starts = |words: &[&str]| words.iter().any(|word| found.value.starts_with(word));
    let says_nothing = [
        "неизв",
        "невід",
        "невяд",
        "забыл",
        "забув",
        "скры",
        "дали",
        "был",
        "був",
        "смен",
        "unknown",
        "secret",
        "used",
    ];
    all_if(found, !starts(&says_nothing))
}

const NAME: &str = concat!(
    r"(?i:меня зовут|зовут меня|мо[её] имя(?: -)?|моя фамилия|мене зва?[тн]и|мене звуть|звати мене|мо[єе] ім'я|моє прізвище|",
    r"мяне завуць|мяне клічуць|маё імя|my (?:full |real )?name is|my name's|i am called|name:|имя:|фио:|ф\.и\.о\.:?|піб:?)",
    r"[ :-]{1,3}(?P<v>[A-ZА-ЯЁІЇЄҐЎ][a-zа-яёіїєґў']+(?:-[A-ZА-ЯЁІЇЄҐЎ][a-zа-яёіїєґў]+)?(?: [A-ZА-ЯЁІЇЄҐЎ][a-zа-яёіїєґў']+(?:-[A-ZА-ЯЁІЇЄҐЎ][a-zа-яёіїєґў]+)?| [A-ZА-ЯЁІЇЄҐЎ]\.){0,3})"
);

/// As greetings go on.
const GREETING: &str =
    r"(?:^|[.,!?)] ?)(?:Я|I'm|I am) (?P<v>[A-ZА-ЯЁІЇЄҐЎ][a-zа-яёіїєґў']+(?: [A-ZА-ЯЁІЇЄҐЎ][a-zа-яёіїєґў']+)?)";

fn greeting(found: &Found<'_>) -> Option<usize> {
    // A people or a faith is no name.
    let is_name =
        !["ian", "ish", "ese", "an", "ec", "ин", "ец", "Вам", "Вас"].iter().any(|end| found.value.ends_with(end));
    all_if(
        found,
        is_name
            && (found.after.is_empty() || found.after.starts_with([',', '.', '!']) || found.after.starts_with(" and ")),
    )
}

/// As statements begin.
const WITNESS: &str = r"(?:^|[ .])(?:Я|I), (?P<v>[A-ZА-ЯЁІЇЄҐЎ][a-zа-яёіїєґў']+(?:-[A-ZА-ЯЁІЇЄҐЎ][a-zа-яёіїєґў]+)?(?: [A-ZА-ЯЁІЇЄҐЎ][a-zа-яёіїєґў']+(?:-[A-ZА-ЯЁІЇЄҐЎ][a-zа-яёіїєґў]+)?){0,3}),";

/// One name alone could be a word that begins with a capital, but for what a witness goes on with.
fn witness(found: &Found<'_>) -> Option<usize> {
    let goes_on =
        ["даю", "заяв", "прош", "пиш", "сообщ", "подтверж", "свид", "нижепод", "hereby", "testify", "declare"];
    let after = found.after.trim_start_matches([',', ' ']);
    all_if(found, found.value.contains(' ') || goes_on.iter().any(|word| after.starts_with(word)))
}

const ARABIC_NAME: &str =
    r"(?:^|[ ,.])(?:و)?اسمی(?: هو| الکامل)? (?P<v>[\p{Arabic}]{2,20}(?: [\p{Arabic}]{2,20}){0,2})(?:[,.؛]|$)";

fn arabic_name(found: &Found<'_>) -> Option<usize> {
    let begins = |words: &[&str]| words.iter().any(|word| found.value.split(' ').next() == Some(word));
    all_if(found, !begins(&["لیس", "غیر", "فی", "علی", "من", "هنا", "لا", "لم"]))
}

const PERSIAN_NAME: &str = r"(?:^|[ ,.])(?:نام من|اسم من|اسمم|نامم)(?: هم)? (?P<v>[\p{Arabic}]{2,20}(?: [\p{Arabic}]{2,20}){0,2}?) (?:است|هست|می باشد)";
