"""What gives people away, and how they write it. Checksums are those of the issuers; tests hold them to python-stdnum."""

ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
PERSIAN = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")


def digits(rng, count):
    return "".join(str(rng.randrange(10)) for _ in range(count))


def filled(rng, form):
    """Each # is a digit."""
    return "".join(str(rng.randrange(10)) if c == "#" else c for c in form)


def one_of(*forms):
    return lambda rng: filled(rng, rng.choice(forms))


def luhn(body):
    total = sum(d if i % 2 else sum(divmod(2 * d, 10)) for i, d in enumerate(map(int, reversed(body))))
    return body + str(-total % 10)


def weighted(body, weights):
    return sum(int(d) * w for d, w in zip(body, weights))


def inn10(rng):
    body = rng.choice(["77", "50", "78", "23", "61"]) + digits(rng, 7)
    return body + str(weighted(body, (2, 4, 10, 3, 5, 9, 4, 6, 8)) % 11 % 10)


def inn12(rng):
    body = rng.choice(["77", "50", "31", "61", "23"]) + digits(rng, 8)
    body += str(weighted(body, (7, 2, 4, 10, 3, 5, 9, 4, 6, 8)) % 11 % 10)
    return body + str(weighted(body, (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)) % 11 % 10)


def snils(rng):
    body = "1" + digits(rng, 8)
    check = weighted(body, range(9, 0, -1)) % 101 % 100
    return rng.choice(["{}-{}-{} {}", "{}-{}-{}-{}", "{} {} {} {}"]).format(body[:3], body[3:6], body[6:], f"{check:02}")


def ogrn(rng):
    body = rng.choice("15") + f"{rng.randrange(2, 26):02}" + rng.choice(["77", "50", "78"]) + digits(rng, 7)
    return body + str(int(body) % 11 % 10)


def ogrnip(rng):
    body = "3" + f"{rng.randrange(4, 26):02}" + rng.choice(["77", "50", "78"]) + digits(rng, 9)
    return body + str(int(body) % 13 % 10)


def rnokpp(rng):
    body = str(rng.randrange(1, 4)) + digits(rng, 8)
    return body + str(weighted(body, (-1, 5, 7, 9, 4, 6, 10, 5, 7)) % 11 % 10)


def unzr(rng):
    body = f"{rng.randrange(1955, 2008)}{rng.randrange(1, 13):02}{rng.randrange(1, 29):02}" + digits(rng, 4)
    check = sum(int(d) * w for d, w in zip(body, (7, 3, 1) * 4)) % 10
    return f"{body[:8]}-{body[8:]}{check}"


def belarusian(rng):
    body = str(rng.randrange(3, 7)) + f"{rng.randrange(1, 29):02}{rng.randrange(1, 13):02}" + digits(rng, 2)
    body += rng.choice("ABCHKEM") + digits(rng, 3) + rng.choice(["PB", "BA", "BI"])
    values = [int(c) if c.isdigit() else ord(c) - 55 for c in body]
    return body + str(sum(v * w for v, w in zip(values, (7, 3, 1) * 5)) % 10)


def iranian(rng):
    body = digits(rng, 9)
    rest = weighted(body, range(10, 1, -1)) % 11
    return body + str(rest if rest < 2 else 11 - rest)


def iban(rng, country, bban):
    body = filled(rng, bban)
    number = "".join(str(int(c, 36)) for c in body + country) + "00"
    return f"{country}{98 - int(number) % 97:02}{body}"


def ibans(rng):
    country, bban = rng.choice([
        ("UA", "3052990000026#########"[:6] + "0" * 5 + "26" + "#" * 12), ("DE", "#" * 18), ("PL", "#" * 24),
        ("BY", "ALFA" + "3014" + "#" * 16), ("GE", "TB" + "#" * 16), ("LT", "#" * 16), ("GB", "NWBK" + "#" * 14)])
    plain = iban(rng, country, bban)
    return plain if rng.random() < 0.5 else " ".join(plain[i:i + 4] for i in range(0, len(plain), 4))


def card(rng):
    number = luhn(rng.choice(["4276", "5469", "2202", "4149", "5168", "9112", "6037"]) + digits(rng, 11))
    joint = rng.choice(["", " ", " ", "-"])
    return joint.join(number[i:i + 4] for i in range(0, 16, 4))


