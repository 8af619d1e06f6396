//! Calls as a table: its columns, and the words in it.

use crate::domain::call::{CallState, Direction};
use crate::domain::sheet::Tongue;

/// What of a call a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    Began,
    Direction,
    State,
    Phone,
    Client,
    Company,
    Line,
    Source,
    Group,
    Person,
    Rang,
    Wait,
    Talk,
    Outcome,
    Note,
    Callid,
}

impl Column {
    pub const ALL: [Self; 16] = [
        Self::Began,
        Self::Direction,
        Self::State,
        Self::Phone,
        Self::Client,
        Self::Company,
        Self::Line,
        Self::Source,
        Self::Group,
        Self::Person,
        Self::Rang,
        Self::Wait,
        Self::Talk,
        Self::Outcome,
        Self::Note,
        Self::Callid,
    ];

    /// What stands over it.
    pub fn title(self, tongue: Tongue) -> &'static str {
        let (ru, en) = match self {
            Self::Began => ("Начало", "Began"),
            Self::Direction => ("Направление", "Direction"),
            Self::State => ("Чем кончился", "State"),
            Self::Phone => ("Номер", "Phone"),
            Self::Client => ("Клиент", "Client"),
            Self::Company => ("Компания", "Company"),
            Self::Line => ("Наш номер", "Our number"),
            Self::Source => ("Источник", "Source"),
            Self::Group => ("Группа", "Group"),
            Self::Person => ("Сотрудник", "Person"),
            Self::Rang => ("Кому звонило", "Rang at"),
            Self::Wait => ("Ожидание, с", "Wait, s"),
            Self::Talk => ("Разговор, с", "Talk, s"),
            Self::Outcome => ("Итог", "Outcome"),
            Self::Note => ("Заметка", "Note"),
            Self::Callid => ("Звонок в АТС", "Call id"),
        };
        tongue.of(ru, en)
    }
}

pub fn direction(tongue: Tongue, direction: Direction) -> &'static str {
    match direction {
        Direction::In => tongue.of("входящий", "in"),
        Direction::Out => tongue.of("исходящий", "out"),
    }
}

pub fn state(tongue: Tongue, state: CallState) -> &'static str {
    let ru = match state {
        CallState::Requested => "набирается",
        CallState::Ringing => "звонит",
        CallState::Talking => "разговор",
        CallState::Answered => "состоялся",
        CallState::Missed => "пропущен",
        CallState::Cancelled => "не дозвонились",
        CallState::Busy => "занято",
        CallState::Unavailable => "недоступен",
        CallState::Forbidden => "запрещён",
        CallState::NotFound => "нет такого номера",
        CallState::Failed => "не удался",
    };
    tongue.of(ru, state.as_str())
}
