//! An outside system over real HTTP, as strict as its document: it keeps what it was asked and answers as it was told.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// One request as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// `POST /sys/crm_api.wcgp HTTP/1.1`
    pub line: String,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Asked {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(other, _)| other.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// The members of a form body, in order.
    pub fn form(&self) -> Vec<(String, String)> {
        serde_urlencoded::from_str(&self.body).expect("a form")
    }
}

/// What the peer does with a request.
#[derive(Clone, Debug)]
pub enum Reply {
    Whole {
        status: u16,
        content_type: &'static str,
        body: String,
    },
    Redirect {
        location: String,
    },
    /// A refusal that says when to come again.
    ComeAgain {
        status: u16,
        retry_after: String,
    },
    /// Promises so many bytes and sends none.
    Promise {
        length: u64,
    },
    /// Promises more than it sends, and hangs up.
    HangUpInMidBody,
    HangUp,
    Silence,
}

impl Reply {
    pub fn ok(body: &str) -> Self {
        Self::status(200, body)
    }

    pub fn status(status: u16, body: &str) -> Self {
        Self::Whole { status, content_type: "application/json", body: body.to_owned() }
    }

    pub fn html(body: &str) -> Self {
        Self::Whole { status: 200, content_type: "text/html", body: body.to_owned() }
    }
}

type Behaviour = dyn Fn(&Asked) -> Reply + Send + Sync;

/// Lives until the test ends.
pub struct FakePeer {
    pub address: SocketAddr,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl FakePeer {
    pub fn answering(behaviour: impl Fn(&Asked) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("an address");
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (kept, behaviour): (_, Arc<Behaviour>) = (Arc::clone(&asked), Arc::new(behaviour));
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (kept, behaviour) = (Arc::clone(&kept), Arc::clone(&behaviour));
                std::thread::spawn(move || converse(stream, &kept, &*behaviour));
            }
        });
        Self { address, asked }
    }

    pub fn always(reply: Reply) -> Self {
        Self::answering(move |_| reply.clone())
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Everything asked so far.
    pub fn asked(&self) -> Vec<Asked> {
        self.asked.lock().expect("no panic while it was held").clone()
    }
}

/// Answers in plain HTTP whatever it hears, TLS too.
pub fn deaf_to_tls() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    std::thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            let _ = stream.read(&mut [0; 2048]);
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
        }
    });
    address
}

fn converse(mut stream: TcpStream, kept: &Mutex<Vec<Asked>>, behaviour: &Behaviour) {
    let Some(asked) = read_request(&mut stream) else { return };
    kept.lock().expect("no panic while it was held").push(asked.clone());
    let answer = match behaviour(&asked) {
        Reply::Whole { status, content_type, body } => format!(
            "HTTP/1.1 {status} x\r\nContent-Type: {content_type}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
            body.len()
        ),
        Reply::Redirect { location } => {
            format!("HTTP/1.1 302 Found\r\nLocation: {location}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        }
        Reply::ComeAgain { status, retry_after } => format!(
            "HTTP/1.1 {status} x\r\nRetry-After: {retry_after}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        ),
        Reply::Promise { length } => {
            format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n")
        }
        Reply::HangUpInMidBody => "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n[{\"name\":".to_owned(),
        Reply::HangUp => String::new(),
        Reply::Silence => {
            std::thread::sleep(Duration::from_secs(30));
            String::new()
        }
    };
    let _ = stream.write_all(answer.as_bytes());
}

fn read_request(stream: &mut TcpStream) -> Option<Asked> {
    let mut bytes = Vec::new();
    let mut chunk = [0; 4096];
    loop {
        let read = stream.read(&mut chunk).ok().filter(|read| *read > 0)?;
        bytes.extend_from_slice(&chunk[..read]);
        let text = String::from_utf8_lossy(&bytes);
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let mut lines = head.lines();
        let line = lines.next()?.to_owned();
        let headers: Vec<(String, String)> =
            lines.filter_map(|line| line.split_once(": ")).map(|(n, v)| (n.to_owned(), v.to_owned())).collect();
        let asked = Asked { line, headers, body: body.to_owned() };
        let length = asked.header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
        if body.len() >= length {
            return Some(asked);
        }
    }
}
