//! The picture of a plan: a bar a rule and a stage, from closing to reopening, over days. What waits for an event is
//! hatched to its expected end; what has no known end runs off the picture.

use super::printed::columns;
use super::words::{business_names, by_window, names, reopening};
use jiff::ToSpan;
use jiff::civil::{Date, DateTime};
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use yibao_domain::outage::{Disposition, Plan, Reopens, Rule, Stage, Window};

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
/// Room at the right for the words beside bars without a known end.
const RIGHT_OPEN: i32 = 320;
/// Pixels between hatching lines, and the length of an arrow.
const HATCH: i32 = 7;
const ARROW: i32 = 12;
const LEGEND: i32 = 26;

/// The windows of a plan as SVG.
pub(super) fn draw(plan: &Plan) -> anyhow::Result<String> {
    let rules = by_window(plan);
    let mut rows: Vec<Row> = rules.iter().map(|rule| Row::of_rule(rule, plan)).collect();
    rows.extend(plan.stages.iter().map(|stage| Row::of_stage(stage, plan)));
    let axis = Axis::of(plan);
    let mut dispositions: Vec<Disposition> = rules.iter().map(|rule| rule.disposition).collect();
    dispositions.sort();
    dispositions.dedup();

    let bottom = TOP + i32::try_from(rows.len())? * ROW;
    let legend_rows = i32::try_from(dispositions.len().div_ceil(3))?;
    let is_known = |row: &Row| row.window.as_ref().is_none_or(|window| window.reopens.moment().is_some());
    let width = LEFT + axis.width + if rows.iter().all(is_known) { RIGHT } else { RIGHT_OPEN };
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
        let until = match &plan.window.reopens {
            Reopens::At(_) => format!("至 {}", reopening(&plan.window.reopens)),
            Reopens::Awaits { .. } | Reopens::Never => format!("起，{}", reopening(&plan.window.reopens)),
        };
        let closes = plan.window.closes.strftime("%Y-%m-%d %H:%M");
        let whole = format!("{}  ·  停机 {closes} {until}（北京时间）", plan.issuer);
        text(&whole, (16, 52), 13, GREY, HPos::Left)?;

        let main = [(axis.x(plan.window.closes.at), TOP), (axis.end(&plan.window.reopens), bottom)];
        area.draw(&Rectangle::new(main, RGBColor(243, 244, 248).filled()))?;
        for date in axis.marked_days() {
            let x = axis.x(date.at(0, 0, 0, 0));
            area.draw(&PathElement::new([(x, TOP - 22), (x, bottom)], RGBColor(215, 218, 226)))?;
            text(&date.strftime("%m-%d").to_string(), (x + 4, TOP - 16), 12, INK, HPos::Left)?;
        }
        for (number, row) in (0..).zip(&rows) {
            let middle = TOP + number * ROW + ROW / 2;
            text(&row.label, (LEFT - 10, middle), 13, INK, HPos::Right)?;
            let Some(window) = &row.window else {
                text("不停办", (axis.x(plan.window.closes.at) + 6, middle), 12, row.color, HPos::Left)?;
                continue;
            };
            let (from, to) = (axis.x(window.closes.at), axis.end(&window.reopens));
            let bar = Bar { from, to, top: middle - BAR / 2, bottom: middle + BAR / 2, color: row.color };
            let times = format!("{} → {}", window.closes.strftime("%m-%d %H:%M"), short(&window.reopens));
            match window.reopens {
                Reopens::At(_) => {
                    bar.draw_whole(&area)?;
                    text(&times, ((from + to) / 2, middle), 11, WHITE, HPos::Center)?;
                }
                Reopens::Awaits { expected: Some(_), .. } => {
                    bar.draw_hatched(&area)?;
                    text(&times, (to + 6, middle), 11, row.color, HPos::Left)?;
                }
                Reopens::Awaits { expected: None, .. } | Reopens::Never => {
                    bar.draw_hatched(&area)?;
                    bar.draw_arrow(&area)?;
                    text(&times, (to + ARROW + 6, middle), 11, row.color, HPos::Left)?;
                }
            }
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

/// A row of the picture.
struct Row {
    label: String,
    /// None: it does not close.
    window: Option<Window>,
    color: RGBColor,
}

impl Row {
    fn of_rule(rule: &Rule, plan: &Plan) -> Row {
        let label = label(&business_names(rule, plan), &plan.whom(&rule.scope));
        Row { label, window: rule.window.clone(), color: color(rule.disposition) }
    }

    /// A stage closes with the plan and comes back by itself.
    fn of_stage(stage: &Stage, plan: &Plan) -> Row {
        let names = names(&stage.businesses, plan);
        let names = if names.is_empty() { "停办的各项业务" } else { &names };
        let window = Window { closes: plan.window.closes, reopens: stage.reopens.clone() };
        Row { label: label(&format!("分批：{names}"), &plan.whom(&stage.scope)), window: Some(window), color: GREY }
    }
}

/// A bar on the picture, in pixels.
struct Bar {
    from: i32,
    to: i32,
    top: i32,
    bottom: i32,
    color: RGBColor,
}

type Area<'a> = DrawingArea<SVGBackend<'a>, plotters::coord::Shift>;

impl Bar {
    fn draw_whole(&self, area: &Area<'_>) -> anyhow::Result<()> {
        let corners = [(self.from, self.top), (self.to, self.bottom)];
        Ok(area.draw(&Rectangle::new(corners, self.color.filled()))?)
    }

    /// Diagonal lines in a frame.
    fn draw_hatched(&self, area: &Area<'_>) -> anyhow::Result<()> {
        area.draw(&Rectangle::new([(self.from, self.top), (self.to, self.bottom)], self.color))?;
        let height = self.bottom - self.top;
        let mut x = self.from - height;
        while x < self.to {
            let (left, right) = (x.max(self.from), (x + height).min(self.to));
            if left < right {
                let line = [(left, self.bottom - (left - x)), (right, self.bottom - (right - x))];
                area.draw(&PathElement::new(line, self.color))?;
            }
            x += HATCH;
        }
        Ok(())
    }

    /// It goes on.
    fn draw_arrow(&self, area: &Area<'_>) -> anyhow::Result<()> {
        let tip = (self.to + ARROW, (self.top + self.bottom) / 2);
        let corners = vec![(self.to, self.top), tip, (self.to, self.bottom)];
        Ok(area.draw(&Polygon::new(corners, self.color.filled()))?)
    }
}

/// A reopening without its year, to stand in or beside a bar.
fn short(reopens: &Reopens) -> String {
    match reopens {
        Reopens::At(_) => reopening(reopens)[5..].to_owned(),
        Reopens::Awaits { .. } | Reopens::Never => reopening(reopens),
    }
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
        let ends = windows.clone().map(|window| &window.reopens).chain(plan.stages.iter().map(|stage| &stage.reopens));
        let ends = ends.filter_map(Reopens::expected);
        let moments: Vec<DateTime> = windows.map(|window| window.closes.at).chain(ends).collect();
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

    /// Where a bar ends: at its reopening, at the expected one, or where the picture does.
    fn end(&self, reopens: &Reopens) -> i32 {
        reopens.expected().map_or(LEFT + self.width, |moment| self.x(moment))
    }

    fn x(&self, moment: DateTime) -> i32 {
        let minutes = moment.duration_since(self.first.at(0, 0, 0, 0)).as_mins();
        let pixels = minutes * i64::from(self.width) / (i64::from(self.days) * 24 * 60);
        LEFT + i32::try_from(pixels).unwrap_or(self.width)
    }
}

/// Businesses and whom they are for, cut to the space at the left.
fn label(names: &str, whom: &str) -> String {
    let scope = cut(whom, 30);
    let shown = cut(names, if scope.is_empty() { 56 } else { 54_usize.saturating_sub(columns(&scope)) });
    if scope.is_empty() { shown } else { format!("{shown}（{scope}）") }
}

/// As much of a text as has room.
fn cut(text: &str, room: usize) -> String {
    let mut shown = String::new();
    for c in text.chars() {
        if columns(&shown) + 2 > room {
            shown.push('…');
            break;
        }
        shown.push(c);
    }
    shown
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
        Disposition::NoRoute => RGBColor(69, 90, 100),
        Disposition::OnAccount => RGBColor(123, 31, 162),
        Disposition::CancelRecreate => RGBColor(191, 54, 12),
        Disposition::AgencyReimburses => RGBColor(13, 71, 161),
        Disposition::Deposit => RGBColor(0, 96, 100),
    }
}
