//! The models that are known, as their makers document them.

use super::code_page::CodePage;
use super::profile::{Answers, CodeTable, DrawerPulse, Profile};

/// A model, or a family of models that understand the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Model {
    /// What a setting calls it.
    pub id: &'static str,
    /// What people call it.
    pub name: &'static str,
    columns: u8,
    dots: u16,
    tables: &'static [(u8, CodePage)],
    cut: bool,
    codes: bool,
    raster: bool,
    answers: Answers,
}

impl Model {
    pub(super) const GENERIC_80: Self = MODELS[0];
    pub(super) const GENERIC_58: Self = MODELS[1];

    /// What it can do, with the usual pulse for its drawer.
    pub fn profile(&self) -> Profile {
        let table = |(table, page): &(u8, CodePage)| CodeTable { table: *table, page: *page };
        Profile {
            columns: self.columns,
            dots: self.dots,
            code_pages: self.tables.iter().map(table).collect(),
            cut: self.cut,
            qr: self.codes,
            barcode: self.codes,
            raster: self.raster,
            answers: self.answers,
            drawer: DrawerPulse::default(),
        }
    }
}

pub(super) const MODELS: &[Model] = &[
    Model {
        id: "generic-80",
        name: "80 mm, any maker",
        columns: 48,
        dots: 576,
        tables: COMMON,
        cut: true,
        codes: true,
        raster: true,
        answers: Answers::Perhaps,
    },
    Model {
        id: "generic-58",
        name: "58 mm, any maker",
        columns: 32,
        dots: 384,
        tables: COMMON,
        cut: false,
        codes: true,
        raster: true,
        answers: Answers::Perhaps,
    },
    Model {
        id: "epson-tm-t20",
        name: "Epson TM-T20II, TM-T20III",
        columns: 48,
        dots: 576,
        tables: EPSON,
        cut: true,
        codes: true,
        raster: true,
        answers: Answers::Always,
    },
    Model {
        id: "epson-tm-m30",
        name: "Epson TM-m30",
        columns: 48,
        dots: 576,
        tables: EPSON,
        cut: true,
        codes: true,
        raster: true,
        answers: Answers::Always,
    },
    Model {
        id: "epson-tm-t88",
        name: "Epson TM-T88V, TM-T88VI",
        columns: 42,
        dots: 512,
        tables: EPSON,
        cut: true,
        codes: true,
        raster: true,
        answers: Answers::Always,
    },
    Model {
        id: "epson-tm-u220",
        name: "Epson TM-U220, for kitchens",
        columns: 33,
        dots: 200,
        tables: AMERICAN,
        cut: true,
        codes: false,
        raster: false,
        answers: Answers::Always,
    },
    Model {
        id: "citizen-ct-s651",
        name: "Citizen CT-S651",
        columns: 48,
        dots: 576,
        tables: CITIZEN,
        cut: true,
        codes: true,
        raster: true,
        answers: Answers::Always,
    },
    Model {
        id: "seiko-rp-f10",
        name: "Seiko RP-F10",
        columns: 48,
        dots: 576,
        tables: SEIKO,
        cut: true,
        codes: true,
        raster: true,
        answers: Answers::Always,
    },
    Model {
        id: "rongta-rp326",
        name: "Rongta RP326",
        columns: 48,
        dots: 576,
        tables: RONGTA,
        cut: true,
        codes: true,
        raster: true,
        answers: Answers::Perhaps,
    },
    Model {
        id: "zjiang-80",
        name: "Zjiang, PBM and others, 80 mm",
        columns: 48,
        dots: 576,
        tables: ZJIANG,
        cut: true,
        codes: true,
        raster: true,
        answers: Answers::Perhaps,
    },
    Model {
        id: "zjiang-58",
        name: "Zjiang POS-5890, Netum NT-5890K, 58 mm",
        columns: 32,
        dots: 384,
        tables: ZJIANG,
        cut: false,
        codes: false,
        raster: true,
        answers: Answers::Perhaps,
    },
    Model {
        id: "sunmi-v2",
        name: "Sunmi V2",
        columns: 32,
        dots: 384,
        tables: SUNMI,
        cut: false,
        codes: true,
        raster: true,
        answers: Answers::Never,
    },
];

