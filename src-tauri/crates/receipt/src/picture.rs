//! A picture in black and white: the shop's logo.

use std::fmt::Write as _;

use png::{ColorType, Decoder, Limits, Transformations};
use serde::{Deserialize, Serialize};

/// A picture of black and white dots, 203 to the inch; small enough for every receipt printer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Stored", into = "Stored")]
pub struct Picture {
    width: u16,
    rows: Vec<u8>,
}

/// As it is kept: the dots as hexadecimal digits, eight dots a byte, each row from a new byte on.
#[derive(Serialize, Deserialize)]
struct Stored {
    width: u16,
    dots: String,
}

/// Why a file cannot be the logo.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PictureError {
    /// Not a PNG, or a damaged one.
    #[error("this is not a PNG picture that can be read ({reason}): save it as PNG again")]
    NotPng {
        /// What the decoder says.
        reason: String,
    },
    /// Too many points.
    #[error(
        "the picture is {width} by {height} points, more than {max} on a side: save it smaller",
        max = Picture::MAX_SIDE
    )]
    TooLarge {
        /// Points across.
        width: u32,
        /// Points down.
        height: u32,
    },
    /// What was stored is no picture.
    #[error("the stored logo is damaged: choose the picture again")]
    Damaged,
}

/// Memory that decoding may take.
const MEMORY: usize = 64 * 1024 * 1024;

impl Picture {
    /// Points on a side of a file that is taken.
    pub const MAX_SIDE: u32 = 4000;
    /// Dots across at most: the width of 58 mm paper.
    pub const MAX_WIDTH: u32 = 384;
    /// Dots down at most.
    pub const MAX_HEIGHT: u32 = 480;

    /// Reads a PNG; makes it small enough, and black and white by scattering dots. What is
    /// transparent is white.
    ///
    /// # Errors
    /// See [`PictureError`].
    pub fn from_png(bytes: &[u8]) -> Result<Self, PictureError> {
        let not_png =
            |error: &dyn std::fmt::Display| PictureError::NotPng { reason: error.to_string() };
        let limits = Limits { bytes: MEMORY };
        let mut decoder = Decoder::new_with_limits(std::io::Cursor::new(bytes), limits);
        decoder.set_transformations(Transformations::EXPAND | Transformations::STRIP_16);
        let mut reader = decoder.read_info().map_err(|error| not_png(&error))?;
        let (width, height) = (reader.info().width, reader.info().height);
        if width > Self::MAX_SIDE || height > Self::MAX_SIDE {
            return Err(PictureError::TooLarge { width, height });
        }
        let size = reader.output_buffer_size().ok_or_else(|| not_png(&"too large"))?;
        let mut points = vec![0; size];
        let frame = reader.next_frame(&mut points).map_err(|error| not_png(&error))?;
        let samples = match frame.color_type {
            ColorType::Grayscale | ColorType::Indexed => 1,
            ColorType::GrayscaleAlpha => 2,
            ColorType::Rgb => 3,
            ColorType::Rgba => 4,
        };
        let grey: Vec<u8> = points.chunks_exact(samples).map(brightness).collect();
        Ok(dithered(&shrunk(&grey, width, height)))
    }

    /// Dots across.
    pub fn width(&self) -> u16 {
        self.width
    }

    /// Dots down.
    pub fn height(&self) -> usize {
        self.rows.len() / usize::from(self.bytes_a_row()).max(1)
    }

    /// Bytes of a row.
    pub fn bytes_a_row(&self) -> u16 {
        self.width.div_ceil(8)
    }

    /// The dots: eight a byte, the leftmost in the highest bit, a set bit black, rows from the top.
    pub fn rows(&self) -> &[u8] {
        &self.rows
    }

    /// The picture as a drawing for a screen.
    pub fn svg(&self) -> String {
        let mut path = String::new();
        for (x, y, length) in self.runs() {
            let _ = write!(path, "M{x} {y}h{length}v1h-{length}z");
        }
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" aria-hidden=\"true\" \
             viewBox=\"0 0 {width} {height}\" width=\"{width}\" style=\"max-width:100%\" \
             shape-rendering=\"crispEdges\"><path d=\"{path}\"/></svg>",
            width = self.width(),
            height = self.height()
        )
    }

    /// Its black dots as runs along a row: `(x, y, length)`, in dots from the upper left.
    pub fn runs(&self) -> Vec<(usize, usize, usize)> {
        let mut runs = Vec::new();
        for (y, row) in self.rows.chunks(usize::from(self.bytes_a_row()).max(1)).enumerate() {
            let dots: Vec<bool> = (0..usize::from(self.width))
                .map(|x| row.get(x / 8).is_some_and(|byte| byte >> (7 - x % 8) & 1 == 1))
                .collect();
            let mut x = 0;
            for run in dots.chunk_by(|a, b| a == b) {
                runs.extend((run.first() == Some(&true)).then_some((x, y, run.len())));
                x += run.len();
            }
        }
        runs
    }
}

impl From<Picture> for Stored {
    fn from(picture: Picture) -> Self {
        Self { width: picture.width, dots: hex::encode(picture.rows) }
    }
}

impl TryFrom<Stored> for Picture {
    type Error = PictureError;

    fn try_from(stored: Stored) -> Result<Self, PictureError> {
        let rows = hex::decode(stored.dots).map_err(|_| PictureError::Damaged)?;
        let picture = Self { width: stored.width, rows };
        let bytes = usize::from(picture.bytes_a_row());
        let whole = bytes > 0 && picture.rows.len().is_multiple_of(bytes);
        let small = u32::from(picture.width) <= Self::MAX_WIDTH
            && u32::try_from(picture.height()).is_ok_and(|height| height <= Self::MAX_HEIGHT);
        (whole && small).then_some(picture).ok_or(PictureError::Damaged)
    }
}