def imei(rng):
    number = luhn("35" + digits(rng, 12))
    return rng.choice([number, f"{number[:2]}-{number[2:8]}-{number[8:14]}-{number[14]}", f"{number[:6]} {number[6:12]} {number[12:]}"])


def ip(rng):
    if rng.random() < 0.75:
        return f"{rng.choice([5, 31, 46, 77, 85, 91, 176, 188, 192, 10])}.{rng.randrange(256)}.{rng.randrange(256)}.{rng.randrange(1, 255)}"
    return "2a02:" + ":".join(f"{rng.randrange(16, 65536):x}" for _ in range(3)) + "::" + f"{rng.randrange(1, 65536):x}"


def mac(rng):
    return rng.choice([":", "-"]).join(f"{rng.randrange(256):02{rng.choice('xX')}}" for _ in range(6))


def email(rng):
    name = rng.choice(["ostap.melnyk", "d_vorozh", "reza1990", "k.ahmad", "olena-k", "ivan.petrov77", "a.lukash"])
    return f"{name}{rng.randrange(100)}@{rng.choice(['gmail.com', 'mail.ru', 'ukr.net', 'proton.me', 'tut.by', 'yandex.ru', 'yahoo.com'])}"


def handle(rng):
    return "@" + rng.choice(["ostap_m", "vorozh", "reza.k", "olena_ua", "medsestra", "kombat_", "ahmad_sy", "lukash"]) + str(rng.randrange(10, 99))


def link(rng):
    name = rng.choice(["ostap_m", "vorozh", "reza.k", "olena_ua", "id20418", "lukash"]) + str(rng.randrange(10, 99))
    site = rng.choice(["t.me/", "https://t.me/", "vk.com/", "https://vk.com/", "instagram.com/", "https://www.instagram.com/",
                       "https://www.facebook.com/", "ok.ru/profile/5", "https://www.tiktok.com/@", "wa.me/7916", "https://x.com/", "linkedin.com/in/"])
    return site + (digits(rng, 7) if site.endswith(("6", "5")) else name)


def decimal(rng):
    a, b = rng.uniform(44, 56), rng.uniform(22, 48)
    return rng.choice([f"{a:.6f}, {b:.6f}", f"{a:.4f} {b:.4f}", f"{a:.5f},{b:.5f}", f"{a:.5f}° N, {b:.5f}° E"])


def dms(rng):
    a, b = rng.randrange(44, 56), rng.randrange(22, 48)
    m = lambda: f"{rng.randrange(60):02}"
    return rng.choice([f"{a}°{m()}′{m()}″N {b}°{m()}′{m()}″E", f"{a}°{m()}'{m()}\"N {b}°{m()}'{m()}\"E",
                       f"N {a}° {m()}.{rng.randrange(100, 999)}' E {b}° {m()}.{rng.randrange(100, 999)}'"])


def dms_ru(rng):
    a, b = rng.randrange(44, 56), rng.randrange(22, 48)
    m = lambda: f"{rng.randrange(60):02}"
    return rng.choice([f"{a}°{m()}'{m()}\" с. ш. {b}°{m()}'{m()}\" в. д.", f"{a}°{m()}′{m()}″ с.ш., {b}°{m()}′{m()}″ в.д."])


def mgrs(rng):
    zone = rng.choice(["36U", "37U", "37T", "38S", "39S", "36T"])
    square = rng.choice("STUVWXYZ") + rng.choice("ABCDEFGH") if zone[1] in "68" else rng.choice("ABCDEFGH") + rng.choice("KLMNPQRS")
    a, b = digits(rng, 5), digits(rng, 5)
    return rng.choice([f"{zone} {square} {a} {b}", f"{zone}{square}{a}{b}", f"{zone} {square} {a[:4]} {b[:4]}"])


MONTHS = {"ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря".split(),
          "uk": "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня".split(),
          "be": "студзеня лютага сакавіка красавіка мая чэрвеня ліпеня жніўня верасня кастрычніка лістапада снежня".split(),
          "en": "January February March April May June July August September October November December".split()}


