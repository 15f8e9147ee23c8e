//! Curves of a report (曲线): what happened a day or an hour, as SVG, with the outage behind it; once for a desk, once for a telephone.

#![expect(clippy::float_arithmetic, reason = "places in a picture")]

use anyhow::anyhow;
use jiff::ToSpan;
use jiff::civil::DateTime;
use plotters::prelude::*;

const FONTS: &str = "Noto Sans CJK SC, Source Han Sans SC, Microsoft YaHei, PingFang SC, sans-serif";
const INK: RGBColor = RGBColor(31, 35, 48);
const CLOSED: RGBColor = RGBColor(253, 236, 234);
const GRID: RGBColor = RGBColor(228, 230, 236);
/// Width, height, and how many dates stand below, for a desk and for a telephone.
const DESK: (u32, u32, usize) = (920, 300, 10);
const TELEPHONE: (u32, u32, usize) = (380, 260, 4);
/// By their order.
pub(super) const COLORS: [(&str, RGBColor); 7] = [
    ("#1b5eaa", RGBColor(27, 94, 170)),
    ("#c86e14", RGBColor(200, 110, 20)),
    ("#28824f", RGBColor(40, 130, 79)),
    ("#963278", RGBColor(150, 50, 120)),
    ("#1d2733", RGBColor(29, 39, 51)),
    ("#0a8a9a", RGBColor(10, 138, 154)),
    ("#8a6d00", RGBColor(138, 109, 0)),
];

/// One line: its name and its values by time.
pub(super) struct Line {
    pub name: String,
    pub points: Vec<(DateTime, u64)>,
}

/// A picture.
pub(super) struct Curve {
    pub name: &'static str,
    pub note: String,
    pub wide: String,
    pub narrow: String,
    pub legend: Vec<(String, &'static str)>,
}

/// Draws lines over the time from `span.0` to `span.1`; `closed` is shaded.
pub(super) fn draw(
    name: &'static str,
    note: String,
    lines: &[Line],
    span: (DateTime, DateTime),
    closed: (DateTime, DateTime),
) -> anyhow::Result<Curve> {
    let picture = |size| picture(lines, span, closed, size).map_err(|error| anyhow!("画曲线“{name}”：{error}"));
    let legend =
        lines.iter().zip(COLORS.iter().cycle()).map(|(line, (color, _))| (line.name.clone(), *color)).collect();
    Ok(Curve { name, note, wide: picture(DESK)?, narrow: picture(TELEPHONE)?, legend })
}

fn picture(
    lines: &[Line],
    span: (DateTime, DateTime),
    closed: (DateTime, DateTime),
    (width, height, dates): (u32, u32, usize),
) -> Result<String, Box<dyn std::error::Error>> {
    let days = |at: DateTime| place(at.duration_since(span.0).as_secs()) / 86_400.0;
    let most = lines.iter().flat_map(|line| line.points.iter().map(|(_, value)| *value)).max().unwrap_or(0).max(4);
    let most = place(i64::try_from(most).unwrap_or(i64::MAX));
    let end = days(span.1).max(1.0);
    let mut svg = String::new();
    {
        let area = SVGBackend::with_string(&mut svg, (width, height)).into_drawing_area();
        let style = || (FONTS, 13).into_font().color(&INK);
        let mut chart = ChartBuilder::on(&area)
            .margin(8)
            .margin_right(20)
            .x_label_area_size(28)
            .y_label_area_size(58)
            .build_cartesian_2d(0.0..end, 0.0..most * 1.05)?;
        let shade = [(days(closed.0).clamp(0.0, end), 0.0), (days(closed.1).clamp(0.0, end), most * 1.05)];
        chart.draw_series(std::iter::once(Rectangle::new(shade, CLOSED.filled())))?;
        chart
            .configure_mesh()
            .x_labels(dates)
            .y_labels(5)
            .max_light_lines(0)
            .x_label_formatter(&|day| date(span.0, *day))
            .y_label_formatter(&|value| count(*value))
            .label_style(style())
            .bold_line_style(GRID)
            .draw()?;
        for (line, (_, color)) in lines.iter().zip(COLORS.iter().cycle()) {
            let points =
                line.points.iter().map(|(at, value)| (days(*at), place(i64::try_from(*value).unwrap_or(i64::MAX))));
            chart.draw_series(LineSeries::new(points, color.stroke_width(2)))?;
        }
        area.present()?;
    }
    Ok(svg)
}

/// `7月9日`, so many days after a moment.
fn date(begins: DateTime, days: f64) -> String {
    // A label stands at a whole day, or between two where the time is short.
    let at = begins.saturating_add((days * 86_400.0).round().to_string().parse::<i64>().unwrap_or(0).seconds());
    at.strftime("%-m月%-d日").to_string()
}

/// `3.2万` from ten thousand on.
fn count(value: f64) -> String {
    if value >= 10_000.0 { format!("{:.1}万", value / 10_000.0) } else { format!("{value:.0}") }
}

/// A number of seconds or things as a place: none of them comes near the limit.
fn place(value: i64) -> f64 {
    f64::from(i32::try_from(value).unwrap_or(i32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date as day;

    #[test]
    fn a_curve_has_its_dates_and_counts_and_no_line_is_needed() {
        let span = (day(2021, 7, 1).at(0, 0, 0, 0), day(2021, 7, 31).at(0, 0, 0, 0));
        let closed = (day(2021, 7, 9).at(20, 0, 0, 0), day(2021, 7, 16).at(0, 0, 0, 0));
        let points = vec![(span.0, 0), (closed.0, 12_000), (span.1, 40_000)];
        let lines = [Line { name: "等待".to_owned(), points }];
        let curve = draw("积压", String::new(), &lines, span, closed).unwrap();
        for svg in [&curve.wide, &curve.narrow] {
            assert!(svg.starts_with("<svg") && svg.contains("7月11日") && svg.contains("4.0万"), "{svg}");
        }
        assert_eq!(curve.legend, [("等待".to_owned(), COLORS[0].0)]);
        assert!(draw("空", String::new(), &[], span, closed).is_ok());
    }
}
