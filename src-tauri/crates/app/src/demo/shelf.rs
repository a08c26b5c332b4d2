//! What stands on the shelves: drinks, pantry, household, gifts.

use countertop_domain::quantity::Unit::{Kilogram, Litre, Metre};

use super::good::Rate::{Exempt, Standard, Zero};
use super::good::{Good, at, item, of, open};

pub(super) const DRINKS: &[Good] = &[
    item("Still water 500 ml", "bottle", Standard).one(&[at(120)
        .code(4101)
        .stock(96)
        .sold(50)
        .upto(2)]),
    item("Sparkling water 500 ml", "bottle", Standard).fav().one(&[at(130)
        .code(4102)
        .pack(4103, 6)
        .stock(120)
        .sold(48)
        .upto(3)]),
    item("Apple juice", "juice", Standard).choice(
        "Size",
        &[
            of("250 ml", 210).code(4104).stock(48).sold(30),
            of("1 l", 395).code(4105).stock(24).sold(16),
        ],
    ),
    item("Orange juice, fresh", "juice", Standard).fav().one(&[at(380).sold(48).upto(2)]),
    item("Ginger beer 330 ml", "can", Standard).one(&[at(260)
        .code(4106)
        .stock(48)
        .sold(24)
        .upto(2)]),
    item("Lemonade 330 ml", "can", Standard).one(&[at(240)
        .code(4107)
        .pack(4108, 6)
        .stock(72)
        .sold(26)
        .upto(2)]),
    item("Kombucha 330 ml", "bottle", Standard).choice(
        "Flavour",
        &[
            of("Ginger", 340).code(4109).stock(24).sold(14),
            of("Berry", 340).code(4110).stock(24).sold(12),
        ],
    ),
    item("Harbour ale 500 ml", "beer", Standard).one(&[at(390)
        .code(4111)
        .pack(4112, 6)
        .stock(96)
        .sold(22)
        .upto(4)]),
];

pub(super) const PANTRY: &[Good] = &[
    item("Honey 340 g", "jar", Zero).one(&[at(720).code(5101).stock(24).sold(12)]),
    item("Strawberry jam 340 g", "jam", Zero).one(&[at(460).code(5102).stock(24).sold(14)]),
    item("Orange marmalade 340 g", "jar", Zero).one(&[at(460).code(5103).stock(18).sold(9)]),
    item("Olive oil", "oil", Zero).choice(
        "Size",
        &[
            of("250 ml", 650).code(5104).stock(18).sold(8),
            of("500 ml", 1150).code(5105).stock(12).sold(6),
        ],
    ),
    item("Pasta 500 g", "pasta", Zero).choice(
        "Shape",
        &[
            of("Penne", 220).code(5106).stock(40).sold(18).upto(2),
            of("Spaghetti", 220).code(5107).stock(40).sold(20).upto(2),
        ],
    ),
    item("Chopped tomatoes 400 g", "tin", Zero).one(&[at(135)
        .code(5108)
        .pack(5109, 12)
        .stock(144)
        .sold(34)
        .upto(4)]),
    item("Basmati rice 1 kg", "packet", Zero).one(&[at(340).code(5110).stock(24).sold(12)]),
    item("Porridge oats 1 kg", "grain", Zero).one(&[at(280).code(5111).stock(24).sold(16)]),
    item("Muesli, loose", "grain", Zero)
        .per(Kilogram)
        .one(&[at(890).code(5112).sold(10).between(250, 900)]),
    item("Almonds, loose", "nuts", Zero)
        .per(Kilogram)
        .one(&[at(1800).code(5113).sold(8).between(100, 400)]),
    item("Tea bags, 80", "tea-bags", Zero).one(&[at(450).code(5114).stock(30).sold(18)]),
    item("Chocolate bar 100 g", "chocolate", Standard).choice(
        "Kind",
        &[
            of("Dark", 390).code(5115).stock(36).sold(18).upto(2),
            of("Sea salt", 390).code(5116).stock(36).sold(16).upto(2),
            of("Orange", 320).was(390).code(5117).stock(20).sold(10),
        ],
    ),
    item("Crisps 150 g", "crisps", Standard).choice(
        "Flavour",
        &[
            of("Sea salt", 280).code(5118).stock(40).sold(26).upto(2),
            of("Cider vinegar", 280).code(5119).stock(40).sold(20).upto(2),
        ],
    ),
];

pub(super) const HOUSEHOLD: &[Good] = &[
    item("Paper bag", "paper-bag", Standard).fav().one(&[at(20).sold(120)]),
    item("Washing-up liquid 500 ml", "washing", Standard)
        .one(&[at(320).code(6101).stock(20).sold(8)]),
    item("Washing-up liquid, refill", "washing", Standard)
        .per(Litre)
        .one(&[at(380).code(6102).sold(5).between(300, 1_000)]),
    item("Hand soap", "soap", Standard).choice(
        "Scent",
        &[
            of("Lavender", 550).code(6103).stock(16).sold(5),
            of("Sea", 550).code(6104).stock(16).sold(6),
        ],
    ),
    item("Sponges, 3", "sponge", Standard).one(&[at(240).code(6105).stock(24).sold(8)]),
    item("Kitchen roll", "kitchen-roll", Standard).one(&[at(290)
        .code(6106)
        .stock(36)
        .sold(14)
        .upto(2)]),
    item("Matches", "matches", Standard).one(&[at(90).code(6107).stock(60).sold(6)]),
    item("Batteries AA, 4", "battery", Standard).one(&[at(550).code(6108).stock(20).sold(5)]),
];

pub(super) const GIFTS: &[Good] = &[
    item("Harbour mug", "mug", Standard).choice(
        "Colour",
        &[
            of("Sea blue", 1400).code(7101).stock(18).sold(5),
            of("Sand", 1400).code(7102).stock(14).sold(4),
            of("Charcoal", 1100).was(1400).code(7103).stock(6).sold(3),
        ],
    ),
    item("Tote bag", "tote", Standard).choice(
        "Colour",
        &[
            of("Natural", 1200).code(7104).stock(20).sold(5),
            of("Navy", 1200).code(7105).stock(16).sold(4),
        ],
    ),
    item("Harbour T-shirt", "tee", Standard).choice(
        "Colour / Size",
        &[
            of("Navy / S", 2400).code(7106).stock(6).sold(1),
            of("Navy / M", 2400).code(7107).stock(8).sold(2),
            of("Navy / L", 2400).code(7108).stock(8).sold(2),
            of("White / S", 1900).was(2400).code(7109).stock(3).sold(1),
            of("White / M", 1900).was(2400).code(7110).stock(4).sold(1),
            of("White / L", 1900).was(2400).code(7111).stock(2).sold(1),
        ],
    ),
    item("Notebook", "notebook", Standard).one(&[at(650).code(7112).stock(24).sold(5)]),
    item("Greeting card", "card", Standard).one(&[at(350).code(7113).stock(80).sold(16).upto(2)]),
    item("Stamp, national", "stamp", Exempt).one(&[at(165).stock(200).sold(20).upto(6)]),
    item("Candle, beeswax", "candle", Standard).one(&[at(890).code(7114).stock(15).sold(4)]),
    item("Cut flowers", "flowers", Standard)
        .choice("Bunch", &[of("Small", 800).sold(12), of("Large", 1400).sold(7)]),
    item("Ribbon", "ribbon", Standard)
        .per(Metre)
        .one(&[at(120).code(7115).sold(3).between(500, 3_000)]),
    item("Gift wrap, any price", "gift", Standard).one(&[open()]),
    item("Gift voucher, any amount", "card", Exempt).one(&[open()]),
];
