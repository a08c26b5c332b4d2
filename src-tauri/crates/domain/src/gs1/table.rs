//! The application identifiers of the GS1 General Specifications (section 3.2): what a data field
//! holds, and how long it is.

/// What a data field is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Content {
    /// Digits.
    Digits,
    /// Digits whose last is the check digit of the rest.
    Checked,
    /// So many digits with a check digit of their own, then anything.
    CheckedFirst(u8),
    /// Year, month and day of two digits each; day 00 is the month's last.
    Date,
    /// A date and then hours, minutes and seconds.
    DateTime,
    /// A number whose decimals the identifier's last digit tells.
    Decimal,
    /// An ISO 4217 number of three digits, then a number as in [`Content::Decimal`].
    Amount,
    /// The 82 characters of section 7.11.
    Text,
}

/// One identifier, or a family of them that differ in the last digit only.
#[derive(Debug)]
pub(super) struct Identifier {
    /// All its digits, or all but the last one of a family.
    prefix: &'static str,
    /// The largest last digit of a family.
    family: Option<u8>,
    /// Characters of the data field, at least.
    pub(super) shortest: usize,
    /// Characters of the data field, at most.
    pub(super) longest: usize,
    /// What the data field is made of.
    pub(super) content: Content,
    /// What people call it.
    pub(super) name: &'static str,
}

const fn one(
    prefix: &'static str,
    lengths: (usize, usize),
    content: Content,
    name: &'static str,
) -> Identifier {
    let (shortest, longest) = lengths;
    Identifier { prefix, family: None, shortest, longest, content, name }
}

const fn family(
    prefix: &'static str,
    largest: u8,
    lengths: (usize, usize),
    content: Content,
    name: &'static str,
) -> Identifier {
    let (shortest, longest) = lengths;
    Identifier { prefix, family: Some(largest), shortest, longest, content, name }
}

/// A trade measure: six digits, up to five of them decimals.
const fn measure(prefix: &'static str, name: &'static str) -> Identifier {
    family(prefix, 5, (6, 6), Content::Decimal, name)
}

use Content::{Amount, Checked, CheckedFirst, Date, DateTime, Decimal, Digits, Text};

