//! The picture of a plan: a bar a rule, from closing to reopening, over days.

use super::columns;
use super::timeline::{business_names, by_window, short_name};
use jiff::ToSpan;
use jiff::civil::{Date, DateTime};
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use yibao_domain::outage::{Disposition, Plan, Reopens, Rule, Window, moment_name};

const FONTS: &str = "Noto Sans CJK SC, Source Han Sans SC, Microsoft YaHei, PingFang SC, sans-serif";
const LEFT: i32 = 420;
const TOP: i32 = 96;
const ROW: i32 = 30;
const BAR: i32 = 18;
/// The widest that a day and all days together become, and the room that a date needs.
const DAY_MAX: i32 = 64;
const AXIS_MAX: i32 = 1600;
const DATE: i32 = 44;
const RIGHT: i32 = 40;
const LEGEND: i32 = 26;

/// The windows of a plan as SVG.
pub(super) fn draw(plan: &Plan) -> anyhow::Result<String> {
    let rules = by_window(plan);
    let axis = Axis::of(plan);
    let mut dispositions: Vec<Disposition> = rules.iter().map(|rule| rule.disposition).collect();
    dispositions.sort();
    dispositions.dedup();

    let rows = i32::try_from(rules.len())?;
    let bottom = TOP + rows * ROW;
    let legend_rows = i32::try_from(dispositions.len().div_ceil(3))?;
    let width = LEFT + axis.width + RIGHT;
    let height = bottom + 24 + legend_rows * LEGEND + 16;
    let mut svg = String::new();
    {
        let size = (u32::try_from(width)?, u32::try_from(height)?);
        let area = SVGBackend::with_string(&mut svg, size).into_drawing_area();
        area.fill(&WHITE)?;
        let text = |text: &str, at: (i32, i32), size: i32, color: RGBColor, anchor: HPos| {
            let style = (FONTS, size).into_font().color(&color).pos(Pos::new(anchor, VPos::Center));
            area.draw_text(text, &style, at)
        };
        text(&plan.title, (16, 26), 20, INK, HPos::Left)?;
        let whole = (plan.window.closes.strftime("%Y-%m-%d %H:%M"), short_name(&plan.window.reopens));
        text(
            &format!("{}  ·  停机 {} 至 {}(北京时间)", plan.issuer, whole.0, whole.1),
            (16, 52),
            13,
            GREY,
            HPos::Left,
        )?;

        let main = [(axis.x(plan.window.closes), TOP), (axis.end(&plan.window.reopens), bottom)];
        area.draw(&Rectangle::new(main, RGBColor(243, 244, 248).filled()))?;
        for date in axis.marked_days() {
            let x = axis.x(date.at(0, 0, 0, 0));
            area.draw(&PathElement::new([(x, TOP - 22), (x, bottom)], RGBColor(215, 218, 226)))?;
            text(&date.strftime("%m-%d").to_string(), (x + 4, TOP - 16), 12, INK, HPos::Left)?;
        }
        for (row, rule) in (0..).zip(&rules) {
            let middle = TOP + row * ROW + ROW / 2;
            text(&label(rule, plan), (LEFT - 10, middle), 13, INK, HPos::Right)?;
            let Some(window) = &rule.window else {
                text("不停办", (axis.x(plan.window.closes) + 6, middle), 12, color(rule.disposition), HPos::Left)?;
                continue;
            };
            let (from, to) = (axis.x(window.closes), axis.end(&window.reopens));
            let bar = [(from, middle - BAR / 2), (to, middle + BAR / 2)];
            area.draw(&Rectangle::new(bar, color(rule.disposition).filled()))?;
            let until = match window.reopens.moment() {
                Some(moment) => moment_name(moment)[5..].to_owned(),
                None => window.reopens.name(),
            };
            let times = format!("{} → {until}", window.closes.strftime("%m-%d %H:%M"));
            text(&times, ((from + to) / 2, middle), 11, WHITE, HPos::Center)?;
        }
        for (index, disposition) in (0..).zip(&dispositions) {
            let (x, y) = (16 + (index % 3) * ((width - 32) / 3), bottom + 32 + (index / 3) * LEGEND);
            area.draw(&Rectangle::new([(x, y - 6), (x + 18, y + 6)], color(*disposition).filled()))?;
            text(disposition.name(), (x + 26, y), 12, INK, HPos::Left)?;
        }
        area.present()?;
    }
    Ok(svg)
}

