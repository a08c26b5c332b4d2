//! The command line.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// A register for the counter, without its window.
#[derive(Debug, Parser)]
#[command(
    name = "countertopd",
    version,
    about = "A register for the counter, without its window",
    after_help = "Examples:
  countertopd serve --demo                     the page on http://127.0.0.1:7670, with a demo store
  countertopd import products.csv              takes a product export of Shopify or WooCommerce
  countertopd verify                           is every sale there and unchanged?
  countertopd export sales --format csv        the sales, for a spreadsheet
  countertopd backup /media/usb/monday.ctop    everything in one file, while sales go on

Exit codes: 0 done, 1 the answer is no, 2 bad input, 3 the data folder is held by another register."
)]
pub(crate) struct Cli {
    /// The data folder [default: the user's own]
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    /// The currency, if this command founds a register; it is one for life [default: EUR]
    #[arg(long, global = true, value_name = "CODE")]
    pub(crate) currency: Option<String>,
    /// Answer with one JSON object on standard output
    #[arg(long, global = true)]
    pub(crate) json: bool,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Serve the page on this machine; prints `listening on http://…` when ready
    #[command(after_help = "Examples:
  countertopd serve --listen 127.0.0.1:7670 --demo
  countertopd serve --lan 0.0.0.0:7671    open to paired tablets and phones, by HTTPS, for this run")]
    Serve {
        /// Address of this machine; port 0 takes any free one
        #[arg(long, default_value = "127.0.0.1:7670")]
        listen: SocketAddr,
        /// Open to paired devices at this address for this run; 0.0.0.0 is every one of this machine
        /// [default: as the owner set it on screen]
        #[arg(long, value_name = "ADDR:PORT")]
        lan: Option<SocketAddr>,
        /// A demo store; without --data it has a folder of its own, away from the real books
        #[arg(long)]
        demo: bool,
    },
    /// Take a product file (CSV of Shopify or WooCommerce) into the catalogue
    #[command(after_help = "Example: countertopd import products_export.csv --json
Reading the same file again changes nothing. A broken file changes nothing and names line and column.")]
    Import {
        /// The file
        file: PathBuf,
    },
    /// Ring up a file of baskets (one a line, item names by comma) through the till's own commands
    #[command(after_help = "Examples:
  countertopd replay baskets.csv --data /tmp/rehearsal --tender mixed
  countertopd replay baskets.csv --limit 500 --tender card --terminal Counter --acks
With --terminal a run that was killed is gone on with: payments in doubt are settled first, and no basket is
sold or charged twice.")]
    Replay(ReplayOptions),
    /// Price a basket that is written as JSON: taxes, discounts and rounding, without a shop
    #[command(after_help = "Example: countertopd quote basket.json
  echo '{\"currency\":\"EUR\",\"rounding\":\"line\",\"taxes\":{\"vat\":{\"kind\":\"percent\",\"rate\":\"20\",
  \"included\":true}},\"lines\":[{\"description\":\"Tea\",\"quantity\":\"2\",\"unit_price\":1099,\"taxes\":[\"vat\"]}]}' |
  countertopd quote -
Amounts are minor units. A basket that is wrong answers {code, message, path}, exit code 2.")]
    Quote {
        /// The file, or - for standard input
        file: PathBuf,
    },
    /// Check the journal, its signatures, every table against it, and the database file
    #[command(after_help = "Example: countertopd verify --json
Exit code 1 if anything is wrong; each problem is named.")]
    Verify,
    /// Make every table anew from the journal
    #[command(after_help = "Example: countertopd rebuild")]
    Rebuild,
    /// Write data to standard output
    #[command(after_help = "Examples:
  countertopd export journal > journal.jsonl
  countertopd export products --format csv > products.csv
  countertopd export customers --format csv > customers.csv")]
    Export {
        /// What
        what: What,
        /// In what form
        #[arg(long, default_value = "jsonl")]
        format: Format,
    },
    /// Copy everything into one file, while sales go on; it holds the signing key: keep it safe
    #[command(after_help = "Example: countertopd backup /media/usb/monday.ctop")]
    Backup {
        /// The file to make
        file: PathBuf,
    },
    /// Make a data folder from a backup; receipts go on in a new series
    #[command(after_help = "Example: countertopd restore monday.ctop --data /var/lib/countertop")]
    Restore {
        /// The backup
        file: PathBuf,
    },
    /// The shop: shows its name, letterhead and taxes, or sets those that are given
    #[command(after_help = "Examples:
  countertopd shop --name \"Corner Books\" --address \"5 High Street\" --currency GBP
  countertopd shop --tax standard=VAT:20:inclusive --tax reduced-rate=VAT:5:inclusive
  countertopd shop --tax standard=\"Sales tax\":8.25:exclusive")]
    Shop(ShopOptions),
    /// The machines on the counter: printers, card terminals, scanners, scales, displays
    #[command(after_help = "Examples:
  countertopd device add printer --port serial:/dev/ttyUSB0?baud=9600 --name Front
  countertopd device add terminal --driver zvt --port tcp:192.168.1.30:20007 --option password=123456
  countertopd device add terminal --driver zvt --port /dev/ttyS1 --name Counter
  countertopd device add terminal --port twin --name Practice
  countertopd device add \"Front printer\" serial:/dev/ttyUSB0?baud=9600
  countertopd device status
  countertopd device resolve --json")]
    Device {
        #[command(subcommand)]
        action: DeviceAction,
    },
    /// Who else may use the register: tokens of other programs, for the open API
    #[command(after_help = "Examples:
  countertopd token create Newsletter --scope customers:read --scope events
  countertopd token list --json
  countertopd token revoke Newsletter
