//! What is made or weighed at the counter: coffee, bakery, produce, dairy.

use countertop_domain::quantity::Unit::Kilogram;

use super::good::Rate::{Reduced, Zero};
use super::good::{Good, at, item, of, open};

pub(super) const COFFEE: &[Good] = &[
    item("Espresso", "espresso", Reduced)
        .fav()
        .choice("Size", &[of("Single", 240).sold(40), of("Double", 290).sold(55)]),
    item("Americano", "takeaway", Reduced)
        .fav()
        .choice("Size", &[of("Regular", 310).sold(120), of("Large", 350).sold(60)]),
    item("Flat white", "cup", Reduced).fav().one(&[at(360).sold(230).upto(2)]),
    item("Cappuccino", "cup", Reduced)
        .fav()
        .choice("Size", &[of("Regular", 370).sold(150).upto(2), of("Large", 420).sold(60)]),
    item("Latte", "cup", Reduced)
        .fav()
        .choice("Size", &[of("Regular", 380).sold(140).upto(2), of("Large", 430).sold(80)]),
    item("Cortado", "espresso", Reduced).one(&[at(340).sold(35)]),
    item("Mocha", "takeaway", Reduced)
        .choice("Size", &[of("Regular", 420).sold(30), of("Large", 470).sold(20)]),
    item("Filter coffee", "takeaway", Reduced).fav().one(&[at(290).sold(90)]),
    item("Cold brew", "iced", Reduced).one(&[at(440).sold(25)]),
    item("Hot chocolate", "cup", Reduced)
        .fav()
        .choice("Size", &[of("Regular", 390).sold(45).upto(2), of("Large", 440).sold(18)]),
    item("Pot of tea", "teapot", Reduced).fav().choice(
        "Tea",
        &[of("Breakfast", 300).sold(85), of("Earl Grey", 300).sold(30), of("Mint", 320).sold(35)],
    ),
    item("House beans 250 g", "beans", Zero).choice(
        "Grind",
        &[
            of("Whole bean", 950).code(1101).stock(36).sold(12),
            of("Ground", 950).code(1102).stock(24).sold(8),
        ],
    ),
];

pub(super) const BAKERY: &[Good] = &[
    item("Croissant", "croissant", Reduced)
        .fav()
        .choice("Kind", &[of("Butter", 260).sold(140).upto(4), of("Almond", 340).sold(45).upto(2)]),
    item("Pain au chocolat", "pain-au-chocolat", Reduced).fav().one(&[at(310).sold(70).upto(3)]),
    item("Cinnamon bun", "bun", Reduced).fav().one(&[at(330).sold(75).upto(3)]),
    item("Fruit scone", "scone", Reduced).fav().one(&[at(280).sold(60).upto(2)]),
    item("Carrot cake", "cake", Reduced)
        .fav()
        .choice("Size", &[of("Slice", 440).sold(50).upto(2), of("Whole", 2600).sold(1)]),
    item("Brownie", "brownie", Reduced).one(&[at(320).sold(40).upto(2)]),
    item("Oat cookie", "cookie", Reduced).one(&[at(240).sold(45).upto(3)]),
    item("Sourdough loaf", "loaf", Zero)
        .fav()
        .choice("Size", &[of("Whole", 490).sold(65), of("Half", 270).sold(25)]),
    item("Soda bread", "loaf", Zero).one(&[at(390).sold(38)]),
    item("Baguette", "baguette", Zero).fav().one(&[at(240).sold(48).upto(2)]),
    item("Seeded roll", "roll", Zero).one(&[at(90).sold(45).upto(6)]),
    item("Sausage roll", "pastry", Reduced).one(&[at(420).sold(42).upto(2)]),
    item("Ham and cheese toastie", "toastie", Reduced).fav().one(&[at(690).sold(48).upto(2)]),
    item("Cake to order", "cake", Reduced).one(&[open()]),
];

pub(super) const PRODUCE: &[Good] = &[
    item("Vine tomatoes", "tomato", Zero)
        .per(Kilogram)
        .fav()
        .one(&[at(420).code(2101).sold(50).between(220, 980)]),
    item("Bananas", "banana", Zero)
        .per(Kilogram)
        .fav()
        .one(&[at(185).code(2102).sold(75).between(350, 1_400)]),
    item("Apples", "apple", Zero).per(Kilogram).choice(
        "Variety",
        &[
            of("Red", 340).code(2103).sold(40).between(300, 1_500),
            of("Cooking", 290).code(2104).sold(16).between(500, 2_000),
        ],
    ),
    item("Carrots", "carrot", Zero)
        .per(Kilogram)
        .one(&[at(190).code(2105).sold(38).between(300, 1_200)]),
    item("Potatoes", "potato", Zero)
        .per(Kilogram)
        .one(&[at(160).code(2106).sold(40).between(800, 3_000)]),
    item("Red onions", "onion", Zero)
        .per(Kilogram)
        .one(&[at(170).code(2107).sold(30).between(200, 900)]),
    item("Mushrooms", "mushroom", Zero)
        .per(Kilogram)
        .one(&[at(720).code(2108).sold(22).between(120, 450)]),
    item("Grapes", "grapes", Zero)
        .per(Kilogram)
        .one(&[at(590).code(2109).sold(24).between(250, 800)]),
    item("Lemon", "lemon", Zero).one(&[at(50).code(2110).sold(36).upto(4)]),
    item("Avocado", "avocado", Zero).one(&[at(140).code(2111).sold(40).upto(4)]),
    item("Garlic", "garlic", Zero).one(&[at(80).code(2112).sold(20).upto(2)]),
    item("Salad leaves 120 g", "leaves", Zero).one(&[at(260).code(2113).stock(30).sold(22)]),
];

pub(super) const DAIRY: &[Good] = &[
    item("Whole milk", "milk", Zero).fav().choice(
        "Size",
        &[
            of("1 l", 160).code(3101).stock(60).sold(110).upto(2),
            of("2 l", 275).code(3102).stock(40).sold(60),
        ],
    ),
    item("Skimmed milk 1 l", "milk", Zero).one(&[at(160).code(3103).stock(36).sold(40).upto(2)]),
    item("Oat drink 1 l", "oat", Zero).fav().one(&[at(240)
        .code(3104)
        .pack(3105, 6)
        .stock(48)
        .sold(42)
        .upto(3)]),
    item("Free-range eggs", "eggs", Zero).fav().choice(
        "Box",
        &[
            of("6 eggs", 290).code(3106).stock(40).sold(48),
            of("12 eggs", 540).code(3107).stock(24).sold(22),
        ],
    ),
    item("Butter 227 g", "butter", Zero).choice(
        "Kind",
        &[
            of("Salted", 360).code(3108).stock(40).sold(38).upto(2),
            of("Unsalted", 360).code(3109).stock(24).sold(14),
        ],
    ),
    item("Greek yogurt 500 g", "yogurt", Zero).one(&[at(330).code(3110).stock(28).sold(30)]),
    item("Cheddar, cut", "cheese", Zero)
        .per(Kilogram)
        .one(&[at(1950).code(3111).sold(28).between(120, 420)]),
    item("Brie, cut", "cheese", Zero)
        .per(Kilogram)
        .one(&[at(2200).code(3112).sold(14).between(120, 320)]),
    item("Cream 250 ml", "milk", Zero).one(&[at(195).code(3113).stock(24).sold(18)]),
];
