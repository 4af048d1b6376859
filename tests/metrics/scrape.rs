//! One reading of `/metrics`.

use std::collections::{BTreeMap, BTreeSet};

use super::common::House;

/// What was told, by name and labels as they are written.
pub struct Scrape {
    pub text: String,
    values: BTreeMap<String, f64>,
}

/// What `papo` tells now.
pub async fn scrape(papo: &House) -> Scrape {
    Scrape::read(papo.get("/metrics").go().await.is(200).text())
}

impl Scrape {
    pub fn read(text: String) -> Self {
        let lines = text.lines().filter(|line| !line.starts_with('#'));
        let value = |line: &str| line.rsplit_once(' ').map(|(name, value)| (name.to_owned(), value.parse().unwrap()));
        Self { values: lines.filter_map(value).collect(), text }
    }

    /// The value of `name{labels}`; 0 if it is not told, as of what has not happened yet.
    pub fn value(&self, name: &str) -> f64 {
        self.values.get(name).copied().unwrap_or_default()
    }

    /// All that is told, each with its labels.
    pub fn series(&self) -> BTreeSet<&str> {
        self.values.keys().map(String::as_str).collect()
    }

    /// Name and type of every metric.
    pub fn types(&self) -> BTreeMap<&str, &str> {
        self.text.lines().filter_map(|line| line.strip_prefix("# TYPE ")?.split_once(' ')).collect()
    }

    /// The names of the labels of `metric`, in their order.
    pub fn labels(&self, metric: &str) -> BTreeSet<String> {
        let of_metric = |series: &&String| {
            let name = series.split('{').next().unwrap();
            name == metric || ["_bucket", "_sum", "_count"].iter().any(|part| name.strip_suffix(part) == Some(metric))
        };
        let inside = self.values.keys().filter(of_metric).filter_map(|series| series.split_once('{'));
        let labels = inside.flat_map(|(_, labels)| labels.split("=\"").map(|part| part.rsplit(['"', ',', '}']).next().unwrap()));
        labels.filter(|label| !label.is_empty() && *label != "le").map(str::to_owned).collect()
    }
}

/// How much `name` has grown.
pub fn grown(before: &Scrape, after: &Scrape, name: &str) -> f64 {
    after.value(name) - before.value(name)
}