const INK: RGBColor = RGBColor(31, 35, 48);
const GREY: RGBColor = RGBColor(100, 106, 122);

/// Days from left to right.
struct Axis {
    first: Date,
    days: i32,
    width: i32,
}

impl Axis {
    /// From a day before the first closing to a day after the last reopening.
    fn of(plan: &Plan) -> Axis {
        let windows = plan.rules.iter().filter_map(|rule| rule.window.as_ref()).chain([&plan.window]);
        let ends = |window: &Window| [Some(window.closes), window.reopens.expected()];
        let moments: Vec<DateTime> = windows.flat_map(ends).flatten().collect();
        let first = moments.iter().min().map_or(plan.issued, |moment| moment.date()).saturating_sub(1.day());
        let last = moments.iter().max().map_or(plan.issued, |moment| moment.date()).saturating_add(1.day());
        let days = i32::try_from(last.duration_since(first).as_hours() / 24).map_or(1, |days| days.max(1));
        Axis { first, days, width: days.saturating_mul(DAY_MAX).min(AXIS_MAX) }
    }

    /// The days that get a line and a date: all of them, or as many as there is room for.
    fn marked_days(&self) -> impl Iterator<Item = Date> {
        let step = (self.days / (self.width / DATE).max(1) + i32::from(self.width / self.days < DATE)).max(1);
        let first = self.first;
        let step = usize::try_from(step).unwrap_or(1);
        (0..self.days).step_by(step).map(move |day| first.saturating_add(i64::from(day).days()))
    }

    /// Where a window ends; one without a known end reaches to the last day.
    fn end(&self, reopens: &Reopens) -> i32 {
        reopens.moment().map_or(LEFT + self.width, |moment| self.x(moment))
    }

    fn x(&self, moment: DateTime) -> i32 {
        let minutes = moment.duration_since(self.first.at(0, 0, 0, 0)).as_mins();
        let pixels = minutes * i64::from(self.width) / (i64::from(self.days) * 24 * 60);
        LEFT + i32::try_from(pixels).unwrap_or(self.width)
    }
}

/// Businesses and scope of a rule, cut to the space at the left.
fn label(rule: &Rule, plan: &Plan) -> String {
    let scope = rule.scope.name();
    let names = business_names(rule, plan);
    let room = if scope.is_empty() { 56 } else { 54 - columns(&scope) };
    let mut shown = String::new();
    for c in names.chars() {
        if columns(&shown) + 2 > room {
            shown.push('…');
            break;
        }
        shown.push(c);
    }
    if scope.is_empty() { shown } else { format!("{shown}({scope})") }
}

/// A colour a disposition, dark enough for white letters.
fn color(disposition: Disposition) -> RGBColor {
    match disposition {
        Disposition::Open => RGBColor(46, 125, 50),
        Disposition::Refuse => RGBColor(183, 28, 28),
        Disposition::CashReenter => RGBColor(2, 119, 189),
        Disposition::CashClaim => RGBColor(40, 53, 147),
        Disposition::RegisterLater => RGBColor(0, 105, 92),
        Disposition::DeferSettlement => RGBColor(106, 27, 154),
        Disposition::ConvertSelfPay => RGBColor(230, 81, 0),
        Disposition::AdmitOnStatement => RGBColor(158, 90, 0),
        Disposition::DispenseAhead => RGBColor(85, 110, 20),
        Disposition::PaperCertificate => RGBColor(93, 64, 55),
        Disposition::RejectRefund => RGBColor(136, 14, 79),
        Disposition::OnAccount => RGBColor(0, 96, 100),
        Disposition::CancelRecreate => RGBColor(191, 54, 12),
        Disposition::AgencyReimburses => RGBColor(26, 90, 150),
        Disposition::Deposit => RGBColor(120, 80, 0),
        Disposition::NoRoute => RGBColor(69, 90, 100),
    }
}