def moment(language):
    def make(rng):
        d, m, y, h, i = rng.randrange(1, 29), rng.randrange(1, 13), rng.randrange(2019, 2027), rng.randrange(24), rng.randrange(60)
        word = MONTHS.get(language, [""] * 12)[m - 1]
        forms = {"ru": ["{d:02}.{m:02}.{y} в {h:02}:{i:02}", "{d} {w} {y} года в {h}:{i:02}", "{d:02}.{m:02}.{y} {h:02}:{i:02}", "{d} {w} в {h:02}:{i:02}"],
                 "uk": ["{d:02}.{m:02}.{y} о {h:02}:{i:02}", "{d} {w} {y} року о {h}:{i:02}", "{d} {w} о {h:02}:{i:02}"],
                 "be": ["{d:02}.{m:02}.{y} а {h:02}:{i:02}", "{d} {w} {y} года а {h}:{i:02}"],
                 "en": ["{y}-{m:02}-{d:02} {h:02}:{i:02}", "{y}-{m:02}-{d:02}T{h:02}:{i:02}:00Z", "{w} {d}, {y} at {h}:{i:02}", "{d} {w} {y}, {h:02}:{i:02}"],
                 "ar": ["{d}/{m}/{y} الساعة {h:02}:{i:02}", "{y}/{m:02}/{d:02} {h:02}:{i:02}"],
                 "fa": ["{p}/{m:02}/{d:02} ساعت {h:02}:{i:02}", "{p}/{m:02}/{d:02} {h:02}:{i:02}"]}[language]
        text = rng.choice(forms).format(d=d, m=m, y=y, p=y - 621, h=h, i=i, w=word)
        if language in ("ar", "fa") and rng.random() < 0.5:
            text = text.translate(ARABIC if language == "ar" else PERSIAN)
        return text
    return make


def translated(value, table):
    return lambda rng: value(rng).translate(table) if rng.random() < 0.6 else value(rng)


def pick(*values):
    return lambda rng: rng.choice(values)


def plate_ru(rng):
    c = lambda: rng.choice("АВЕКМНОРСТУХ")
    text = f"{c()}{rng.randrange(1, 999):03}{c()}{c()}"
    region = rng.choice(["77", "99", "161", "31", "761", "82"])
    text = rng.choice([f"{text}{region}", f"{text} {region}", f"{text[0]} {text[1:4]} {text[4:]} {region}"])
    if rng.random() < 0.2:
        text = text.translate(str.maketrans("АВЕКМНОРСТУХ", "ABEKMHOPCTYX"))
    return text.lower() if rng.random() < 0.15 else text


def plate_uk(rng):
    c = lambda: rng.choice("АВЕІКМНОРСТХ")
    text = rng.choice(["АА", "АХ", "ВІ", "КА", "ВС", "АЕ"]) + rng.choice(["", " "]) + digits(rng, 4) + " " * rng.randrange(2) + c() + c()
    return text.translate(str.maketrans("АВЕІКМНОРСТХ", "ABEIKMHOPCTX")) if rng.random() < 0.4 else text


def plate_be(rng):
    c = lambda: rng.choice("ABEIKMHOPCTX")
    return f"{digits(rng, 4)} {c()}{c()}-{rng.randrange(1, 8)}"


PHONES = {
    "ru": one_of("+7 916 ###-##-##", "+7916#######", "8 (926) ###-##-##", "8903#######", "8-918-###-##-##", "8 905 ### ## ##", "+7 (495) ###-##-##", "7 985 ### ## ##"),
    "uk": one_of("+380 67 ### ## ##", "+38050#######", "067 ### ## ##", "(093) ###-##-##", "098#######", "+38 (066) ###-##-##", "38063#######", "050-###-##-##"),
    "be": one_of("+375 29 ###-##-##", "+375 (33) ###-##-##", "8 029 ### ## ##", "8044#######", "+37525#######"),
    "en": one_of("+44 7911 ######", "+1 (415) ###-####", "+49 151 ########", "+48 5## ### ###", "+995 599 ## ## ##", "+374 91 ######", "+90 532 ### ## ##", "+972 52-###-####", "00 44 7911 ######"),
    "ar": translated(one_of("+963 944 ### ###", "0944######", "+964 770 ### ####", "0770 ### ####", "07801######", "00963 933 ### ###"), ARABIC),
    "fa": translated(one_of("+98 912 ### ####", "0912#######", "0935 ### ####", "021-########", "0098 912 ### ####", "+98912#######"), PERSIAN),
}

