//! Floor 9 · `load`: one plot of a report, as SVG. Its colours are names: the page says what they look like, light and dark.

use std::error::Error;
use std::ops::Range;

use plotters::coord::ranged1d::{AsRangedCoord, Ranged, ValueFormatter};
use plotters::prelude::*;

/// Size of a plot; the page scales it.
const SIZE: (u32, u32) = (900, 240);
/// Points of a line: more are narrower than a pixel.
const POINTS_MAX: usize = 450;
/// Room for the labels of the axes.
const LABELS_LEFT: u32 = 76;
const LABELS_BELOW: u32 = 30;
const TEXT: u32 = 17;

/// The names of colours. `templates/load-report.html` has them, too.
const INK: RGBColor = RGBColor(0, 0, 1);
const GRID: RGBColor = RGBColor(0, 0, 2);
const RUN: RGBColor = RGBColor(0, 0, 3);
const LINES: [RGBColor; 3] = [RGBColor(1, 0, 0), RGBColor(1, 0, 1), RGBColor(1, 0, 2)];

/// A line of a plot: where it is in which second; it has gaps where nothing is known.
pub type Line = Vec<(f64, Option<f64>)>;

/// What a plot shows.
pub struct Plot {
    /// At most three.
    pub lines: Vec<Line>,
    /// Whether steps of ten are equally far from each other.
    pub logarithmic: bool,
    /// How a value is written.
    pub written: fn(f64) -> String,
    /// The seconds in which messages were sent, of all.
    pub run: Range<f64>,
    pub seconds: f64,
}

impl Plot {
    /// It as SVG; `None` if there is nothing to show.
    pub fn svg(&self) -> Option<String> {
        let lines: Vec<Line> = self.lines.iter().map(|line| thinned(line)).collect();
        let values = || lines.iter().flatten().filter_map(|(_, value)| *value);
        values().next()?;
        let max = values().fold(0.0, f64::max);
        let min = values().fold(f64::INFINITY, f64::min);
        let mut svg = String::new();
        let drawn = if self.logarithmic {
            let range = decade_below(min)..decade_below(max) * 10.0;
            self.draw(&mut svg, range.clone().log_scale(), range, &lines)
        } else {
            let range = 0.0..if max > 0.0 { max * 1.1 } else { 1.0 };
            self.draw(&mut svg, range.clone(), range, &lines)
        };
        drawn.expect("a plot into a text cannot fail");
        Some(svg)
    }

    fn draw<Y>(&self, svg: &mut String, y: Y, range: Range<f64>, lines: &[Line]) -> Result<(), Box<dyn Error>>
    where
        Y: AsRangedCoord<Value = f64>,
        Y::CoordDescType: Ranged<ValueType = f64> + ValueFormatter<f64>,
    {
        let root = SVGBackend::with_string(svg, SIZE).into_drawing_area();
        let mut chart = ChartBuilder::on(&root)
            .margin(8)
            .margin_right(16)
            .set_label_area_size(LabelAreaPosition::Left, LABELS_LEFT)
            .set_label_area_size(LabelAreaPosition::Bottom, LABELS_BELOW)
            .build_cartesian_2d(0.0..self.seconds.max(1.0), y)?;
        let run = [(self.run.start, range.start), (self.run.end, range.end)];
        chart.draw_series([Rectangle::new(run, RUN.filled())])?;
        let text = ("sans-serif", TEXT).into_font().color(&INK);
        chart
            .configure_mesh()
            .disable_x_mesh()
            .light_line_style(TRANSPARENT)
            .bold_line_style(GRID)
            .axis_style(GRID)
            .label_style(text)
            .x_labels(8)
            .y_labels(5)
            .x_label_formatter(&|second| format!("{second:.0} s"))
            .y_label_formatter(&|value| (self.written)(*value))
            .draw()?;
        for (line, color) in lines.iter().zip(LINES) {
            let style = color.stroke_width(2);
            for part in line.split(|(_, value)| value.is_none()).filter(|part| !part.is_empty()) {
                let points: Vec<(f64, f64)> = part.iter().filter_map(|(at, value)| Some((*at, (*value)?))).collect();
                // A line of one point cannot be seen.
                match points[..] {
                    [alone] => chart.draw_series([Circle::new(alone, 3, color.filled())])?,
                    _ => chart.draw_series(LineSeries::new(points, style))?,
                };
            }
        }
        root.present()?;
        Ok(())
    }
}

/// `line` with at most [`POINTS_MAX`] points: of several that lie side by side, the highest.
fn thinned(line: &[(f64, Option<f64>)]) -> Line {
    let width = line.len().div_ceil(POINTS_MAX).max(1);
    line.chunks(width)
        .map(|side_by_side| {
            let highest = side_by_side.iter().filter_map(|(_, value)| *value).reduce(f64::max);
            (side_by_side[0].0, highest)
        })
        .collect()
}

fn decade_below(value: f64) -> f64 {
    10_f64.powf(value.max(1.0).log10().floor())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plot(values: &[Option<f64>], logarithmic: bool) -> Option<String> {
        let line = (1..).map(f64::from).zip(values.iter().copied()).collect();
        let seconds = 5.0;
        Plot { lines: vec![line], logarithmic, written: |value| format!("{value} things"), run: 1.0..3.0, seconds }.svg()
    }

    #[test]
    fn what_is_known_is_drawn_and_gaps_are_left() {
        for logarithmic in [false, true] {
            let svg = plot(&[Some(10.0), Some(200.0), None, Some(30.0)], logarithmic).unwrap();
            assert!(svg.starts_with("<svg") && svg.trim_end().ends_with("</svg>"), "{svg}");
            let of_the_line: Vec<&str> = svg.lines().filter(|tag| tag.contains("#010000")).collect();
            assert!(of_the_line[0].starts_with("<polyline") && of_the_line[1].starts_with("<circle"), "{of_the_line:?}");
            assert_eq!((of_the_line.len(), svg.contains(" things")), (2, true), "{svg}");
        }
        assert_eq!(plot(&[None, None], false), None);
        assert!(plot(&[Some(0.0)], false).is_some() && plot(&[Some(0.0)], true).is_some());
    }

    #[test]
    fn of_a_long_test_the_peaks_are_kept() {
        let mut line: Line = (0..10_000).map(|at| (f64::from(at), Some(1.0))).collect();
        line[777].1 = Some(9.0);
        let thinned = thinned(&line);
        assert!(thinned.len() <= POINTS_MAX && thinned.iter().filter(|(_, value)| *value == Some(9.0)).count() == 1);
        assert_eq!(super::thinned(&[(1.0, None), (2.0, Some(3.0))]), [(1.0, None), (2.0, Some(3.0))]);
    }
}