/// Those that makers agree on.
const COMMON: &[(u8, CodePage)] = &[
    (0, CodePage::Cp437),
    (2, CodePage::Cp850),
    (5, CodePage::Cp865),
    (16, CodePage::Cp1252),
    (17, CodePage::Cp866),
    (18, CodePage::Cp852),
    (19, CodePage::Cp858),
];

/// Epson, and those that follow it to the letter.
const EPSON: &[(u8, CodePage)] = &[
    (0, CodePage::Cp437),
    (2, CodePage::Cp850),
    (5, CodePage::Cp865),
    (13, CodePage::Cp857),
    (14, CodePage::Cp737),
    (16, CodePage::Cp1252),
    (17, CodePage::Cp866),
    (18, CodePage::Cp852),
    (19, CodePage::Cp858),
    (33, CodePage::Cp775),
    (45, CodePage::Cp1250),
    (46, CodePage::Cp1251),
    (47, CodePage::Cp1253),
    (48, CodePage::Cp1254),
    (51, CodePage::Cp1257),
];

/// Citizen.
const CITIZEN: &[(u8, CodePage)] = &[
    (0, CodePage::Cp437),
    (2, CodePage::Cp850),
    (5, CodePage::Cp865),
    (8, CodePage::Cp857),
    (16, CodePage::Cp1252),
    (17, CodePage::Cp866),
    (18, CodePage::Cp852),
    (19, CodePage::Cp858),
];

/// Seiko.
const SEIKO: &[(u8, CodePage)] = &[
    (0, CodePage::Cp437),
    (2, CodePage::Cp850),
    (5, CodePage::Cp865),
    (13, CodePage::Cp857),
    (14, CodePage::Cp737),
    (16, CodePage::Cp1252),
    (17, CodePage::Cp866),
    (18, CodePage::Cp852),
    (19, CodePage::Cp858),
    (45, CodePage::Cp1250),
    (46, CodePage::Cp1251),
    (47, CodePage::Cp1253),
    (48, CodePage::Cp1254),
];

/// Rongta.
const RONGTA: &[(u8, CodePage)] = &[
    (0, CodePage::Cp437),
    (2, CodePage::Cp850),
    (5, CodePage::Cp865),
    (6, CodePage::Cp1251),
    (7, CodePage::Cp866),
    (16, CodePage::Cp1252),
    (17, CodePage::Cp1253),
    (18, CodePage::Cp852),
    (19, CodePage::Cp858),
    (24, CodePage::Cp737),
    (25, CodePage::Cp1257),
    (29, CodePage::Cp857),
    (30, CodePage::Cp1250),
    (31, CodePage::Cp775),
    (32, CodePage::Cp1254),
];

/// Zjiang, and the many that are sold under other names.
const ZJIANG: &[(u8, CodePage)] = &[
    (0, CodePage::Cp437),
    (2, CodePage::Cp850),
    (5, CodePage::Cp865),
    (16, CodePage::Cp1252),
    (17, CodePage::Cp866),
    (18, CodePage::Cp852),
    (19, CodePage::Cp858),
    (61, CodePage::Cp857),
    (64, CodePage::Cp737),
    (72, CodePage::Cp1250),
    (73, CodePage::Cp1251),
    (90, CodePage::Cp1253),
    (91, CodePage::Cp1254),
    (95, CodePage::Cp775),
];

/// Sunmi.
const SUNMI: &[(u8, CodePage)] = &[
    (0, CodePage::Cp437),
    (2, CodePage::Cp850),
    (5, CodePage::Cp865),
    (13, CodePage::Cp857),
    (14, CodePage::Cp737),
    (16, CodePage::Cp1252),
    (17, CodePage::Cp866),
    (18, CodePage::Cp852),
    (19, CodePage::Cp858),
    (33, CodePage::Cp775),
];

/// The first of all.
const AMERICAN: &[(u8, CodePage)] = &[(0, CodePage::Cp437)];
