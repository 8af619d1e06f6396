//! Who works at the simulated business, who rings it, and on which line.

use crate::domain::phone::Phone;

/// An employee as the PBX knows him.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Employee {
    pub login: String,
    pub name: String,
}

/// Everybody in the play. No list may be empty: see [`Cast::new`].
#[derive(Clone, Debug)]
pub struct Cast {
    employees: Vec<Employee>,
    clients: Vec<Phone>,
    lines: Vec<Phone>,
}

/// One call's part of the cast, the employees in the order in which they are rung.
#[derive(Clone, Debug)]
pub struct Parts {
    pub client: Phone,
    pub line: Phone,
    pub employees: Vec<Employee>,
}

impl Cast {
    /// An empty list is filled with one sample of its kind.
    pub fn new(mut employees: Vec<Employee>, mut clients: Vec<Phone>, mut lines: Vec<Phone>) -> Self {
        if employees.is_empty() {
            employees.push(Employee { login: "anna".to_owned(), name: "Анна".to_owned() });
        }
        if clients.is_empty() {
            clients.push(Phone::from_stored("+79161234567"));
        }
        if lines.is_empty() {
            lines.push(Phone::from_stored("+74951234567"));
        }
        Self { employees, clients, lines }
    }

    pub fn employees(&self) -> &[Employee] {
        &self.employees
    }

    pub fn has_employee(&self, login: &str) -> bool {
        self.employees.iter().any(|employee| employee.login == login)
    }

    /// Who takes part in call number `turn`: everybody takes turns.
    pub fn parts(&self, turn: usize) -> Parts {
        let mut employees = self.employees.clone();
        employees.rotate_left(turn % self.employees.len());
        Parts {
            client: self.clients[turn % self.clients.len()].clone(),
            line: self.lines[turn % self.lines.len()].clone(),
            employees,
        }
    }

    /// The parts of a call that `login` makes to `client`.
    pub fn outgoing(&self, login: &str, client: Phone) -> Parts {
        let caller = self.employees.iter().filter(|employee| employee.login == login).cloned().collect();
        Parts { client, line: self.lines[0].clone(), employees: caller }
    }
}
