//! How the pages look on a hall screen and on a telephone: nothing is cut off, and a picture has something on it.

use super::site::{TYPES, whole};
use crate::support::browser::{picture, widths};

const SCREEN: u32 = 1280;
const TELEPHONE: u32 = 390;

#[test]
fn no_page_is_wider_than_its_screen() {
    let pages = TYPES.map(whole);
    for (path, measured) in TYPES.iter().zip(widths(&pages, &[SCREEN, TELEPHONE])) {
        assert!(measured[0] <= SCREEN, "{path} is {} wide on a screen", measured[0]);
        assert!(measured[1] <= TELEPHONE, "{path} is {} wide on a telephone", measured[1]);
    }
}

/// `YIBAO_PICTURES=folder` keeps the pictures for a look.
#[test]
fn every_page_type_can_be_pictured_in_both_widths() {
    let folder = std::env::var_os("YIBAO_PICTURES").map(std::path::PathBuf::from);
    for (number, path) in TYPES.iter().enumerate() {
        let page = whole(path);
        for width in [SCREEN, TELEPHONE] {
            let png = picture(&page, width, 2400);
            assert!(png.starts_with(b"\x89PNG"), "{path}");
            assert!(png.len() > 12_000, "{path} at {width}: {} bytes show next to nothing", png.len());
            if let Some(folder) = &folder {
                std::fs::write(folder.join(format!("{number:02}-{width}.png")), png).unwrap();
            }
        }
    }
}
