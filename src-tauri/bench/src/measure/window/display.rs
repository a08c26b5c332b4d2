//! A display of its own, for seeing what is on it and for pressing keys.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use x11rb::connection::Connection as _;
use x11rb::protocol::xproto::{
    ConnectionExt as _, ImageFormat, InputFocus, KEY_PRESS_EVENT, KEY_RELEASE_EVENT, MapState,
    Window,
};
use x11rb::protocol::xtest::ConnectionExt as _;
use x11rb::rust_connection::RustConnection;

pub(super) const WIDTH: u16 = 1280;
pub(super) const HEIGHT: u16 = 800;

/// Keys by their X11 names: digits are their own.
pub(super) const ENTER: u32 = 0xFF0D;
pub(super) const F12: u32 = 0xFFC9;

/// Part of the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Area {
    pub(super) x: i16,
    pub(super) y: i16,
    pub(super) width: u16,
    pub(super) height: u16,
}

impl Area {
    pub(super) const SCREEN: Self = Self { x: 0, y: 0, width: WIDTH, height: HEIGHT };
}

/// A display that nobody else uses. It ends with this value.
pub(super) struct Display {
    server: Child,
    name: String,
    connection: RustConnection,
    root: Window,
    /// Key codes by what they type.
    keys: Vec<(u32, u8)>,
}

impl Display {
    /// Starts one.
    ///
    /// # Errors
    /// There is no Xvfb, or it does not start.
    pub(super) fn start() -> anyhow::Result<Self> {
        let mut server = Command::new("Xvfb")
            .args(["-displayfd", "1", "-nolisten", "tcp", "-screen", "0"])
            .arg(format!("{WIDTH}x{HEIGHT}x24"))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .context("Xvfb could not be started")?;
        let connected = connect(&mut server);
        match connected {
            Ok((name, connection, root, keys)) => Ok(Self { server, name, connection, root, keys }),
            Err(error) => {
                stop(&mut server);
                Err(error)
            }
        }
    }

    /// What `DISPLAY` is to be for a program that shows itself here.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// The pixels of a part of the screen, four bytes each.
    ///
    /// # Errors
    /// The display's.
    pub(super) fn look(&self, area: Area) -> anyhow::Result<Vec<u8>> {
        let Area { x, y, width, height } = area;
        let image = self
            .connection
            .get_image(ImageFormat::Z_PIXMAP, self.root, x, y, width, height, u32::MAX)?
            .reply()?;
        Ok(image.data)
    }

    /// The whole screen once nothing on it has moved for 300 ms.
    ///
    /// # Errors
    /// The display's, or it still moves after 20 s.
    pub(super) fn settled(&self) -> anyhow::Result<Vec<u8>> {
        let end = Instant::now() + Duration::from_secs(20);
        let mut before = self.look(Area::SCREEN)?;
        let mut same = 0;
        while Instant::now() < end {
            std::thread::sleep(Duration::from_millis(100));
            let now = self.look(Area::SCREEN)?;
            same = if now == before { same + 1 } else { 0 };
            if same >= 3 {
                return Ok(now);
            }
            before = now;
        }
        bail!("the screen does not come to rest")
    }

    /// Waits for a window that fills most of the screen, and gives it the keyboard, which a window
    /// manager would do.
    ///
    /// # Errors
    /// The display's, or there is none after 30 s.
    pub(super) fn focus_window(&self) -> anyhow::Result<()> {
        let end = Instant::now() + Duration::from_secs(30);
        while Instant::now() < end {
            for window in self.connection.query_tree(self.root)?.reply()?.children {
                let seen = self.connection.get_window_attributes(window)?.reply();
                let size = self.connection.get_geometry(window)?.reply();
                let (Ok(seen), Ok(size)) = (seen, size) else { continue };
                if seen.map_state == MapState::VIEWABLE && size.width > WIDTH / 2 {
                    let now = x11rb::CURRENT_TIME;
                    self.connection.set_input_focus(InputFocus::PARENT, window, now)?.check()?;
                    return Ok(());
                }
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        bail!("no window came up")
    }

    /// Presses and releases a key.
    ///
    /// # Errors
    /// The display's, or it has no such key.
    pub(super) fn press(&self, symbol: u32) -> anyhow::Result<()> {
        let found = self.keys.iter().find(|(known, _)| *known == symbol);
        let code = found.map(|(_, code)| *code).context("the keyboard lacks a key")?;
        for event in [KEY_PRESS_EVENT, KEY_RELEASE_EVENT] {
            self.connection.xtest_fake_input(event, code, 0, self.root, 0, 0, 0)?;
        }
        self.connection.flush()?;
        Ok(())
    }

    /// Types as a scanner does: two milliseconds between two characters.
    ///
    /// # Errors
    /// As [`Display::press`].
    pub(super) fn scan(&self, code: &str) -> anyhow::Result<()> {
        for character in code.chars() {
            self.press(u32::from(character))?;
            std::thread::sleep(Duration::from_millis(2));
        }
        Ok(())
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        stop(&mut self.server);
    }
}

fn stop(server: &mut Child) {
    let _ = server.kill();
    let _ = server.wait();
}

type Connected = (String, RustConnection, Window, Vec<(u32, u8)>);

fn connect(server: &mut Child) -> anyhow::Result<Connected> {
    let said = server.stdout.take().context("Xvfb says nothing")?;
    let mut number = String::new();
    BufReader::new(said).read_line(&mut number)?;
    anyhow::ensure!(!number.trim().is_empty(), "Xvfb did not start");
    let name = format!(":{}", number.trim());
    let (connection, screen) = x11rb::connect(Some(&name))?;
    let setup = connection.setup();
    let root = setup.roots.get(screen).context("Xvfb has no screen")?.root;
    let (first, count) = (setup.min_keycode, setup.max_keycode - setup.min_keycode + 1);
    let map = connection.get_keyboard_mapping(first, count)?.reply()?;
    let symbols = map.keysyms.chunks(usize::from(map.keysyms_per_keycode).max(1));
    let keys = (first..=u8::MAX)
        .zip(symbols)
        .filter_map(|(code, symbols)| Some((*symbols.first()?, code)))
        .collect();
    Ok((name, connection, root, keys))
}