const TABLE: &[Identifier] = &[
    one("00", (18, 18), Checked, "shipping container code"),
    one("01", (14, 14), Checked, "item number"),
    one("02", (14, 14), Checked, "item number of the content"),
    one("03", (14, 14), Checked, "item number made to order"),
    one("10", (1, 20), Text, "lot"),
    one("11", (6, 6), Date, "production date"),
    one("12", (6, 6), Date, "due date"),
    one("13", (6, 6), Date, "packaging date"),
    one("15", (6, 6), Date, "best-before date"),
    one("16", (6, 6), Date, "sell-by date"),
    one("17", (6, 6), Date, "expiry date"),
    one("20", (2, 2), Digits, "variant"),
    one("21", (1, 20), Text, "serial number"),
    one("22", (1, 20), Text, "consumer product variant"),
    one("235", (1, 28), Text, "third-party serial number"),
    one("240", (1, 30), Text, "additional item number"),
    one("241", (1, 30), Text, "customer's part number"),
    one("242", (1, 6), Digits, "made-to-order variation"),
    one("243", (1, 20), Text, "packaging component number"),
    one("250", (1, 30), Text, "secondary serial number"),
    one("251", (1, 30), Text, "reference to the source"),
    one("253", (13, 30), CheckedFirst(13), "document type"),
    one("254", (1, 20), Text, "location extension"),
    one("255", (13, 25), CheckedFirst(13), "coupon number"),
    one("30", (1, 8), Digits, "count of a variable item"),
    measure("310", "net weight in kilograms"),
    measure("311", "length in metres"),
    measure("312", "width in metres"),
    measure("313", "depth in metres"),
    measure("314", "area in square metres"),
    measure("315", "net volume in litres"),
    measure("316", "net volume in cubic metres"),
    measure("320", "net weight in pounds"),
    measure("321", "length in inches"),
    measure("322", "length in feet"),
    measure("323", "length in yards"),
    measure("324", "width in inches"),
    measure("325", "width in feet"),
    measure("326", "width in yards"),
    measure("327", "depth in inches"),
    measure("328", "depth in feet"),
    measure("329", "depth in yards"),
    measure("330", "gross weight in kilograms"),
    measure("331", "outer length in metres"),
    measure("332", "outer width in metres"),
    measure("333", "outer depth in metres"),
    measure("334", "outer area in square metres"),
    measure("335", "outer volume in litres"),
    measure("336", "outer volume in cubic metres"),
    measure("337", "kilograms a square metre"),
    measure("340", "gross weight in pounds"),
    measure("341", "outer length in inches"),
    measure("342", "outer length in feet"),
    measure("343", "outer length in yards"),
    measure("344", "outer width in inches"),
    measure("345", "outer width in feet"),
    measure("346", "outer width in yards"),
    measure("347", "outer depth in inches"),
    measure("348", "outer depth in feet"),
    measure("349", "outer depth in yards"),
    measure("350", "area in square inches"),
    measure("351", "area in square feet"),
    measure("352", "area in square yards"),
    measure("353", "outer area in square inches"),
    measure("354", "outer area in square feet"),
    measure("355", "outer area in square yards"),
    measure("356", "net weight in troy ounces"),
    measure("357", "net weight in ounces"),
    measure("360", "net volume in quarts"),
    measure("361", "net volume in gallons"),
    measure("362", "outer volume in quarts"),
    measure("363", "outer volume in gallons"),
    measure("364", "net volume in cubic inches"),
    measure("365", "net volume in cubic feet"),
    measure("366", "net volume in cubic yards"),
    measure("367", "outer volume in cubic inches"),
    measure("368", "outer volume in cubic feet"),
    measure("369", "outer volume in cubic yards"),
    one("37", (1, 8), Digits, "count"),
    family("390", 9, (1, 15), Decimal, "amount payable"),
    family("391", 9, (4, 18), Amount, "amount payable and currency"),
    family("392", 9, (1, 15), Decimal, "price"),
    family("393", 9, (4, 18), Amount, "price and currency"),
    family("394", 3, (4, 4), Decimal, "percentage off"),
    family("395", 5, (6, 6), Decimal, "price of a unit of measure"),
    one("400", (1, 30), Text, "order number"),
    one("401", (1, 30), Text, "consignment number"),
    one("402", (17, 17), Checked, "shipment number"),
    one("403", (1, 30), Text, "routing code"),
    family("41", 7, (13, 13), Checked, "location number"),
    one("420", (1, 20), Text, "postal code to ship to"),
    one("421", (4, 12), Text, "country and postal code to ship to"),
    one("422", (3, 3), Digits, "country of origin"),
    one("423", (3, 15), Digits, "countries of first processing"),
    one("424", (3, 3), Digits, "country of processing"),
    one("425", (3, 15), Digits, "countries of disassembly"),
    one("426", (3, 3), Digits, "country of the whole process"),
    one("427", (1, 3), Text, "region of origin"),
    one("4307", (2, 2), Text, "country to ship to"),
    one("4308", (1, 30), Text, "telephone to ship to"),
    one("4309", (20, 20), Digits, "place to ship to"),
    family("430", 6, (1, 70), Text, "address to ship to"),
    one("4317", (2, 2), Text, "country to return to"),
    one("4318", (1, 20), Text, "postal code to return to"),
    one("4319", (1, 30), Text, "telephone to return to"),
    family("431", 6, (1, 70), Text, "address to return to"),
    one("4320", (1, 35), Text, "service"),
    one("4321", (1, 1), Digits, "dangerous goods"),
    one("4322", (1, 1), Digits, "leave to leave it"),
    one("4323", (1, 1), Digits, "signature wanted"),
    one("4324", (10, 10), DateTime, "delivery not before"),
    one("4325", (10, 10), DateTime, "delivery not after"),
    one("4326", (6, 6), Date, "release date"),
    family("433", 3, (6, 7), Text, "temperature"),
    one("7001", (13, 13), Digits, "NATO stock number"),
    one("7002", (1, 30), Text, "meat carcass or cut"),
    one("7003", (10, 10), DateTime, "expiry date and time"),
    one("7004", (1, 4), Digits, "active potency"),
    one("7005", (1, 12), Text, "catch area"),
    one("7006", (6, 6), Date, "first freeze date"),
    one("7007", (6, 12), Date, "harvest date"),
    one("7008", (1, 3), Text, "fishing species"),
    one("7009", (1, 10), Text, "fishing gear"),
    one("7010", (1, 2), Text, "production method"),
    one("7011", (6, 10), DateTime, "test-by date"),
    one("7020", (1, 20), Text, "refurbishment lot"),
    one("7021", (1, 20), Text, "functional status"),
    one("7022", (1, 20), Text, "revision status"),
    one("7023", (1, 30), Text, "assembly's asset number"),
    family("703", 9, (4, 30), Text, "processor"),
    one("7040", (4, 4), Text, "factory and its issuer"),
    one("7041", (1, 4), Text, "freight unit"),
    family("71", 7, (1, 20), Text, "national health care number"),
    family("723", 9, (3, 30), Text, "certification"),
    one("7240", (1, 20), Text, "protocol"),
    one("7241", (2, 2), Digits, "kind of medium"),
    one("7242", (1, 25), Text, "version control number"),
    family("725", 9, (1, 90), Text, "person"),
    one("8001", (14, 14), Digits, "roll dimensions"),
    one("8002", (1, 20), Text, "mobile telephone number"),
    one("8003", (14, 30), CheckedFirst(14), "returnable asset"),
    one("8004", (1, 30), Text, "individual asset"),
    one("8005", (6, 6), Digits, "price of a unit"),
    one("8006", (18, 18), CheckedFirst(14), "piece of an item"),
    one("8007", (1, 34), Text, "bank account"),
    one("8008", (8, 12), DateTime, "production date and time"),
    one("8009", (1, 50), Text, "sensor reading"),
    one("8010", (5, 30), Text, "component or part"),
    one("8011", (1, 12), Digits, "component's serial number"),
    one("8012", (1, 20), Text, "software version"),
    one("8013", (1, 25), Text, "model number"),
    one("8014", (1, 25), Text, "device's model number"),
    one("8017", (18, 18), Checked, "service provider"),
    one("8018", (18, 18), Checked, "service recipient"),
    one("8019", (1, 10), Digits, "service instance"),
    one("8020", (1, 25), Text, "payment slip"),
    one("8026", (18, 18), CheckedFirst(14), "pieces of the content"),
    one("8030", (1, 90), Text, "digital signature"),
    one("8040", (15, 15), Digits, "telephone's number"),
    one("8041", (15, 15), Digits, "telephone's second number"),
    one("8042", (32, 32), Digits, "built-in SIM"),
    one("8043", (18, 20), Digits, "SIM"),
    one("8110", (1, 70), Text, "coupon"),
    one("8111", (4, 4), Digits, "loyalty points"),
    one("8112", (1, 70), Text, "paperless coupon"),
    one("8200", (1, 70), Text, "web address"),
    one("90", (1, 30), Text, "agreed information"),
    family("9", 9, (1, 90), Text, "internal information"),
];

/// The identifier that `text` begins with, and how many digits it has.
pub(super) fn find(text: &str) -> Option<(&'static Identifier, usize)> {
    TABLE.iter().find_map(|identifier| {
        let rest = text.strip_prefix(identifier.prefix)?;
        let length = identifier.prefix.len();
        let Some(largest) = identifier.family else { return Some((identifier, length)) };
        let last = rest.bytes().next().filter(u8::is_ascii_digit)? - b'0';
        (last <= largest).then_some((identifier, length + 1))
    })
}

/// The characters of section 7.11, table 7.11-1.
pub(super) const fn is_text(byte: u8) -> bool {
    matches!(byte, b'!' | b'"' | b'%'..=b'?' | b'A'..=b'Z' | b'_' | b'a'..=b'z')
}

#[cfg(test)]
mod tests {
    use super::{TABLE, find};

    #[test]
    fn no_identifier_hides_another_one() {
        for identifier in TABLE {
            let ai = match identifier.family {
                None => identifier.prefix.to_owned(),
                Some(largest) => format!("{}{largest}", identifier.prefix),
            };
            let found = find(&ai).map(|(found, length)| (found.name, length));
            assert_eq!(found, Some((identifier.name, ai.len())), "{ai}");
        }
    }
}
