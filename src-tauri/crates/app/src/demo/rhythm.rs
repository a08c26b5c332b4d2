//! How a day at Harbour Lane goes, for baskets of the past month.

/// Hours of the wall clock when the shop sells, and how many of the day's sales fall into each,
/// relative to one another: coffee before work, lunch, bread and milk on the way home.
pub const HOURS: [(u8, u32); 12] = [
    (7, 60),
    (8, 110),
    (9, 95),
    (10, 80),
    (11, 70),
    (12, 100),
    (13, 90),
    (14, 55),
    (15, 50),
    (16, 60),
    (17, 75),
    (18, 45),
];

/// Sales of a usual day, Monday first.
pub const SALES_BY_WEEKDAY: [u32; 7] = [62, 66, 68, 72, 88, 118, 96];

/// Lines of a basket and how many baskets have so many, relative to one another.
pub const BASKET_LINES: [(u32, u32); 9] =
    [(1, 30), (2, 32), (3, 20), (4, 11), (5, 7), (6, 5), (7, 3), (9, 2), (12, 1)];

/// Of a hundred sales, how many are paid by card.
pub const SHARE_OF_CARD: u32 = 71;
