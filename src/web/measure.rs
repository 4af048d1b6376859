//! Floor 8 · `web/measure`: counts every request by route, method and status, and how long it took until its answer began.

use std::time::Instant;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::{Error, web};

use super::context::Context;

/// Lets a request pass, and counts it.
///
/// # Errors
/// Those of what is behind it.
pub async fn measure<B: MessageBody>(request: ServiceRequest, next: Next<B>) -> Result<ServiceResponse<B>, Error> {
    let began = Instant::now();
    let metrics = request.app_data::<web::Data<Context>>().map(|context| context.metrics.clone());
    // As the router sees it, so without what needed no percent sign: `/%6detrics` is `/metrics` for both.
    let route = request.resource_map().match_pattern(request.match_info().as_str());
    let method = request.method().clone();
    let answered = next.call(request).await;
    if let Some(metrics) = metrics {
        let status = match &answered {
            Ok(answer) => answer.status(),
            Err(error) => error.as_response_error().status_code(),
        };
        metrics.http.answered(route, method.as_str(), status.as_u16(), began.elapsed());
    }
    answered
}
