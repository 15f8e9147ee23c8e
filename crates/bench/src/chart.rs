//! The picture of latencies (时延曲线): what share of calls was answered within which time.

#![expect(clippy::float_arithmetic, reason = "places in a picture")]

use crate::measured::Latencies;
use anyhow::{Context, anyhow};
use plotters::prelude::*;

const FONTS: &str = "Noto Sans CJK SC, Source Han Sans SC, Microsoft YaHei, PingFang SC, sans-serif";
const SIZE: (u32, u32) = (760, 320);
/// Nines shown: from the median on to the slowest of ten thousand.
const NINES: std::ops::Range<f64> = 0.0..4.0;
const INK: RGBColor = RGBColor(31, 35, 48);
const COLORS: [RGBColor; 4] =
    [RGBColor(27, 94, 170), RGBColor(200, 110, 20), RGBColor(40, 130, 80), RGBColor(150, 50, 120)];

/// Draws a curve a name, as SVG.
pub(crate) fn draw(curves: &[(String, Latencies)]) -> anyhow::Result<String> {
    let mut svg = String::new();
    picture(&mut svg, curves).map_err(|error| anyhow!("{error}")).context("画时延曲线")?;
    Ok(svg)
}

fn picture(svg: &mut String, curves: &[(String, Latencies)]) -> Result<(), Box<dyn std::error::Error>> {
    let area = SVGBackend::with_string(svg, SIZE).into_drawing_area();
    area.fill(&WHITE)?;
    let points: Vec<Vec<(f64, f64)>> = curves.iter().map(|(_, latencies)| curve(latencies)).collect();
    let values = || points.iter().flatten().map(|(_, milliseconds)| *milliseconds);
    let least = values().fold(f64::MAX, f64::min).clamp(0.01, 1_000.0);
    let most = values().fold(least * 10.0, f64::max);
    let style = || (FONTS, 13).into_font().color(&INK);
    let mut chart = ChartBuilder::on(&area)
        .margin(10)
        .margin_right(36)
        .x_label_area_size(42)
        .y_label_area_size(64)
        .build_cartesian_2d(NINES, (least..most).log_scale())?;
    chart
        .configure_mesh()
        .x_desc("这么多笔在此时间内答复")
        .y_desc("毫秒")
        .x_labels(5)
        .y_labels(6)
        .max_light_lines(0)
        .x_label_formatter(&|nines| share(*nines))
        .y_label_formatter(&|milliseconds| short(*milliseconds))
        .label_style(style())
        .axis_desc_style(style())
        .bold_line_style(RGBColor(228, 230, 236))
        .draw()?;
    for (place, ((name, _), points)) in curves.iter().zip(points).enumerate() {
        let color = COLORS[place % COLORS.len()];
        chart
            .draw_series(LineSeries::new(points, color.stroke_width(2)))?
            .label(name.clone())
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 18, y)], color.stroke_width(2)));
    }
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::UpperLeft)
        .label_font(style())
        .background_style(WHITE)
        .border_style(RGBColor(215, 218, 226))
        .draw()?;
    area.present()?;
    Ok(())
}

/// Nines to the right, milliseconds upwards; every nine in twenty steps.
fn curve(latencies: &Latencies) -> Vec<(f64, f64)> {
    let steps = (0..=80).map(|step| f64::from(step) / 20.0);
    let at = |nines: f64| {
        let microseconds = latencies.quantile_us(1.0 - 10_f64.powf(-nines));
        (nines, f64::from(u32::try_from(microseconds).unwrap_or(u32::MAX)) / 1_000.0)
    };
    steps.map(at).collect()
}

/// `99.9 %` for three nines.
fn share(nines: f64) -> String {
    let decimals = if nines > 2.5 { usize::from(nines > 3.5) + 1 } else { 0 };
    format!("{:.decimals$}%", 100.0 - 100.0 * 10_f64.powf(-nines))
}

fn short(milliseconds: f64) -> String {
    let decimals = if milliseconds < 1.0 { 2 } else { 0 };
    format!("{milliseconds:.decimals$}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_curve_is_drawn_with_its_name() {
        let latencies = Latencies::of_counts(&[(900, 50), (4_000, 40), (70_000, 10)]);
        let svg = draw(&[("平台".to_owned(), latencies.clone()), ("引擎".to_owned(), latencies)]).unwrap();
        assert!(svg.starts_with("<svg") && svg.trim_end().ends_with("</svg>"));
        assert!(svg.contains("平台") && svg.contains("引擎") && svg.contains("99.99%"));
        assert_eq!(share(1.0), "90%");
    }

    #[test]
    fn nothing_measured_is_a_picture_too() {
        assert!(draw(&[("空".to_owned(), Latencies::default())]).is_ok());
    }
}
