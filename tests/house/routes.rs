//! The route table and its description: every route for programs is described, and nothing else is.

use std::collections::BTreeSet;

use serde_json::Value;

use super::source::House;

/// What browsers alone ask for: pages, and the files of the front end.
const FOR_BROWSERS: [&str; 9] =
    ["/", "/login", "/guest", "/register", "/rooms/{id}", "/numbers", "/api/docs", "/favicon.ico", "/assets/{build}/{path:.*}"];

/// `get /api/me` for each method of each row of a route table: `at("/api/me").get(account::get_me)`.
fn routed() -> BTreeSet<String> {
    let mut routes = BTreeSet::new();
    for source in House::read().sources {
        let code: String = source.code().into_iter().map(|(_, line)| line.trim().to_owned()).collect();
        for row in code.split("at(\"").skip(1) {
            let (path, rest) = row.split_once("\")").expect("an address ends");
            // The row ends with the call that it is an argument of.
            let mut depth = 0;
            let end = rest.find(|c| {
                depth += i32::from(c == '(') - i32::from(c == ')');
                depth < 0
            });
            let methods = rest[..end.unwrap_or(rest.len())].split('.').skip(1).filter_map(|call| call.split('(').next());
            let methods = methods.filter(|call| ["get", "post", "put", "patch", "delete"].contains(call));
            routes.extend(methods.filter(|_| !FOR_BROWSERS.contains(&path)).map(|method| format!("{method} {path}")));
        }
    }
    routes
}

fn described() -> BTreeSet<String> {
    let paths = papo::App::description()["paths"].as_object().expect("a description has paths");
    let of_path = |(path, item): (&String, &Value)| {
        let methods = item.as_object().expect("a path has methods").keys();
        methods.map(|method| format!("{method} {path}")).collect::<Vec<_>>()
    };
    paths.iter().flat_map(of_path).collect()
}

#[test]
fn every_route_for_programs_is_described_and_no_other() {
    let (routed, described) = (routed(), described());
    assert!(routed.len() >= 13, "the route table can be read: {routed:?}");
    let missing: Vec<_> = routed.difference(&described).collect();
    let extra: Vec<_> = described.difference(&routed).collect();
    assert!(
        missing.is_empty() && extra.is_empty(),
        "\nnot described: {missing:?}\ndescribed, and not routed: {extra:?}\nPut #[utoipa::path(…)] on the handler as its neighbours \
         have it and name it in `paths(…)` of src/web/openapi.rs (a page for browsers goes into FOR_BROWSERS of \
         tests/house/routes.rs).\n"
    );
}
