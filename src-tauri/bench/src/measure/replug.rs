//! Goal 15: a cashier sells while scanner, printer and customer display are unplugged and plugged in
//! again, over and over. A device never makes the screens wait.

use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use countertop_app::commands::{AddDeviceCommand, ListDevices, PayTender, WaitingPrints};
use countertop_app::wire::{AddDevice, Changed, DeviceState, Nothing, PayRequest, PrintStatus};
use countertop_app::{import_catalogue, perform};
use countertop_devices::{Door, Link, PrinterFault, PrinterTwin, ReadOutcome};

use super::Session;
use crate::catalogue::{Order, barcode, write_csv};
use crate::chance::Chance;
use crate::figures::Times;
use crate::report::{Row, Wanted};
use crate::till::Till;

const ITEMS: u64 = 1_000;
const LINES: usize = 3;
/// Between two sales.
const PACE: Duration = Duration::from_millis(100);
/// After so many replugs the cables are left alone for a while: what else the computer does disturbs
/// both alike.
const TURN: usize = 50;
/// How long a machine may take to be found, or a scan to be heard.
const PATIENCE: Duration = Duration::from_secs(20);
const LOOK: Duration = Duration::from_millis(5);

/// Measures and reports.
///
/// # Errors
/// The register's, or a scan was not heard after its scanner was found.
pub(crate) fn measure(session: &mut Session) -> anyhow::Result<()> {
    let folder = session.folder.path().join("replug");
    std::fs::create_dir_all(&folder)?;
    let file = folder.join("products.csv");
    write_csv(&file, Order::Running, 0, ITEMS)?;
    let till = Till::open(&folder.join("register"))?;
    import_catalogue(till.app(), &till.caller, &file)?;
    let mut hub = Hub::at(&folder, &till)?;
    let mut cashier = Cashier { till: &till, chance: Chance::new(21), sold: 0 };
    let (mut pulled, mut calm) = (Times::default(), Times::default());
    let turns = session.times(1_000, 100) / TURN;
    for _ in 0..turns {
        let before = cashier.sold;
        pulled.append(cashier.sells_while(|day| (0..TURN).try_for_each(|_| hub.replug(day)))?);
        // A quarter as many without.
        let sales = (cashier.sold - before).div_ceil(4);
        calm.append(cashier.sells_while(|day| {
            while !day.is_over() && day.sales.load(Ordering::Acquire) < sales {
                hub.rest();
            }
            Ok(())
        })?);
    }
    let parked = hub.paper_is_out()?;
    let replugs = turns * TURN;
    let what = format!("a cashier's commands while three cables are pulled {replugs} times");
    let note = format!(
        "scan, pay, list of devices in {} sales; {} scans on the wire, all heard; {parked} receipts \
         that were cut off three times wait for a person; the yardstick is the same with the cables \
         left alone",
        cashier.sold, hub.heard
    );
    session.report.add(
        Row::new("replug", &what, "ms")
            .goal(15, Wanted { p99: Some(100.0), ..Wanted::default() })
            .measured(pulled.milliseconds())
            .beside(calm.milliseconds())
            .note(note),
    );
    Ok(())
}

/// How far the cashier is, for whoever pulls the cables meanwhile; and the other way round.
#[derive(Debug, Default)]
struct Day {
    sales: AtomicUsize,
    over: AtomicBool,
}

impl Day {
    fn is_over(&self) -> bool {
        self.over.load(Ordering::Acquire)
    }
}

/// Who sells, and how often so far.
struct Cashier<'a> {
    till: &'a Till,
    chance: Chance,
    sold: usize,
}

impl Cashier<'_> {
    /// Sells until `work`, on a thread of its own, is done; how long each command took.
    fn sells_while(
        &mut self,
        work: impl FnOnce(&Day) -> anyhow::Result<()> + Send,
    ) -> anyhow::Result<Times> {
        let day = Day::default();
        let mut times = Times::default();
        std::thread::scope(|scope| {
            let worker = scope.spawn(|| {
                let done = work(&day);
                day.over.store(true, Ordering::Release);
                done
            });
            let mut sold = Ok(());
            while sold.is_ok() && !day.is_over() {
                sold = self.sell(&mut times);
                day.sales.fetch_add(1, Ordering::AcqRel);
                std::thread::sleep(PACE);
            }
            day.over.store(true, Ordering::Release);
            let worked = worker.join().unwrap_or_else(|_| bail!("the thread at the cables ended"));
            sold.and(worked)
        })?;
        Ok(times)
    }

    fn sell(&mut self, times: &mut Times) -> anyhow::Result<()> {
        let till = self.till;
        let mut basket = till.basket()?;
        for _ in 0..LINES {
            let code = barcode(Order::Running, self.chance.below(ITEMS));
            basket = times.time(|| till.scan(basket.id, code))?.basket;
        }
        times.time(|| perform::<ListDevices>(till.app(), &till.caller, Nothing {}))?;
        loop {
            let request = PayRequest { print: true, ..Till::cash_for(&basket) };
            let paid = times.time(|| perform::<PayTender>(till.app(), &till.caller, request))?;
            match paid.basket {
                _ if paid.sale.is_some() => break,
                // Something was scanned on the wire meanwhile.
                Some(left) => basket = left,
                None => bail!("a payment came to nothing"),
            }
        }
        self.sold += 1;
        Ok(())
    }
}

