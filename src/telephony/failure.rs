//! What can go wrong with any outside system: each has a code, says which system it was, and has one sentence. What only
//! one of them says stands in that one's file.

use reqwest::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::integration::Kind;
use crate::domain::reason::Reason;
use crate::error::Error;

/// The longest answer that is read.
pub const ANSWER_BYTES: usize = 1024 * 1024;

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, ToSchema)]
#[serde(tag = "code", content = "params", rename_all = "snake_case")]
pub enum Failure {
    #[error("{} cannot be reached: the address is not one of the web", name(.peer))]
    NotOfTheWeb { peer: Kind },
    #[error("{} cannot be reached: its host name is not known; check the address", name(.peer))]
    UnknownHost { peer: Kind },
    #[error("{} cannot be reached: nothing answers at that address and port", name(.peer))]
    NothingListens { peer: Kind },
    #[error(
        "{} cannot be reached: its certificate is not trusted, or what answers there does not speak HTTPS; check the \
         address", name(.peer)
    )]
    NotTrusted { peer: Kind },
    #[error("{} cannot be reached: the connection failed; check the address and the network", name(.peer))]
    NoConnection { peer: Kind },
    #[error(
        "{} cannot be reached: no connection came about in time; check the address and the network", name(.peer)
    )]
    ConnectTimedOut { peer: Kind },
    /// The request went out, and nothing came in time.
    #[error("{} did not answer in time; try again in a moment", name(.peer))]
    AnswerTimedOut { peer: Kind },
    /// The request went out, and the line was cut.
    #[error("{} cut the line before its answer was complete; try again", name(.peer))]
    BrokeOff { peer: Kind },
    #[error(
        "{} answered with more than {} KiB; check that the address is the one from its cabinet",
        name(.peer), ANSWER_BYTES / 1024
    )]
    AnswerTooLarge { peer: Kind },
    #[error("{}'s address leads elsewhere; {}", name(.peer), address_of(.peer))]
    LeadsElsewhere { peer: Kind },
    #[error("{} is asked too often; wait a minute and try again", name(.peer))]
    AskedTooOften { peer: Kind },
    #[error("{} has a fault of its own (HTTP {status}); try again in a moment", name(.peer))]
    OwnFault { peer: Kind, status: u16 },
    #[error("what answers at this address is not {}; {}", interface(.peer), address_of(.peer))]
    SomethingElse { peer: Kind },
    #[error("{} refused the request (HTTP {status}); {}", name(.peer), address_of(.peer))]
    RefusedByStatus { peer: Kind, status: u16 },
}

impl Failure {
    /// Of an answer that is none of this system's, by its status.
    pub fn of_status(peer: Kind, status: StatusCode) -> Self {
        let number = status.as_u16();
        match status {
            _ if status.is_redirection() => Self::LeadsElsewhere { peer },
            StatusCode::TOO_MANY_REQUESTS => Self::AskedTooOften { peer },
            _ if status.is_server_error() => Self::OwnFault { peer, status: number },
            _ if status.is_success() => Self::SomethingElse { peer },
            _ => Self::RefusedByStatus { peer, status: number },
        }
    }

    /// Whether the other side may have acted on the request.
    pub fn may_have_arrived(&self) -> bool {
        !matches!(
            self,
            Self::NotOfTheWeb { .. }
                | Self::UnknownHost { .. }
                | Self::NothingListens { .. }
                | Self::NotTrusted { .. }
                | Self::NoConnection { .. }
                | Self::ConnectTimedOut { .. }
        )
    }
}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Self {
        let reason = Reason::of(&failure);
        match failure {
            Failure::ConnectTimedOut { .. } | Failure::AnswerTimedOut { .. } => Self::PeerTimeout(reason),
            Failure::BrokeOff { .. } => Self::PeerUnreachable(reason),
            _ if failure.may_have_arrived() => Self::PeerRefused(reason),
            _ => Self::PeerUnreachable(reason),
        }
    }
}

/// The system in a sentence.
fn name(peer: &Kind) -> &'static str {
    match peer {
        Kind::CloudPbx => "the PBX",
        Kind::Sipsim => "SipSim",
        Kind::Uis => "UIS",
        Kind::Mango => "Mango",
    }
}

fn interface(peer: &Kind) -> &'static str {
    match peer {
        Kind::CloudPbx => "a Cloud PBX",
        Kind::Uis => "UIS's Call API",
        Kind::Sipsim | Kind::Mango => name(peer),
    }
}

/// Which address is the right one.
fn address_of(peer: &Kind) -> &'static str {
    match peer {
        Kind::CloudPbx => "copy the address again from the PBX cabinet, with https:// and /sys/crm_api.wcgp",
        Kind::Sipsim => "put in the address exactly as SipSim's technical service gave it",
        Kind::Uis => "put in the Call API's address, which ends in /v1",
        Kind::Mango => "check the address",
    }
}