A running register holds its folder: make tokens on its screen then, under Apps.")]
    Token {
        #[command(subcommand)]
        action: TokenAction,
    },
    /// Web shops: set up, looked after, brought in step
    #[command(after_help = "Examples:
  countertopd channel add woocommerce --url https://shop.example.com --name Online
  COUNTERTOP_WOOCOMMERCE_KEY=ck_…:cs_… countertopd channel add woocommerce --url https://shop.example.com
  countertopd channel test Online
  countertopd channel sync Online --once
  countertopd channel status --json
Secrets come from the environment or are asked for; never as an argument, which others could read.
A running register holds its folder: look after its shops on its screen then, under Channels.")]
    Channel {
        #[command(subcommand)]
        action: ChannelAction,
    },
}

#[derive(Debug, Args)]
pub(crate) struct ReplayOptions {
    /// The file
    pub(crate) file: PathBuf,
    /// Only the first so many baskets
    #[arg(long)]
    pub(crate) limit: Option<usize>,
    /// How customers pay
    #[arg(long, default_value = "mixed")]
    pub(crate) tender: Tender,
    /// Cards pay at this terminal (its id or its name, as `device list` tells)
    #[arg(long, value_name = "ID")]
    pub(crate) terminal: Option<String>,
    /// How many seconds to wait for a terminal that is not there or cannot tell
    #[arg(long, default_value_t = 180, value_name = "SECONDS")]
    pub(crate) patience: u64,
    /// Print each receipt on this device (its id or its name, as `device list` tells)
    #[arg(long, value_name = "ID")]
    pub(crate) printer: Option<String>,
    /// Say `ack RECEIPT_NUMBER SALE_ID TOTAL_MINOR` after each durable sale, before the next begins
    #[arg(long)]
    pub(crate) acks: bool,
}

