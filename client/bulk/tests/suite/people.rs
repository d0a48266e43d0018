//! All spellings of a person's URL are one person, and two people are never one.

use crustdata_bulk::{NoPerson, Person};
use proptest::prelude::*;

#[track_caller]
fn same(spellings: &[&str]) {
    let keys: Vec<String> = spellings
        .iter()
        .map(|url| Person::read(url).unwrap().key)
        .collect();
    assert!(keys.windows(2).all(|pair| pair[0] == pair[1]), "{keys:?}");
}

#[test]
fn spellings_of_one_person() {
    same(&[
        "https://www.linkedin.com/in/dvdhsu/",
        "http://linkedin.com/in/dvdhsu",
        "HTTPS://WWW.LinkedIn.com/in/DvdHsu",
        "de.linkedin.com/in/dvdhsu/?trk=people-guest&x=1,2",
        "https://uk.linkedin.com/in/dvdhsu/en#about",
        "www.linkedin.com/in/dvdhsu//details/experience/",
        "  linkedin.com/IN/dvd%68su ",
        "https://www.linkedin.com:443/in/dvdhsu/",
        "http://www.linkedin.com:80/in/dvdhsu/",
        "https://www.linkedin.com./in/dvdhsu/",
        // With marks that nobody sees, as they are copied from a page.
        "\u{200e}https://www.linkedin.com/in/dvdhsu\u{200b}",
        "\u{feff}linkedin.com/in/dvdhsu%E2%80%8B/",
    ]);
    same(&[
        "https://www.linkedin.com/in/j%C3%BCrgen-m/",
        "linkedin.com/in/Jürgen-M",
    ]);
    same(&[
        "https://www.linkedin.com/in/ACoAAB1x_Yz",
        "de.linkedin.com/in/ACoAAB1x_Yz/",
    ]);
}

#[test]
fn ids_keep_their_capitals() {
    let key = |url| Person::read(url).unwrap().key;
    assert_ne!(
        key("linkedin.com/in/ACoAAB1x"),
        key("linkedin.com/in/ACoAAb1X")
    );
    assert_ne!(
        key("linkedin.com/in/ACoAAB1x"),
        key("linkedin.com/in/acoaab1x")
    );
}

#[test]
fn who_is_nobody() {
    let not = |value: &str| Person::read(value).unwrap_err();
    assert_eq!(not("  "), NoPerson::Empty);
    assert_eq!(not("somebody@example.com"), NoPerson::NotAUrl);
    assert_eq!(not("dvdhsu"), NoPerson::NotAUrl);
    // No name, and nothing that a database takes for text.
    assert_eq!(not("https://www.linkedin.com/in/a%00b"), NoPerson::NotAUrl);
    assert_eq!(not("https://example.com/a%0Ab"), NoPerson::NotAUrl);
    assert_eq!(not("https://example.com/a?b\u{1b}"), NoPerson::NotAUrl);
    assert_eq!(not("https://www.linkedin.com/"), NoPerson::NotAUrl);
    for host in ["a@www.linkedin.com", "www.linke din.com", "localhost"] {
        assert_eq!(not(&format!("https://{host}/in/a")), NoPerson::NotAUrl);
    }
    assert_eq!(not("https://www.linkedin.com/in/"), NoPerson::OtherPage);
    assert_eq!(
        not("https://www.linkedin.com/company/crustdata"),
        NoPerson::OtherPage
    );
    assert_eq!(not("https://www.linkedin.com/in/a%2Cb"), NoPerson::Comma);
    assert_eq!(not("https://example.com/a,b"), NoPerson::Comma);
    // More than an index of Postgres takes.
    for start in ["https://example.com/a?", "https://www.linkedin.com/in/"] {
        let long = format!("{start}{}", "a".repeat(2001));
        assert_eq!(not(&long), NoPerson::TooLong);
    }
    let long = format!("https://www.linkedin.com/in/a?{}", "a".repeat(9999));
    assert_eq!(Person::read(&long).unwrap().key, "in/a");
}

