//! The bytes of python-escpos beside ours: the same printers, written by other people.
//! Left out, with a word on the terminal, where `COUNTERTOP_PEERS` names no Python that has it.

use std::io::Write;
use std::process::{Command as Program, Stdio};

use countertop_receipt::codes::{Code128, ProductCode, Qr};
use countertop_receipt::escpos::{Align, Command, DrawerPin, DrawerPulse, Profile, QrLevel, runs};

use crate::common::Outcome;

/// Runs a script with `input`; none if the Python is not named.
fn python(script: &str, input: &str) -> Result<Option<String>, Box<dyn std::error::Error>> {
    let Some(python) = std::env::var_os("COUNTERTOP_PEERS") else {
        assert!(std::env::var("CI").as_deref() != Ok("true"), "CI must have COUNTERTOP_PEERS");
        println!("left out: set COUNTERTOP_PEERS to a Python with python-escpos 3.1 to run it");
        return Ok(None);
    };
    let mut child = Program::new(python)
        .args(["-c", script])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    child.stdin.take().ok_or("no input")?.write_all(input.as_bytes())?;
    let output = child.wait_with_output()?;
    assert!(output.status.success(), "python failed; what it said is above");
    Ok(Some(String::from_utf8(output.stdout)?))
}

fn hex(commands: &[Command]) -> String {
    let mut bytes = Vec::new();
    commands.iter().for_each(|command| command.encode(&mut bytes));
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

const CODES: &str = r#"
from escpos.printer import Dummy
import contextlib, io

def say(*calls):
    printer = Dummy()
    with contextlib.redirect_stdout(io.StringIO()):
        for call in calls:
            call(printer)
    print(printer.output.hex())

say(lambda p: p.qr("T1-1042 | x", native=True, size=5, ec=1))
bars = dict(height=64, width=2, pos="BELOW", function_type="B")
say(lambda p: p.barcode("{BT1-1042", "CODE128", **bars))
say(lambda p: p.barcode("4006381333931", "EAN13", **bars))
say(lambda p: p.barcode("96385074", "EAN8", **bars))
say(lambda p: p.barcode("036000291452", "UPC-A", **bars))
say(lambda p: p.set(bold=True, custom_size=True, width=2, height=2))
say(lambda p: p.cashdraw(2), lambda p: p.cashdraw(5))
"#;

#[test]
fn codes_styles_and_pulses_are_the_bytes_that_others_send() -> Outcome {
    let Some(theirs) = python(CODES, "")? else { return Ok(()) };
    let qr = Qr::new("T1-1042 | x").ok_or("no code")?;
    // Theirs chooses the letters under a bar code too (GS f 0, as they are anyway).
    let bars = |print| {
        let head = [
            Command::Align(Align::Centre),
            Command::BarcodeHeight(64),
            Command::BarcodeModule(2),
            Command::BarcodeNumber(true),
        ];
        let [head, print] = [hex(&head), hex(&[print])];
        let (before, number) = head.split_at(head.len() - 6);
        format!("{before}1d6600{number}{print}")
    };
    let product = |digits| ProductCode::new(digits).map(Command::Product).ok_or("no code");
    // 100 ms on and off, in units of 2 ms.
    let pulse = |pin| Command::Drawer(DrawerPulse { pin, on: 50, off: 50 });
    let ours = [
        hex(&[
            Command::QrModel2,
            Command::QrModule(5),
            Command::QrLevel(QrLevel::M),
            Command::QrStore(qr),
            Command::QrPrint,
        ]),
        bars(Command::Code128(Code128::new("T1-1042").ok_or("no code")?)),
        bars(product("4006381333931")?),
        bars(product("96385074")?),
        bars(product("036000291452")?),
        hex(&[Command::Size { width: 2, height: 2 }, Command::Bold(true)]),
        hex(&[pulse(DrawerPin::Two), pulse(DrawerPin::Five)]),
    ];
    let theirs: Vec<&str> = theirs.lines().collect();
    for (ours, theirs) in ours.iter().zip(&theirs) {
        assert_eq!(ours, theirs);
    }
    assert_eq!(theirs.len(), ours.len());
    Ok(())
}

/// Each model beside the one that python-escpos knows it as.
const MODELS: [(&str, &str); 8] = [
    ("generic-80", "TM-T20II"),
    ("epson-tm-t20", "TM-T20II"),
    ("epson-tm-t88", "TM-T88V"),
    ("epson-tm-u220", "TM-U220"),
    ("citizen-ct-s651", "CT-S651"),
    ("seiko-rp-f10", "RP-F10-80mm"),
    ("rongta-rp326", "RP326"),
    ("sunmi-v2", "Sunmi-V2"),
];

const TABLES: &str = r#"
import sys
from escpos.capabilities import get_profile
for line in sys.stdin:
    model, table, ours, letters = line.rstrip("\n").split("\t")
    pages = get_profile(model).codePages
    theirs = pages.get(table, "").lower()
    if theirs != ours:
        print(f"{model}: table {table} is {theirs}, not {ours}")
    for byte, letter in enumerate(letters, 0x80):
        if letter != "?" and letter.encode(ours) != bytes([byte]):
            print(f"{ours}: {letter} is not {byte:02x}")
"#;

#[test]
fn models_have_their_code_pages_where_others_have_them() -> Outcome {
    let mut asked = String::new();
    for (ours, theirs) in MODELS {
        for table in Profile::of_model(ours).ok_or("no such model")?.code_pages {
            let name = serde_json::to_value(table.page)?;
            let name = name.as_str().ok_or("no name")?.to_owned();
            let mut letters = ['?'; 128];
            for c in ('\u{a0}'..='\u{2fff}').filter(|c| !c.is_control()) {
                let place = table.page.byte(c).and_then(|byte| byte.checked_sub(0x80));
                if let Some(letter) = place.and_then(|place| letters.get_mut(usize::from(place))) {
                    *letter = c;
                }
            }
            let letters: String = letters.iter().collect();
            asked.push_str(&format!("{theirs}\t{}\t{name}\t{letters}\n", table.table));
        }
    }
    let Some(wrong) = python(TABLES, &asked)? else { return Ok(()) };
    assert_eq!(wrong, "");
    Ok(())
}

const TEXT: &str = r#"
from escpos.printer import Dummy
printer = Dummy(profile="TM-T20II")
for line in ["Ελληνικός καφές", "Łosoś", "Щука"]:
    printer.textln(line)
print(printer.output.hex())
"#;

#[test]
fn letters_are_read_back_as_they_were_written_whoever_chose_the_code_page() -> Outcome {
    let Some(theirs) = python(TEXT, "")? else { return Ok(()) };
    let profile = Profile::of_model("epson-tm-t20").ok_or("no such model")?;
    let pages: Vec<_> = profile.code_pages.iter().map(|table| table.page).collect();
    let mut current = None;
    let mut ours = Vec::new();
    for line in ["Ελληνικός καφές", "Łosoś", "Щука"] {
        for run in runs(line, &pages, current) {
            if let Some(page) = run.page.filter(|page| current != Some(*page)) {
                Command::CodeTable(profile.code_pages[page].table).encode(&mut ours);
                current = Some(page);
            }
            Command::Text(run.text).encode(&mut ours);
        }
        Command::Line.encode(&mut ours);
    }
    // Both choose freely where several pages have the letters, so the paper is compared: 437, 852 and
    // 866 stand where they stand, whatever was chosen.
    let read = |bytes: &[u8]| -> String {
        let (mut text, mut table, mut rest) = (String::new(), 0, bytes);
        while let Some((first, more)) = rest.split_first() {
            rest = more;
            if *first == 0x1b {
                (table, rest) = (more[1], &more[2..]);
                continue;
            }
            let page = profile.code_pages.iter().find(|page| page.table == table);
            let letters =
                (' '..='\u{2fff}').find(|c| page.is_some_and(|p| p.page.byte(*c) == Some(*first)));
            text.extend(letters.or((*first == b'\n').then_some('\n')));
        }
        text
    };
    let theirs: Vec<u8> = (0..theirs.trim().len() / 2)
        .map(|place| u8::from_str_radix(&theirs[2 * place..2 * place + 2], 16))
        .collect::<Result<_, _>>()?;
    assert_eq!(read(&ours), "Ελληνικός καφές\nŁosoś\nЩука\n");
    assert_eq!(read(&theirs), read(&ours));
    Ok(())
}