KINDS = {
    "phone": {
        "ru": (PHONES["ru"], ["Мой телефон {}, звоните после шести.", "Жена осталась одна, её номер: {}", "ротный писал с {} каждый вечер", "{} это мой, второй отключён"],
               ["Если что — наберите {}.", "В списке был ещё {} (мама)"]),
        "uk": (PHONES["uk"], ["Мій номер {}, телефонуйте вдень.", "дзвонили з {}, погрожували", "Контакт сестри: {}."], ["Ось телефон командира {}", "пишіть на вайбер {}, дякую"]),
        "be": (PHONES["be"], ["Мой тэлефон {}, званіце.", "Звоните жене: {}", "нумар следчага {}"], ["Патэлефануйце маці {} пасля працы"]),
        "en": (PHONES["en"], ["Call me on {} after dark.", "My brother's number is {}.", "Signal: {}"], ["He kept texting from {} all week", "reach the lawyer at {}, please"]),
        "ar": (PHONES["ar"], ["رقم هاتفي {} ويمكنكم الاتصال مساء.", "اتصل بي على {}", "رقم أخي هو {}"], ["تجدونني على الواتساب {}"]),
        "fa": (PHONES["fa"], ["شماره من {} است.", "با شماره {} تماس بگیرید", "تلفن برادرم: {}"], ["لطفا به {} پیام بدهید"]),
    },
    "email": {
        "ru": (email, ["Пишите мне на {}", "почта командира — {}."], ["Ответ лучше на {}, я читаю каждый день"]),
        "en": (email, ["Write to {}.", "my address ({}) is safe"], ["Contact: <{}>"]),
        "fa": (email, ["ایمیل من {} است"], ["به {} بنویسید"]),
        "uk": (email, ["Моя пошта: {}."], ["листи надсилайте на {}, будь ласка"]),
    },
    "handle": {
        "ru": (handle, ["Мой телеграм {}", "в чате он был {} и всё писал"], ["нашёл его, ник {}."]),
        "en": (handle, ["My Telegram is {}.", "He posts as {} there"], ["ask {} about it"]),
        "uk": (handle, ["Пишіть у телеграм {}"], ["його нік у групі — {}"]),
        "ar": (handle, ["حسابي على تلغرام {}"], ["اسمه هناك {} وهو معنا"]),
        "fa": (handle, ["آیدی تلگرام من {} است"], ["پیج او {} بود"]),
    },
    "link": {
        "ru": (link, ["Его страница: {}", "вот профиль {} там всё видно"], ["фото он выложил на {}."]),
        "en": (link, ["His page is {}", "see {} for the pictures"], ["they found me through {}."]),
        "uk": (link, ["Моя сторінка {}"], ["ось він: {} — дивіться"]),
        "fa": (link, ["صفحه من {} است"], ["کانال ما {}"]),
    },
    "ip": {
        "ru": (ip, ["Заходили с адреса {}", "сервер штаба {} лежит"], ["айпи был {}, московский"]),
        "en": (ip, ["The login came from {}.", "ping {} works"], ["server at {} port 22"]),
    },
    "mac": {"en": (mac, ["Wi-Fi address {}", "the router ({}) was ours", "MAC {} in the log"], ["device {} joined the network"]),
            "ru": (mac, ["мак-адрес роутера {}", "в логе мой {}"], ["привязали к {} и всё"])},
    "imei": {"ru": (imei, ["IMEI телефона {}", "в протоколе записали имей {}", "мой аппарат, IMEI: {}"], ["Изъят смартфон, IMEI1 {}."]),
             "en": (imei, ["The phone's IMEI is {}.", "IMEI {}"], ["seized handset, imei: {}"]),
             "uk": (imei, ["IMEI мого телефону {}"], ["вилучили телефон (IMEI {})"])},
    "card": {
        "ru": (card, ["Деньги просили на карту {}", "моя карта {} (Сбер)", "зарплата приходила на {}"], ["переведите на {}, это сборы"]),
        "uk": (card, ["Номер картки {}", "кошти на {}, дякую"], ["моно {} збір на авто"]),
        "en": (card, ["They paid to card {}.", "card no. {}"], ["my debit card was {} back then"]),
        "fa": (translated(card, PERSIAN), ["شماره کارت {} بانک ملی"], ["پول را به {} بریزید"]),
    },
    "iban": {"uk": (ibans, ["Рахунок {}", "IBAN: {}"], ["зарплату перераховували на {}."]),
             "en": (ibans, ["Transfer to {} please.", "account {} in my name"], ["the IBAN was {}, at that bank"]),
             "be": (ibans, ["рахунак {}"], ["Счёт {} открыт в марте"])},
    "inn": {"ru": (lambda rng: rng.choice([inn10, inn12])(rng), ["ИНН {}", "мой ИНН: {}, проверьте", "фирма с ИНН {} поставляла еду"], ["В договоре стоит инн {}."])},
    "snils": {"ru": (snils, ["СНИЛС {}", "мой снилс: {}", "номер {} на зелёной карточке"], ["Страховой номер {} указан в справке."])},
    "ogrn": {"ru": (lambda rng: rng.choice([ogrn, ogrnip])(rng), ["ОГРН {}", "ООО, ОГРН: {}", "ОГРНИП {}"], ["зарегистрирован как ИП, огрнип {}"])},
    "passport": {
        "ru": (one_of("45 10 ######", "4510 ######", "6105######", "45 12 № ######"), ["Паспорт {} выдан в Ростове", "паспорт серии {} забрали", "паспортные данные: {}"], ["мой паспорт: {}, ОВД района"]),
        "uk": (one_of("МЕ ######", "СН ######", "КВ######"), ["Паспорт {} виданий у Харкові", "паспорт серії {}"], ["мій паспорт: {}, забрали"]),
        "be": (one_of("MP#######", "HB #######"), ["пашпарт {} забралі", "Паспорт {} выдан РОВД"], ["нумар пашпарта {}"]),
        "en": (one_of("7# #######", "FA######", "K########"), ["My passport number is {}.", "passport no. {} was taken"], ["passport: {} (expired)"]),
        "ar": (one_of("N#########", "A########"), ["رقم جواز السفر {}"], ["جواز سفري {} معهم"]),
        "fa": (one_of("U########", "K########"), ["شماره گذرنامه {}"], ["پاسپورت من {} است"]),
    },
    "id-number": {
        "uk": (rnokpp, ["РНОКПП {}", "мій ІПН {}", "податковий номер: {}"], ["ідентифікаційний код {} вказано в довідці"]),
        "uk-register": (unzr, ["УНЗР {}", "Запис № {} на звороті"], ["номер запису в реєстрі {}"]),
        "be": (belarusian, ["Личный номер {}", "асабісты нумар {}", "идентификационный номер {}"], ["у пашпарце нумар {}"]),
        "fa": (translated(iranian, PERSIAN), ["کد ملی من {} است", "کدملی: {}", "شماره ملی {}"], ["با کد ملی {} ثبت شد"]),
        "ar": (translated(one_of("0#0########", "1998########", "1985########"), ARABIC), ["الرقم الوطني {}", "رقم الهوية: {}"], ["رقمي الوطني هو {}"]),
    },
    "unit": {
        "ru": (one_of("в/ч 3####", "войсковая часть 0####", "в/ч № 5####", "вч 6####", "В/Ч 12###", "войсковой части 4####"), ["Служил: {}, второй батальон", "нас везли в {} под Ростовом", "Командир {} майор"], ["справка из {} прилагается"]),
        "uk": (one_of("в/ч А####", "військова частина А####", "військової частини 3###", "в/ч А-####", "вч А####"), ["Служив: {}, друга рота", "командир {} підполковник"], ["рапорт подано до {}."]),
        "be": (one_of("в/ч 0####", "вайсковая частка 9####", "войсковая часть 4####"), ["Служыў у {} пад Менскам"], ["загад камандзіра {}"]),
        "en": (one_of("military unit 3####", "unit 0####", "Military Unit A####"), ["I served in {} near the border"], ["orders came from {} that day"]),
    },
    "service-number": {
        "ru": (one_of("АБ-######", "Т-######", "У-######", "ФА-######"), ["личный номер {}", "жетон {} нашли у него", "мой личный номер: {}"], ["на жетоне выбито {}"]),
        "uk": (one_of("АБ-######", "ГД-######"), ["особистий номер {}", "жетон з номером {}"], ["на жетоні {} і група крові"]),
        "en": (one_of("AB-######", "#########"), ["service number {}", "dog tag {}"], ["his tag said {}, service number; nothing else".replace("his tag said {}, service number; nothing else", "dog tag number {} was on him")]),
    },
    "call-sign": {
        "ru": (pick("Гром", "Сокол", "«Барс»", "Седой", "\"Кедр\"", "Малыш", "Ворон-2"), ["позывной {}", "командир с позывным {} кричал", "мой позывной — {}."], ["позывной у него был {}, все знали"]),
        "uk": (pick("Грім", "Сокіл", "«Барс»", "Кедр", "Малий", "\"Їжак\""), ["позивний {}", "ротний на позивний {}"], ["мій позивний був {}, так і пишіть"]),
        "en": (pick("Falcon", "\"Bear\"", "Viper", "Kedr", "Raven 2"), ["call sign {}", "my callsign was {}."], ["his call sign is {} on the radio"]),
        "be": (pick("Гром", "«Зубр»", "Воўк"), ["пазыўны {}"], ["мой пазыўны быў {}"]),
    },
    "plate": {
        "ru": (plate_ru, ["Машина {} стояла у ворот", "номер {}, белая нива", "УАЗ {}"], ["везли на буханке {}, двое суток"]),
        "uk": (plate_uk, ["авто {} стояло біля школи", "номер {}, чорний джип"], ["їхали на бусі {}, без світла"]),
        "be": (plate_be, ["машына {} каля дома", "бус {}"], ["приехали на {}, трое"]),
    },
    "coordinates": {
        "ru": (lambda rng: rng.choice([decimal, dms_ru, dms])(rng), ["Яма здесь: {}", "координаты {}", "точка {} у посадки"], ["стояли тут {}, три дня"]),
        "en": (lambda rng: rng.choice([decimal, dms, mgrs])(rng), ["The base is at {}.", "grid {}", "coordinates: {}"], ["we were held near {} for a week"]),
        "uk": (lambda rng: rng.choice([decimal, mgrs])(rng), ["координати {}", "Місце: {}"], ["ось точка {}, там підвал"]),
        "fa": (decimal, ["مختصات {}"], ["محل: {}"]),
    },
    "moment": {lang: (moment(lang), seen, held) for lang, seen, held in [
        ("ru", ["{} нас построили во дворе.", "это было {}, помню точно", "Сообщение от {}"], ["вывезли {}, темно"]),
        ("uk", ["{} прийшли військові.", "це сталося {}, я певен"], ["відправили {} машиною"]),
        ("be", ["{} мяне затрымалі.", "гэта было {}"], ["прыйшлі {}, з абшукам"]),
        ("en", ["On {} they came.", "message sent {}"], ["the shelling began {}, I wrote it down"]),
        ("ar", ["وصل الجنود {}"], ["كان ذلك {} تماما"]),
        ("fa", ["در {} آمدند"], ["پیام {} رسید"])]},
    "name": {
        "ru": (pick("Остап Мельник", "Иван Петрович Сидоров", "Дарья Ворожейкина", "Руслан"), ["Меня зовут {}.", "меня зовут {}, я медбрат", "Я, {}, даю показания"], ["Здравствуйте, зовут меня {}, мне 23 года"]),
        "uk": (pick("Остап Мельник", "Олена Коваль", "Іван Сірко", "Наталя"), ["Мене звати {}.", "мене звуть {}, я з Харкова"], ["Добрий день, моє ім'я {}, пишу вперше"]),
        "be": (pick("Алесь Лукаш", "Вольга Ясень"), ["Мяне завуць {}."], ["Вітаю, мяне клічуць {}, я настаўнік"]),
        "en": (pick("Ostap Melnyk", "Daria Vorozh", "Reza Karimi", "Anna"), ["My name is {}.", "my name is {} and I am a nurse"], ["Hello, my full name is {}, born in spring"]),
        "ar": (pick("أحمد الحسن", "يوسف كريم", "ليلى"), ["اسمي {}.", "أنا اسمي {}، ممرض"], ["السلام عليكم، اسمي {}، من حلب"]),
        "fa": (pick("رضا کریمی", "مریم احمدی", "علی"), ["نام من {} است", "اسم من {} است."], ["سلام، اسمم {} است و پرستارم"]),
    },
}