/// Nobody knows what the parts of another site's URLs mean.
#[test]
fn elsewhere_every_part_of_a_url_counts() {
    let key = |url| Person::read(url).unwrap().key;
    assert_eq!(
        key("https://www.example.com/a/b?q=1#x"),
        "example.com/a/b?q=1"
    );
    assert_eq!(key("http://example.com/a"), "example.com/a");
}

#[test]
fn a_plain_url_is_sent_as_it_is() {
    let sent = |url| Person::read(url).unwrap().identifier;
    let plain = "https://www.linkedin.com/in/dvdhsu";
    assert_eq!(sent(plain), plain);
    assert_eq!(
        sent("\u{200e}https://www.linkedin.com/in/dvdhsu\u{200b}"),
        plain
    );
    assert_eq!(
        sent("https://www.linkedin.com/in/dvdhsu%E2%80%8B"),
        "https://www.linkedin.com/in/dvdhsu/"
    );
    assert_eq!(
        sent("de.linkedin.com/in/DvdHsu?a=b,c"),
        "https://www.linkedin.com/in/dvdhsu/"
    );
    assert_eq!(
        sent("linkedin.com/in/jürgen"),
        "https://www.linkedin.com/in/j%C3%BCrgen/"
    );
    assert_eq!(
        sent("https://www.linkedin.com/in/a b"),
        "https://www.linkedin.com/in/a%20b/"
    );
    assert_eq!(
        sent("https://example.com/In/X?q=1"),
        "https://example.com/In/X?q=1"
    );
}

fn name() -> impl Strategy<Value = String> {
    "[a-z0-9äöüé-]{1,20}"
}

/// A spelling of somebody's URL.
fn spelling(name: String) -> impl Strategy<Value = String> {
    let start = proptest::sample::select(vec!["https://", "http://", "HTTPS://", "", " "]);
    let host = proptest::sample::select(vec![
        "www.linkedin.com",
        "linkedin.com",
        "de.linkedin.com",
        "LinkedIn.COM",
    ]);
    let end = proptest::sample::select(vec!["", "/", "//", "?trk=a,b", "/?x#y", "/en", "#a", " "]);
    let bytes = name.len();
    (start, host, end, proptest::collection::vec(0..3u8, bytes)).prop_map(
        move |(start, host, end, how)| {
            let mut text = String::new();
            for (character, how) in name.chars().zip(how) {
                match how {
                    0 => text.push(character),
                    1 => text.extend(character.to_uppercase()),
                    _ => character
                        .to_string()
                        .bytes()
                        .for_each(|byte| text += &format!("%{byte:02x}")),
                }
            }
            format!("{start}{host}/in/{text}{end}")
        },
    )
}

proptest! {
    #[test]
    fn any_two_spellings_are_one_person((a, b) in name().prop_flat_map(|name| (spelling(name.clone()), spelling(name)))) {
        prop_assert_eq!(Person::read(&a).unwrap().key, Person::read(&b).unwrap().key);
    }

    #[test]
    fn two_names_are_two_people(a in name(), b in name()) {
        prop_assume!(a != b);
        let key = |name: &str| Person::read(&format!("https://www.linkedin.com/in/{name}/")).unwrap().key;
        prop_assert_ne!(key(&a), key(&b));
    }

    #[test]
    fn what_is_sent_is_the_same_person(url in name().prop_flat_map(spelling)) {
        let person = Person::read(&url).unwrap();
        let sent = Person::read(&person.identifier).unwrap();
        prop_assert_eq!(&person.key, &sent.key);
        prop_assert!(!person.identifier.contains(','));
        prop_assert_eq!(sent.identifier, person.identifier);
    }

    #[test]
    fn nothing_makes_it_panic(text in ".*") {
        let _ = Person::read(&text);
        let _ = Person::read(&format!("https://www.linkedin.com/in/{text}"));
    }
}
