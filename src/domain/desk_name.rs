//! How a client is named on a desk phone: what the PBX is told, in as many characters as its display has.

/// As many characters as a display shows.
pub const DISPLAY_CHARS: usize = 40;
/// What stands there until the owner has written something else.
pub const FIRST_TEMPLATE: &str = "{vip}{name}{company}{missed}";
/// What may stand in braces.
const PARTS: [&str; 4] = ["vip", "name", "company", "missed"];

/// In which letters a display can write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Letters {
    Any,
    Latin,
}

/// What is known of a client.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shown<'a> {
    /// His name, else his number.
    pub name: &'a str,
    pub company: &'a str,
    pub is_vip: bool,
    /// Missed calls that nobody has made good.
    pub missed: i64,
}

/// Whether nothing stands in braces that is no part.
pub fn is_template(text: &str) -> bool {
    let rest = PARTS.iter().fold(text.to_owned(), |text, part| text.replace(&format!("{{{part}}}"), ""));
    !rest.contains(['{', '}'])
}

/// The client as the template says, in Latin letters if so asked. Of what is too long the company goes first, then the
/// end of the name.
pub fn render(template: &str, client: Shown, letters: Letters) -> String {
    let whole = filled(template, client, letters);
    if whole.chars().count() <= DISPLAY_CHARS {
        return whole;
    }
    let short = filled(template, Shown { company: "", ..client }, letters);
    let excess = short.chars().count().saturating_sub(DISPLAY_CHARS);
    if excess == 0 {
        return short;
    }
    let name = written(client.name, letters);
    let kept = name.chars().count().saturating_sub(excess + 1);
    let cut: String = name.chars().take(kept).collect::<String>().trim_end().to_owned() + "…";
    let short = filled(template, Shown { name: &cut, company: "", ..client }, letters);
    short.chars().take(DISPLAY_CHARS).collect()
}

fn filled(template: &str, client: Shown, letters: Letters) -> String {
    let vip = match (client.is_vip, letters) {
        (true, Letters::Latin) => "VIP ",
        (true, Letters::Any) => "★ ",
        (false, _) => "",
    };
    let company = if client.company.is_empty() { String::new() } else { format!(" ({})", client.company) };
    let missed = match (client.missed, letters) {
        (..=0, _) => String::new(),
        (missed, Letters::Latin) => format!(", {missed} missed"),
        (missed, Letters::Any) => format!(", {missed} пропущ."),
    };
    let values = [vip, client.name, &company, &missed];
    // Part by part, so that braces in a name stay a name's.
    let mut text = String::new();
    let mut rest = template;
    while let Some(start) = rest.find('{') {
        let (before, from) = rest.split_at(start);
        text.push_str(before);
        let found = PARTS.iter().zip(values).find_map(|(part, value)| {
            let rest = from.strip_prefix('{')?.strip_prefix(part)?.strip_prefix('}')?;
            Some((value, rest))
        });
        let (value, after) = found.unwrap_or(("{", &from[1..]));
        text.push_str(value);
        rest = after;
    }
    text.push_str(rest);
    written(text.trim(), letters)
}

fn written(text: &str, letters: Letters) -> String {
    if letters == Letters::Any {
        return text.to_owned();
    }
    let mut spelt_out = String::new();
    for letter in text.chars() {
        let lower = letter.to_lowercase().next().unwrap_or(letter);
        let Some(spelt) = spelling(lower) else {
            spelt_out.push(letter);
            continue;
        };
        let mut spelt = spelt.chars();
        if lower != letter {
            spelt_out.extend(spelt.next().map(|first| first.to_ascii_uppercase()));
        }
        spelt_out.extend(spelt);
    }
    spelt_out
}

/// As passports write it (ICAO 9303), but for the signs, which nobody hears.
fn spelling(lower: char) -> Option<&'static str> {
    Some(match lower {
        'а' => "a",
        'б' => "b",
        'в' => "v",
        'г' => "g",
        'д' => "d",
        'е' | 'ё' | 'э' => "e",
        'ж' => "zh",
        'з' => "z",
        'и' | 'й' => "i",
        'к' => "k",
        'л' => "l",
        'м' => "m",
        'н' => "n",
        'о' => "o",
        'п' => "p",
        'р' => "r",
        'с' => "s",
        'т' => "t",
        'у' => "u",
        'ф' => "f",
        'х' => "kh",
        'ц' => "ts",
        'ч' => "ch",
        'ш' => "sh",
        'щ' => "shch",
        'ы' => "y",
        'ъ' | 'ь' => "",
        'ю' => "iu",
        'я' => "ia",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const IVANOV: Shown = Shown { name: "Иванов", company: "Ромашка", is_vip: true, missed: 2 };

    #[test]
    fn each_part_brings_its_own_space_or_nothing() {
        let shown = |template, client| render(template, client, Letters::Any);
        assert_eq!(shown(FIRST_TEMPLATE, IVANOV), "★ Иванов (Ромашка), 2 пропущ.");
        assert_eq!(shown(FIRST_TEMPLATE, Shown { name: "Иванов", ..Shown::default() }), "Иванов");
        assert_eq!(shown("Звонит {name}", IVANOV), "Звонит Иванов");
        assert_eq!(shown("{name}", Shown { name: "{vip}", ..IVANOV }), "{vip}");
    }

    #[test]
    fn what_is_too_long_loses_the_company_and_then_the_end_of_the_name() {
        let long = "О".repeat(30);
        let client = Shown { name: &long, company: "Ромашка и сыновья", is_vip: false, missed: 0 };
        assert_eq!(render(FIRST_TEMPLATE, client, Letters::Any), long);
        let longer = "О".repeat(60);
        let text = render(FIRST_TEMPLATE, Shown { name: &longer, missed: 12, ..client }, Letters::Any);
        assert_eq!(text.chars().count(), DISPLAY_CHARS);
        assert!(text.ends_with("О…, 12 пропущ."), "{text}");
    }

    #[test]
    fn a_display_without_cyrillic_gets_latin_letters() {
        assert_eq!(render(FIRST_TEMPLATE, IVANOV, Letters::Latin), "VIP Ivanov (Romashka), 2 missed");
        let client = Shown { name: "Щукина Юлья", ..Shown::default() };
        assert_eq!(render("{name}", client, Letters::Latin), "Shchukina Iulia");
        let long = "Щ".repeat(30);
        assert!(render("{name}", Shown { name: &long, ..client }, Letters::Latin).chars().count() <= DISPLAY_CHARS);
    }

    #[test]
    fn only_the_four_parts_may_stand_in_braces() {
        assert!(is_template(FIRST_TEMPLATE) && is_template("Клиент"));
        assert!(!is_template("{phone}") && !is_template("{name") && !is_template("name}"));
    }
}
