//! Floor 9 · `seed`: the files that people of the demonstration send: pictures drawn here, and a document of one page.

use std::fmt::Write as _;
use std::io::Cursor;

use image::{DynamicImage, ImageFormat, Rgb, RgbImage};

/// What is written in the document.
const RECIPE: [&str; 9] = [
    "Receitas da v\u{f3}",
    "",
    "Bolo de fub\u{e1}",
    "3 ovos, 1 x\u{ed}cara e meia de a\u{e7}\u{fa}car, 2 x\u{ed}caras de fub\u{e1},",
    "1 x\u{ed}cara de leite, meia x\u{ed}cara de \u{f3}leo, 1 colher de fermento.",
    "Erva-doce a gosto: \u{e9} at\u{e9} ficar bom.",
    "Assar at\u{e9} cheirar na casa toda, uns quarenta minutos.",
    "",
    "Servir com caf\u{e9} e sem pressa.",
];

/// The file that the talk calls `name`, or nothing.
pub(super) fn file(name: &str) -> Option<Vec<u8>> {
    match name {
        "fim-de-tarde.jpg" => Some(encoded(sunset(), ImageFormat::Jpeg)),
        "bandeirinhas.png" => Some(encoded(bunting(), ImageFormat::Png)),
        "acordes.png" => Some(encoded(chords(), ImageFormat::Png)),
        "receitas-da-vo.pdf" => Some(document(&RECIPE)),
        _ => None,
    }
}

fn encoded(image: RgbImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::from(image).write_to(&mut bytes, format).expect("a picture of ours can be written to memory");
    bytes.into_inner()
}

/// `from` at 0, `to` at `of`, and what is between them between.
fn mix(from: [u8; 3], to: [u8; 3], part: u32, of: u32) -> Rgb<u8> {
    let channel = |n: usize| {
        let mixed = (u32::from(from[n]) * (of - part.min(of)) + u32::from(to[n]) * part.min(of)) / of;
        u8::try_from(mixed).unwrap_or(u8::MAX)
    };
    Rgb([channel(0), channel(1), channel(2)])
}

/// A sun above the sea, and a hill in front of it.
fn sunset() -> RgbImage {
    const WIDTH: u32 = 1600;
    const HEIGHT: u32 = 1000;
    const SEA: u32 = 640;
    const HILL: u32 = 540;
    const SUN: (u32, u32, u32) = (1060, 560, 110);
    RgbImage::from_fn(WIDTH, HEIGHT, |x, y| {
        let aside = x.abs_diff(180);
        if y > HILL + aside * aside / 900 {
            return mix([58, 36, 66], [24, 16, 34], y - HILL, HEIGHT - HILL);
        }
        let (dx, dy) = (x.abs_diff(SUN.0), y.abs_diff(SUN.1));
        if y < SEA {
            let far = dx * dx + dy * dy;
            if far < SUN.2 * SUN.2 {
                return Rgb([255, 236, 170]);
            }
            let sky = mix([64, 70, 140], [252, 150, 90], y, SEA);
            return mix([255, 214, 140], sky.0, far.isqrt().saturating_sub(SUN.2), 420);
        }
        let sea = mix([214, 120, 96], [30, 40, 84], y - SEA, HEIGHT - SEA);
        let glitter = dx < 60 + (y - SEA) / 3 && (y / 9 + x / 70) % 3 == 0;
        if glitter { mix([255, 222, 160], sea.0, y - SEA, HEIGHT - SEA) } else { sea }
    })
}

/// Two lines of little flags before an evening sky.
fn bunting() -> RgbImage {
    const COLOURS: [[u8; 3]; 5] = [[229, 62, 62], [246, 196, 60], [56, 161, 105], [49, 130, 206], [237, 100, 166]];
    const STEP: u32 = 120;
    RgbImage::from_fn(1200, 750, |x, y| {
        for (line, top) in [(0, 120), (2, 420)] {
            let middle = x.abs_diff(600);
            // The string hangs down in the middle.
            let string = top + 90 - middle * middle / 4000;
            if y.abs_diff(string) < 3 {
                return Rgb([250, 244, 230]);
            }
            let across = (x + line * 40) % STEP;
            let down = y.wrapping_sub(string);
            let notch = 40_u32.saturating_sub(across.abs_diff(STEP / 2));
            if (15..105).contains(&across) && down < 150 - notch {
                return Rgb(COLOURS[((x + line * 40) / STEP + line) as usize % COLOURS.len()]);
            }
        }
        mix([36, 42, 92], [196, 120, 130], y, 750)
    })
}

/// Four grids with six strings each, and where the fingers go.
fn chords() -> RgbImage {
    const FINGERS: [&[(u32, u32)]; 4] = [
        &[(0, 3), (1, 5), (2, 5), (3, 3), (4, 3), (5, 3)],
        &[(1, 3), (2, 5), (3, 5), (4, 4), (5, 3)],
        &[(2, 1), (3, 2), (4, 3), (5, 2)],
        &[(1, 1), (2, 3), (3, 3), (4, 3)],
    ];
    const CELL: u32 = 40;
    const LEFT: u32 = 60;
    const TOP: u32 = 90;
    const APART: u32 = 290;
    let mut page = RgbImage::from_pixel(1200, 420, Rgb([252, 250, 244]));
    let mut fill = |x: u32, y: u32, width: u32, height: u32, colour: Rgb<u8>| {
        (x..x + width).for_each(|x| (y..y + height).for_each(|y| page.put_pixel(x, y, colour)));
    };
    for (fingers, left) in FINGERS.iter().zip((LEFT..).step_by(APART as usize)) {
        (0..6).for_each(|string| fill(left + string * CELL, TOP, 3, CELL * 6, Rgb([60, 60, 70])));
        (0..7).for_each(|fret| fill(left, TOP + fret * CELL, CELL * 5 + 3, if fret == 0 { 8 } else { 3 }, Rgb([60, 60, 70])));
        for (string, fret) in *fingers {
            fill(left + string * CELL - 11, TOP + fret * CELL - 32, 25, 25, Rgb([190, 60, 50]));
        }
    }
    page
}

/// A PDF of one page with these lines, the first of them large (ISO 32000-1, §7.5).
fn document(lines: &[&str]) -> Vec<u8> {
    let mut text = "BT /F1 26 Tf 20 TL 72 760 Td".to_owned();
    for (number, line) in lines.iter().enumerate() {
        // Octal, because the font counts characters as Latin-1 does.
        text.push_str(if number == 1 { " /F1 13 Tf (" } else { " (" });
        for c in line.chars() {
            // Writing to a string does not fail.
            let _ = write!(text, "\\{:03o}", u32::from(c).min(255));
        }
        text.push_str(") Tj T*");
    }
    text.push_str(" ET");
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>"
            .to_owned(),
        format!("<< /Length {} >>\nstream\n{text}\nendstream", text.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>".to_owned(),
    ];
    let mut file = "%PDF-1.4\n".to_owned();
    let mut places = String::new();
    for (number, object) in (1..).zip(&objects) {
        let _ = writeln!(places, "{:010} 00000 n ", file.len());
        let _ = write!(file, "{number} 0 obj\n{object}\nendobj\n");
    }
    let (start, size) = (file.len(), objects.len() + 1);
    let _ = write!(
        file,
        "xref\n0 {size}\n0000000000 65535 f \n{places}trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n"
    );
    file.into_bytes()
}
