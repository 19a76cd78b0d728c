//! Events and results: one JSON object per line on standard output.

use std::io::Write;

use serde_json::Value;

/// Writes one line. `fields` is an object; the event's name is added to it.
pub fn emit(event: &str, mut fields: Value) {
    fields["event"] = event.into();
    let mut out = std::io::stdout().lock();
    // Nobody reads any more when this fails; the end of standard input ends the process then.
    let _ = writeln!(out, "{fields}");
}

/// Why a command failed. `status` is the relay's, by its name in the specification, where the library tells it.
#[derive(Debug)]
pub struct Failure {
    pub message: String,
    pub status: Option<&'static str>,
}

impl<E: std::fmt::Display> From<E> for Failure {
    fn from(error: E) -> Self {
        Failure { message: error.to_string(), status: None }
    }
}

impl Failure {
    /// The library's relay errors are private types deep inside others; only their debug form names them.
    pub fn of_relay(error: impl std::fmt::Debug) -> Self {
        let message = format!("{error:?}");
        let status = [
            ("NoReservation", "NO_RESERVATION"),
            ("ResourceLimitExceeded", "RESOURCE_LIMIT_EXCEEDED"),
            ("PermissionDenied", "PERMISSION_DENIED"),
            ("ConnectionFailed", "CONNECTION_FAILED"),
            ("Reservation(Refused)", "RESERVATION_REFUSED"),
        ]
        .into_iter()
        .find_map(|(name, status)| message.contains(name).then_some(status));
        Failure { message, status }
    }
}
