//! The picture of a cutover (曲线): who came, six hours a bar, and how many wait, as a line.

use crate::played::{Care, Standing};
use jiff::ToSpan;
use jiff::civil::DateTime;
use plotters::prelude::*;
use yibao_domain::outage::Plan;

const FONTS: &str = "Noto Sans CJK SC, Source Han Sans SC, Microsoft YaHei, PingFang SC, sans-serif";
const BAR_HOURS: i64 = 6;
/// A picture for a wide page and one for a telephone: its class, size, and days between two labels.
const SIZES: [(&str, (u32, u32), i64); 2] = [("on-desk", (1080, 260), 2), ("on-telephone", (380, 230), 7)];
/// Days of a picture whose labels stand as far apart as above.
const LABELLED: i64 = 30;
const INK: RGBColor = RGBColor(91, 104, 117);
const GRID: RGBColor = RGBColor(228, 230, 236);
const AT_ONCE: RGBColor = RGBColor(143, 193, 160);
const MET: RGBColor = RGBColor(222, 138, 130);
const WAITING: RGBColor = RGBColor(29, 39, 51);
const STOPPED: RGBColor = RGBColor(253, 236, 234);

/// Counts of one bar.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
struct Bar {
    at_once: i64,
    met: i64,
    waiting: i64,
}

/// The pictures, as SVG with the class of the screen that each is for. What cannot be drawn is left out.
pub(super) fn draw(plan: &Plan, standing: &Standing) -> Vec<(&'static str, String)> {
    let bars = bars(standing);
    let drawn = SIZES.map(|(class, size, days)| {
        let mut svg = String::new();
        match picture(&mut svg, size, days, plan, standing, &bars) {
            Ok(()) => (class, svg),
            Err(error) => {
                tracing::error!(%error, "a curve was not drawn");
                (class, String::new())
            }
        }
    });
    drawn.to_vec()
}

/// The last moment of the picture. Once nothing new happens that is shown, it is the day on which nobody waited any more.
fn last_shown(standing: &Standing) -> DateTime {
    if standing.now <= standing.shown_until {
        return standing.shown_until;
    }
    let settled = |care: &Care| care.settled_at.filter(|_| care.waited()).map(|at| at.saturating_add(1.day()));
    let last = standing.cares.iter().filter_map(settled).max().unwrap_or(standing.shown_until);
    last.max(standing.shown_until)
}

fn bars(standing: &Standing) -> Vec<Bar> {
    let number = |at: DateTime| standing.begins.duration_until(at).as_hours().div_euclid(BAR_HOURS);
    let reached = usize::try_from(number(standing.now.min(last_shown(standing)))).unwrap_or(0) + 1;
    let mut bars = vec![Bar::default(); reached];
    let at = |moment: DateTime| usize::try_from(number(moment)).ok().filter(|number| *number < reached);
    for care in &standing.cares {
        match care.met_at {
            Some(met) => {
                if let Some(bar) = at(met) {
                    bars[bar].met += 1;
                }
            }
            None => {
                if let Some(bar) = at(care.at) {
                    bars[bar].at_once += 1;
                }
            }
        }
        if let (Some(from), true) = (care.met_at.and_then(at), care.waited()) {
            let until = care.settled_at.map_or(reached, |settled| at(settled).unwrap_or(reached));
            bars[from..until.max(from)].iter_mut().for_each(|bar| bar.waiting += 1);
        }
    }
    bars
}

/// Between two levels: 1, 2 or 5 and zeros, so that there are at most five of them.
fn step(most: i64) -> i64 {
    let rounds = (0..).map(|zeros| 10_i64.saturating_pow(zeros)).flat_map(|one| [one, 2 * one, 5 * one]);
    rounds.take_while(|step| *step < i64::MAX / 10).find(|step| most / step <= 5).unwrap_or(most)
}

fn picture(
    svg: &mut String,
    size: (u32, u32),
    days: i64,
    plan: &Plan,
    standing: &Standing,
    bars: &[Bar],
) -> Result<(), Box<dyn std::error::Error>> {
    let area = SVGBackend::with_string(svg, size).into_drawing_area();
    let place = |at: DateTime| standing.begins.duration_until(at).as_hours();
    let last = place(last_shown(standing)).max(BAR_HOURS);
    let most = bars.iter().map(|bar| (bar.at_once + bar.met).max(bar.waiting)).max().unwrap_or(0).max(10);
    let top = most + most / 8;
    let begins = 24 - i64::from(standing.begins.hour());
    // The labels keep their distance when the picture becomes longer.
    let days = days * (1 + (last - 1) / (LABELLED * 24));
    let mornings: Vec<i64> = (0..).map(|number| begins + number * days * 24).take_while(|hour| *hour < last).collect();
    let step = step(most);
    let levels: Vec<i64> = (0..).map(|number| number * step).take_while(|level| *level <= top).collect();
    let mut chart = ChartBuilder::on(&area)
        .margin(4)
        .x_label_area_size(24)
        .y_label_area_size(36)
        .build_cartesian_2d((0..last).with_key_points(mornings), (0..top).with_key_points(levels))?;
    let stopped = plan.window.reopens.expected().map_or(last, place);
    let window = [(place(plan.window.closes.at), 0), (stopped.min(last), top)];
    chart.draw_series([Rectangle::new(window, STOPPED.filled())])?;
    let day = |hour: &i64| {
        let at = standing.begins.saturating_add(hour.hours());
        at.strftime("%-m月%-d日").to_string()
    };
    chart
        .configure_mesh()
        .disable_x_mesh()
        .x_label_formatter(&day)
        .label_style((FONTS, 12).into_font().color(&INK))
        .bold_line_style(GRID)
        .axis_style(GRID)
        .draw()?;
    let span = |number: usize| {
        let from = i64::try_from(number).unwrap_or(0) * BAR_HOURS;
        (from, (from + BAR_HOURS - 1).min(last))
    };
    let at_once = bars.iter().enumerate().map(|(number, bar)| {
        let (from, to) = span(number);
        Rectangle::new([(from, 0), (to, bar.at_once)], AT_ONCE.filled())
    });
    chart.draw_series(at_once)?;
    let met = bars.iter().enumerate().map(|(number, bar)| {
        let (from, to) = span(number);
        Rectangle::new([(from, bar.at_once), (to, bar.at_once + bar.met)], MET.filled())
    });
    chart.draw_series(met)?;
    let line = bars.iter().enumerate().map(|(number, bar)| (span(number).1, bar.waiting));
    chart.draw_series(LineSeries::new(line, WAITING.stroke_width(2)))?;
    area.present()?;
    Ok(())
}