#[derive(Debug, Args)]
pub(crate) struct ShopOptions {
    /// Its name
    #[arg(long)]
    pub(crate) name: Option<String>,
    /// A line under the name; give it once a line
    #[arg(long, value_name = "LINE")]
    pub(crate) address: Vec<String>,
    /// Its number with the tax office
    #[arg(long, value_name = "NUMBER")]
    pub(crate) tax_number: Option<String>,
    /// A line at the end of a receipt; give it once a line
    #[arg(long, value_name = "LINE")]
    pub(crate) footer: Vec<String>,
    /// CLASS=NAME:PERCENT:inclusive or :exclusive; give it once a tax. All of them are replaced
    #[arg(long, value_name = "TAX")]
    pub(crate) tax: Vec<String>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Tender {
    Cash,
    Card,
    Mixed,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum What {
    Journal,
    Sales,
    Products,
    Customers,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Format {
    Jsonl,
    Csv,
}

#[derive(Debug, Subcommand)]
pub(crate) enum DeviceAction {
    /// Set up a device
    #[command(after_help = "Examples:
  countertopd device add terminal --driver zvt --port tcp:192.168.1.30:20007 --name Counter
  countertopd device add terminal --driver concert --port /dev/ttyACM0
  countertopd device add scale --driver toledo8217 --port \"serial:/dev/ttyUSB1?baud=9600&data=7&parity=even\"
  countertopd device add printer --port /dev/usb/lp0 --option columns=32 --option drawer=no
  countertopd device add scanner --port twin
Languages: escpos (printer, display), zvt, concert, caisse-ap (terminal), serial (scanner), toledo8217,
cas, sma (scale), cd5220 (display). A port is a path, serial:PATH?baud=9600, tcp:HOST:PORT, file:PATH,
or twin for a machine that this program plays itself.
Setting up a printer by NAME and ADDRESS alone works as before.")]
    Add {
        /// printer, terminal, scanner, scale or display; or the name of a printer
        #[arg(value_name = "KIND")]
        what: String,
        /// For a printer by name: serial:PORT[?baud=9600], tcp:HOST[:9100] or file:PATH
        address: Option<String>,
        /// The language that it speaks [default: the usual one of its kind]
        #[arg(long)]
        driver: Option<String>,
        /// Where it is: PATH, serial:PATH[?baud=9600], tcp:HOST:PORT, file:PATH or twin
        #[arg(long)]
        port: Option<String>,
        /// What people call it [default: its kind, with a number where there is one already]
        #[arg(long)]
        name: Option<String>,
        /// A setting as NAME=VALUE; give it once a setting
        #[arg(long = "option", value_name = "NAME=VALUE")]
        options: Vec<String>,
        /// Characters a line of a printer: 48 for 80 mm paper, 32 for 58 mm
        #[arg(long)]
        columns: Option<u32>,
        /// No cash drawer hangs on the printer
        #[arg(long)]
        no_drawer: bool,
    },
    /// The devices, and the serial ports of this machine
    List,
    /// How a device is, or all of them: asks terminals, opens the ports of the others
    #[command(after_help = "Example: countertopd device status Counter
Exit code 1 if one of them is not ready.")]
    Status {
        /// Its id or its name
        id: Option<String>,
    },
    /// Try a device: prints a test page, asks a terminal how it is
    Test {
        /// Its id or its name
        id: String,
    },
    /// Forget a device
    Remove {
        /// Its id or its name
        id: String,
    },
    /// Card payments of which nobody knows what became: asks the terminals, lists what is left, decides
    #[command(after_help = "Examples:
  countertopd device resolve
  countertopd device resolve --json
  countertopd device resolve 0190… --charged yes --reason \"on the terminal's slip 42\"
Exit code 1 while a payment is in doubt, or was paid without a sale.")]
    Resolve {
        /// The payment to decide by hand
        tender_id: Option<String>,
        /// What became of it
        #[arg(long, requires = "tender_id")]
        charged: Option<YesNo>,
        /// Why; kept in the journal
        #[arg(long, requires = "charged")]
        reason: Option<String>,
        /// How many seconds to wait for the terminals
        #[arg(long, default_value_t = 90)]
        wait: u64,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum TokenAction {
    /// Make a token; its secret is shown this once
    Create {
        /// What you call the program
        name: String,
        /// What it is good for, such as catalog:read; give it once a scope
        #[arg(long = "scope", value_name = "SCOPE", required = true)]
        scopes: Vec<String>,
        /// The most that it is trusted with: owner, manager or cashier [default: manager]
        #[arg(long)]
        role: Option<String>,
    },
    /// The tokens, without their secrets
    List,
    /// Make a token no good from now on
    Revoke {
        /// Its id or its name
        token: String,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum ChannelAction {
    /// Set up a web shop
    #[command(
        after_help = "Example: countertopd channel add shopify --url https://my-shop.myshopify.com
Each platform's secrets and settings: countertopd channel platforms"
    )]
    Add {
        /// Its platform, as `channel platforms` tells
        platform: String,
        #[command(flatten)]
        shop: ShopSetUp,
    },
    /// Set a web shop up anew; what is not said stays. Secrets that are in the environment are taken over
    #[command(after_help = "Examples:
  COUNTERTOP_WOOCOMMERCE_KEY=ck_…:cs_… countertopd channel change Online
  countertopd channel change Online --policy split --buffer 2")]
    Change {
        /// Its id or its name
        shop: String,
        /// Where it is from now on
        #[arg(long)]
        url: Option<String>,
        #[command(flatten)]
        change: ChangeOptions,
        /// Ask for its secrets too
        #[arg(long)]
        secrets: bool,
    },
    /// The web shops
    List,
    /// The platforms, with what each needs
    Platforms,
    /// Ask a shop whether it can be used as it is set up; exit code 1 if not
    Test {
        /// Its id or its name
        shop: String,
    },
    /// Keep shops in step until you stop it, or once
    #[command(after_help = "Examples:
  countertopd channel sync Online --once
  countertopd channel sync --once
Exit code 1 if something is in the way of a shop.")]
    Sync {
        /// Its id or its name [default: all of them]
        shop: Option<String>,
        /// Bring them in step now, then end
        #[arg(long)]
        once: bool,
    },
    /// How shops are: exit code 1 if something is in the way of one
    Status {
        /// Its id or its name [default: all of them]
        shop: Option<String>,
    },
    /// Pause a shop
    Pause {
        /// Its id or its name
        shop: String,
    },
    /// Have a paused shop go on
    Resume {
        /// Its id or its name
        shop: String,
    },
    /// What a person is to look at; exit code 1 if there is something
    Problems {
        /// Its id or its name [default: all of them]
        shop: Option<String>,
        /// What was set aside instead; exit code 0
        #[arg(long)]
        aside: bool,
    },
    /// What waits to be told to a shop, and what was, the newest first
    Queue {
        /// Its id or its name
        shop: String,
        /// Only what is new, sent, unknown, done or dead
        #[arg(long)]
        state: Option<String>,
    },
    /// Try once more what a to-do is about
    Retry {
        /// The number of the to-do
        number: i64,
    },
    /// Set a to-do aside
    SetAside {
        /// The number of the to-do
        number: i64,
    },
    /// Take a to-do up again that was set aside
    TakeUp {
        /// The number of the to-do
        number: i64,
    },
    /// What a shop calls our items, or what one of its names stands for
    #[command(after_help = "Examples:
  countertopd channel map Online --unmatched
  countertopd channel map Online --external 4711 --sku MUG-BLUE
  countertopd channel map Online --external 4711 --nothing")]
    Map {
        /// Its id or its name
        shop: String,
        /// Only names that stand for nothing here
        #[arg(long)]
        unmatched: bool,
        /// The shop's id of an item
        #[arg(long, value_name = "ID")]
        external: Option<String>,
        /// It stands for the item of this article number
        #[arg(long, requires = "external")]
        sku: Option<String>,
        /// It stands for nothing here
        #[arg(long, requires = "external", conflicts_with = "sku")]
        nothing: bool,
    },
    /// Forget a shop with its queue and its names; its orders stay
    Remove {
        /// Its id or its name
        shop: String,
    },
}

#[derive(Debug, Args)]
pub(crate) struct ShopSetUp {
    /// Where the shop is
    #[arg(long)]
    pub(crate) url: String,
    #[command(flatten)]
    pub(crate) change: ChangeOptions,
}

#[derive(Debug, Args)]
pub(crate) struct ChangeOptions {
    /// What you call it [default: the host of its address]
    #[arg(long)]
    pub(crate) name: Option<String>,
    /// A setting as NAME=VALUE; give it once a setting
    #[arg(long = "option", value_name = "NAME=VALUE")]
    pub(crate) options: Vec<String>,
    /// Whose figures of stock count: till, web or split [default: till]
    #[arg(long)]
    pub(crate) policy: Option<String>,
    /// Whole units of each item that the shop never offers, with --policy split
    #[arg(long, value_name = "UNITS")]
    pub(crate) buffer: Option<u32>,
    /// Its host may be in this machine or in the shop's own network
    #[arg(long)]
    pub(crate) allow_host: bool,
    /// One more authority to trust, in a PEM file
    #[arg(long, value_name = "FILE")]
    pub(crate) certificate: Option<PathBuf>,
    // What people try: refused in words.
    #[arg(long, hide = true)]
    key: Option<String>,
    #[arg(long, hide = true)]
    secret: Option<String>,
    #[arg(long, hide = true)]
    token: Option<String>,
    #[arg(long, hide = true)]
    password: Option<String>,
}

impl ChangeOptions {
    /// The name of a secret that was given as an argument.
    pub(crate) fn given_secret(&self) -> Option<&'static str> {
        [
            (&self.key, "--key"),
            (&self.secret, "--secret"),
            (&self.token, "--token"),
            (&self.password, "--password"),
        ]
        .into_iter()
        .find_map(|(given, name)| given.is_some().then_some(name))
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum YesNo {
    Yes,
    No,
}
