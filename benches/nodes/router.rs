//! A router before cells, as small as one can be: it knows a tenant by the host name that was asked for, and his cell by a
//! table; requests and answers go through it whole.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Arc;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::load::read_answer;

/// Which cell a tenant's requests go to, by his host name.
pub type Table = HashMap<String, SocketAddr>;

/// Serves from a thread of its own, as long as the process lives.
pub fn start(table: Table) -> SocketAddr {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let address = listener.local_addr().unwrap();
    let table = Arc::new(table);
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async move {
            let listener = TcpListener::from_std(listener).unwrap();
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(forward(client, Arc::clone(&table)));
            }
        });
    });
    address
}

/// One connection of a client; it has one of its own to each cell that it has asked for.
async fn forward(mut client: TcpStream, table: Arc<Table>) {
    client.set_nodelay(true).unwrap();
    let mut cells: HashMap<SocketAddr, TcpStream> = HashMap::new();
    let (mut request, mut answer) = (Vec::new(), Vec::new());
    while let Some(host) = read_request(&mut client, &mut request).await {
        let Some(cell) = table.get(&host) else {
            let _ = client.write_all(b"HTTP/1.1 421 Misdirected Request\r\nContent-Length: 0\r\n\r\n").await;
            continue;
        };
        if !cells.contains_key(cell) {
            let stream = TcpStream::connect(cell).await.unwrap();
            stream.set_nodelay(true).unwrap();
            cells.insert(*cell, stream);
        }
        let stream = cells.get_mut(cell).unwrap();
        stream.write_all(&request).await.unwrap();
        read_answer(stream, &mut answer).await;
        if client.write_all(&answer).await.is_err() {
            return;
        }
    }
}

/// Reads a whole request; answers whose it is, or nothing at the connection's end.
async fn read_request(client: &mut TcpStream, request: &mut Vec<u8>) -> Option<String> {
    request.clear();
    loop {
        let count = client.read_buf(request).await.ok()?;
        if count == 0 {
            return None;
        }
        let Some(head) = request.windows(4).position(|four| four == b"\r\n\r\n") else { continue };
        let text = String::from_utf8_lossy(&request[..head]);
        let member = |wanted: &str| {
            let lines = text.lines().filter_map(|line| line.split_once(':'));
            let mut found = lines.filter(|(name, _)| name.eq_ignore_ascii_case(wanted));
            found.next().map(|(_, value)| value.trim().to_owned())
        };
        let length: usize = member("content-length").map_or(0, |length| length.parse().unwrap());
        if request.len() >= head + 4 + length {
            return member("host");
        }
    }
}