/// A scanner, a printer and a customer display on serial lines that are pulled together.
struct Hub<'a> {
    till: &'a Till,
    news: Receiver<Changed>,
    scanner: Door,
    display: Door,
    printer: PrinterTwin,
    plugged: Option<Plugged>,
    heard: usize,
}

struct Plugged {
    scanner: Box<dyn Link>,
    display: Box<dyn Link>,
}

impl<'a> Hub<'a> {
    /// Sets the machines up at the register, and plugs them in.
    fn at(folder: &Path, till: &'a Till) -> anyhow::Result<Self> {
        let door = |name: &str| Door::serial(&folder.join(name));
        let printer = PrinterTwin::at(door("printer")?, true).context("no thread for a printer")?;
        let (scanner, display) = (door("scanner")?, door("display")?);
        let news = till.app().listen();
        let mut hub = Self { till, news, scanner, display, printer, plugged: None, heard: 0 };
        hub.plug_in()?;
        for kind in ["scanner", "printer", "display"] {
            // A printer that tells when it is done.
            let model = ("model".to_owned(), "epson-tm-t20".to_owned());
            let device = AddDevice {
                kind: Some(kind.to_owned()),
                name: kind.to_owned(),
                address: format!("serial:{}", folder.join(kind).display()),
                options: (kind == "printer").then(|| [model].into()),
                ..AddDevice::default()
            };
            perform::<AddDeviceCommand>(till.app(), &till.caller, device)?;
        }
        Ok(hub)
    }

    fn plug_in(&mut self) -> anyhow::Result<()> {
        let line = |door: &Door| door.accept(PATIENCE).context("there is no serial line left");
        let (scanner, display) = (line(&self.scanner)?, line(&self.display)?);
        self.plugged = Some(Plugged { scanner, display });
        self.printer.set_fault(PrinterFault::Unplugged, false);
        Ok(())
    }

    fn pull(&mut self) {
        self.plugged = None;
        self.printer.set_fault(PrinterFault::Unplugged, true);
        self.printer.tear_off();
    }

    /// Pulls the cables, plugs them in, and scans something as soon as the register has its scanner.
    fn replug(&mut self, day: &Day) -> anyhow::Result<()> {
        self.pull();
        self.wait("lose its scanner", |hub| Ok(!hub.has_scanner()?))?;
        self.plug_in()?;
        self.wait("find its scanner", Self::has_scanner)?;
        while self.news.try_recv().is_ok() {}
        let code = barcode(Order::Running, u64::try_from(self.heard)? % ITEMS);
        let bytes = format!("{code}\r");
        let plugged = self.plugged.as_mut().context("the cables are out")?;
        plugged.scanner.write_all(bytes.as_bytes(), PATIENCE)?;
        self.wait("hear a scan", |hub| {
            let scan = hub.news.try_iter().filter_map(|change| change.scan).next();
            match scan {
                Some(scan) if scan.line_id.is_some() => Ok(scan.code == code),
                Some(scan) => bail!("a scan went nowhere: {:?}", scan.refusal),
                None => Ok(false),
            }
        })?;
        self.heard += 1;
        anyhow::ensure!(!day.is_over(), "the cashier has stopped");
        Ok(())
    }

    fn has_scanner(&mut self) -> anyhow::Result<bool> {
        let list = perform::<ListDevices>(self.till.app(), &self.till.caller, Nothing {})?;
        let scanner = list.devices.iter().find(|device| device.kind == "scanner");
        Ok(scanner.is_some_and(|device| device.status == DeviceState::Ready))
    }

    fn wait(
        &mut self,
        what: &str,
        mut look: impl FnMut(&mut Self) -> anyhow::Result<bool>,
    ) -> anyhow::Result<()> {
        let until = Instant::now() + PATIENCE;
        while !look(self)? {
            anyhow::ensure!(Instant::now() < until, "the register does not {what}");
            self.rest();
        }
        Ok(())
    }

    /// Waits for a moment; what the display is sent is taken off its line.
    fn rest(&mut self) {
        match &mut self.plugged {
            Some(plugged) => match plugged.display.read(&mut [0; 256], LOOK) {
                ReadOutcome::Data(_) | ReadOutcome::Timeout => {}
                ReadOutcome::Closed => std::thread::sleep(LOOK),
            },
            None => std::thread::sleep(LOOK),
        }
    }

    /// Waits for the printer; how many receipts it was cut off at so often that a person has to look.
    fn paper_is_out(&mut self) -> anyhow::Result<usize> {
        let mut parked = 0;
        self.wait("print what it has", |hub| {
            let queue = perform::<WaitingPrints>(hub.till.app(), &hub.till.caller, Nothing {})?;
            parked = queue.jobs.iter().filter(|job| job.status == PrintStatus::Parked).count();
            Ok(parked == queue.jobs.len())
        })?;
        Ok(parked)
    }
}