/// 0 is black; what is seen through is white.
fn brightness(point: &[u8]) -> u8 {
    let (grey, alpha) = match *point {
        [grey] => (u32::from(grey), 255),
        [grey, alpha] => (u32::from(grey), alpha),
        [red, green, blue] => (luma(red, green, blue), 255),
        [red, green, blue, alpha] => (luma(red, green, blue), alpha),
        _ => (255, 255),
    };
    let alpha = u32::from(alpha);
    u8::try_from((grey * alpha + 255 * (255 - alpha)) / 255).unwrap_or(u8::MAX)
}

fn luma(red: u8, green: u8, blue: u8) -> u32 {
    (299 * u32::from(red) + 587 * u32::from(green) + 114 * u32::from(blue)) / 1000
}

struct Grey {
    width: usize,
    points: Vec<u8>,
}

/// Made small enough by the mean of the points that fall on each dot.
fn shrunk(points: &[u8], width: u32, height: u32) -> Grey {
    let (mut across, mut down) = (width.max(1), height.max(1));
    if across > Picture::MAX_WIDTH {
        (down, across) = ((down * Picture::MAX_WIDTH / across).max(1), Picture::MAX_WIDTH);
    }
    if down > Picture::MAX_HEIGHT {
        (across, down) = ((across * Picture::MAX_HEIGHT / down).max(1), Picture::MAX_HEIGHT);
    }
    let range = |n: u32, of: u32, whole: u32| n * whole / of..((n + 1) * whole).div_ceil(of);
    let mut small = Vec::new();
    for y in 0..down {
        for x in 0..across {
            let (mut sum, mut count) = (0, 0);
            for from_y in range(y, down, height) {
                for from_x in range(x, across, width) {
                    let place = usize::try_from(from_y * width + from_x).unwrap_or(usize::MAX);
                    sum += points.get(place).map_or(255, |point| u32::from(*point));
                    count += 1;
                }
            }
            small.push(u8::try_from(sum / count.max(1)).unwrap_or(u8::MAX));
        }
    }
    Grey { width: usize::try_from(across).unwrap_or(1), points: small }
}

/// Floyd and Steinberg's way: what a dot is too dark or too light goes to its neighbours.
fn dithered(grey: &Grey) -> Picture {
    let width = grey.width;
    let mut light: Vec<i32> = grey.points.iter().map(|point| i32::from(*point)).collect();
    let mut rows = vec![0; width.div_ceil(8) * (light.len() / width)];
    for place in 0..light.len() {
        let (x, y) = (place % width, place / width);
        let value = light.get(place).copied().unwrap_or(255);
        let black = value < 128;
        if black && let Some(byte) = rows.get_mut(y * width.div_ceil(8) + x / 8) {
            *byte |= 0x80 >> (x % 8);
        }
        let error = value - if black { 0 } else { 255 };
        let shares = [(1, 0, 7), (-1, 1, 3), (0, 1, 5), (1, 1, 1)];
        for (dx, dy, share) in shares {
            let Some(near) = x.checked_add_signed(dx).filter(|x| *x < width) else { continue };
            if let Some(point) = light.get_mut((y + dy) * width + near) {
                *point += error * share / 16;
            }
        }
    }
    Picture { width: u16::try_from(width).unwrap_or(u16::MAX), rows }
}

#[cfg(test)]
mod tests {
    use super::{Picture, PictureError};

    fn png(width: u32, height: u32, grey: impl Fn(u32, u32) -> u8) -> Option<Vec<u8>> {
        let mut file = Vec::new();
        let mut encoder = png::Encoder::new(&mut file, width, height);
        encoder.set_color(png::ColorType::Grayscale);
        let mut writer = encoder.write_header().ok()?;
        let points: Vec<u8> = (0..height)
            .flat_map(|y| (0..width).map(move |x| (x, y)))
            .map(|(x, y)| grey(x, y))
            .collect();
        writer.write_image_data(&points).ok()?;
        writer.finish().ok()?;
        Some(file)
    }

    #[test]
    fn black_stays_black_and_grey_becomes_as_many_dots() -> Result<(), Box<dyn std::error::Error>> {
        let file = png(16, 8, |x, _| if x < 8 { 0 } else { 255 }).ok_or("no file")?;
        let halves = Picture::from_png(&file)?;
        assert_eq!((halves.width(), halves.height()), (16, 8));
        assert_eq!(halves.rows(), [0xff, 0].repeat(8));
        assert_eq!(halves.runs()[0], (0, 0, 8));

        let grey = Picture::from_png(&png(64, 64, |_, _| 128).ok_or("no file")?)?;
        let black: u32 = grey.rows().iter().map(|byte| byte.count_ones()).sum();
        assert!((1950..=2150).contains(&black), "{black} of 4096");
        Ok(())
    }

    #[test]
    fn a_large_picture_is_made_to_fit_and_a_wrong_file_is_refused()
    -> Result<(), Box<dyn std::error::Error>> {
        let wide = Picture::from_png(&png(1000, 500, |_, _| 0).ok_or("no file")?)?;
        assert_eq!((wide.width(), wide.height()), (384, 192));
        let stored = serde_json::to_string(&wide)?;
        assert_eq!(serde_json::from_str::<Picture>(&stored)?, wide);
        assert!(serde_json::from_str::<Picture>(r#"{"width":16,"dots":"ff"}"#).is_err());
        assert!(matches!(Picture::from_png(b"GIF89a"), Err(PictureError::NotPng { .. })));
        let huge = png(5000, 1, |_, _| 0).ok_or("no file")?;
        assert!(matches!(Picture::from_png(&huge), Err(PictureError::TooLarge { .. })));
        Ok(())
    }
}
