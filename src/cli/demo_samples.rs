//! The made-up business that the demo shows: its people, its numbers, its clients.

use crate::app::clients::draft::ContactPatch;
use crate::domain::contact::{ContactKind, ContactPhone};
use crate::domain::user::Role;

/// Somebody who signs in, and who has the line of the same name at the PBX.
pub struct Person {
    pub login: &'static str,
    pub name: &'static str,
    pub role: Role,
    pub sipsim_number: &'static str,
    pub uis_number: &'static str,
}

pub const PEOPLE: [Person; 3] = [
    Person {
        login: "admin",
        name: "Дарья Иванова",
        role: Role::Admin,
        sipsim_number: "+375291111111",
        uis_number: "+79164572521",
    },
    Person {
        login: "anna",
        name: "Анна Смирнова",
        role: Role::Manager,
        sipsim_number: "+375291111112",
        uis_number: "+79164572522",
    },
    Person {
        login: "boris",
        name: "Борис Орлов",
        role: Role::Operator,
        sipsim_number: "+375291111113",
        uis_number: "+79164572523",
    },
];

/// (number, label) of the business's own numbers.
pub const NUMBERS: [(&str, &str); 2] = [("+74951234567", "Авито"), ("+74951234568", "Сайт")];

/// Who rings that no contact knows.
pub const STRANGERS: [&str; 2] = ["+79990001122", "+79123456789"];

/// One client; `responsible` is a login.
pub struct Client {
    pub name: &'static str,
    pub company: &'static str,
    /// (number, label)
    pub phones: &'static [(&'static str, &'static str)],
    pub email: &'static str,
    pub note: &'static str,
    pub tags: &'static [&'static str],
    pub kind: ContactKind,
    pub responsible: Option<&'static str>,
    pub is_vip: bool,
    pub alert: &'static str,
}

/// The fourth and the fifth share a number.
pub const CLIENTS: [Client; 7] = [
    Client {
        name: "Иван Петров",
        company: "ООО «Ромашка»",
        phones: &[("+79161234567", "мобильный"), ("+74957654321", "офис")],
        email: "petrov@romashka.example",
        note: "Берёт по предоплате, просит счёт на почту.",
        tags: &["опт", "постоянный"],
        kind: ContactKind::Client,
        responsible: Some("anna"),
        is_vip: true,
        alert: "Сначала скажите о сроке доставки",
    },
    Client {
        name: "Мария Соколова",
        company: "ИП Соколова",
        phones: &[("+79035550111", "")],
        email: "",
        note: "Звонить после обеда.",
        tags: &["розница"],
        kind: ContactKind::Client,
        responsible: Some("boris"),
        is_vip: false,
        alert: "",
    },
    Client {
        name: "Алексей Кузнецов",
        company: "Стройдвор",
        phones: &[("+79263002010", "мобильный"), ("+78123334455", "склад"), ("+78005553535", "бухгалтерия")],
        email: "sklad@stroydvor.example",
        note: "",
        tags: &["опт"],
        kind: ContactKind::Client,
        responsible: Some("anna"),
        is_vip: false,
        alert: "",
    },
    Client {
        name: "Ольга Новикова",
        company: "Пекарня Новиковых",
        phones: &[("+79857771020", "общий")],
        email: "",
        note: "Заказывает муку.",
        tags: &["постоянный"],
        kind: ContactKind::Client,
        responsible: Some("boris"),
        is_vip: false,
        alert: "",
    },
    Client {
        name: "Сергей Новиков",
        company: "Пекарня Новиковых",
        phones: &[("+79857771020", "общий"), ("+79857771021", "личный")],
        email: "",
        note: "Отвечает за доставку.",
        tags: &[],
        kind: ContactKind::Client,
        responsible: None,
        is_vip: false,
        alert: "",
    },
    Client {
        name: "Тимур Ахметов",
        company: "ТОО «Алатау»",
        phones: &[("+77012223344", "")],
        email: "timur@alatau.example",
        note: "",
        tags: &["Казахстан"],
        kind: ContactKind::Client,
        responsible: Some("admin"),
        is_vip: false,
        alert: "",
    },
    Client {
        name: "Екатерина Лебедева",
        company: "",
        phones: &[("+79501112233", "")],
        email: "",
        note: "Спрашивала про доставку в субботу.",
        tags: &["новый"],
        kind: ContactKind::Lead,
        responsible: None,
        is_vip: false,
        alert: "",
    },
];

impl Client {
    /// `responsible` is the id that goes with the client's own.
    pub fn patch(&self, responsible: Option<String>) -> ContactPatch {
        let phone =
            |(number, label): &(&str, &str)| ContactPhone { number: (*number).to_owned(), label: (*label).to_owned() };
        ContactPatch {
            name: Some(self.name.to_owned()),
            company: Some(self.company.to_owned()),
            phones: Some(self.phones.iter().map(phone).collect()),
            email: Some(self.email.to_owned()),
            note: Some(self.note.to_owned()),
            tags: Some(self.tags.iter().map(|tag| (*tag).to_owned()).collect()),
            kind: Some(self.kind),
            responsible: Some(responsible),
            vip: Some(self.is_vip),
            alert: Some(self.alert.to_owned()),
        }
    }
}
