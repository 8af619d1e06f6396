//! How the program is set up: flags, each with its environment twin. Nothing else reads the environment.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;
use ipnet::IpNet;
use jiff::civil::Time;
use secrecy::{ExposeSecret, SecretString};

#[derive(Args, Clone, Debug)]
pub struct Config {
    /// Address and port to listen on
    #[arg(long, env = "RINGCARD_LISTEN", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,

    /// Where the database, the recordings and the key file live; created with mode 0700
    #[arg(long, env = "RINGCARD_DATA_DIR", default_value = "./data")]
    pub data_dir: PathBuf,

    /// sqlite:PATH or postgres://…; SQLite in the data directory when absent
    #[arg(long, env = "RINGCARD_DATABASE_URL", hide_env_values = true)]
    pub database_url: Option<SecretString>,

    /// Where the recordings are kept: a folder that all nodes share, or
    /// s3://KEY:SECRET@bucket/prefix?endpoint=https://…&region=…; recordings in the data directory when absent
    #[arg(long, env = "RINGCARD_RECORDINGS_URL", hide_env_values = true, value_parser = parse_recordings)]
    pub recordings_url: Option<RecordingsPlace>,

    /// The public address (https://crm.example.org): links, the webhook's address, cookies, origin check
    #[arg(long, env = "RINGCARD_BASE_URL", value_parser = parse_base_url)]
    pub base_url: Option<String>,

    /// PEM file with the certificate chain: serve HTTPS
    #[arg(long, env = "RINGCARD_TLS_CERT")]
    pub tls_cert: Option<PathBuf>,

    /// PEM file with the certificate's private key
    #[arg(long, env = "RINGCARD_TLS_KEY")]
    pub tls_key: Option<PathBuf>,

    /// Networks (10.0.0.0/8,192.168.1.7) whose X-Forwarded headers are believed
    #[arg(long, env = "RINGCARD_TRUSTED_PROXIES", value_delimiter = ',', value_parser = parse_network)]
    pub trusted_proxies: Vec<IpNet>,

    /// Encrypts the outside systems' secrets at rest; secret.key in the data directory when absent
    #[arg(long, env = "RINGCARD_SECRET_KEY_FILE")]
    pub secret_key_file: Option<PathBuf>,

    /// What to log, a tracing filter (info, ringcard=debug)
    #[arg(long, env = "RINGCARD_LOG", default_value = "info")]
    pub log: String,

    #[arg(long, env = "RINGCARD_LOG_FORMAT", default_value = "text", value_enum)]
    pub log_format: LogFormat,

    /// PEM file with more trusted roots for outgoing calls
    #[arg(long, env = "RINGCARD_EXTRA_CA_FILE")]
    pub extra_ca_file: Option<PathBuf>,

    /// Address and port where /metrics answers, to anybody who reaches it
    #[arg(long, env = "RINGCARD_METRICS_LISTEN")]
    pub metrics_listen: Option<SocketAddr>,

    /// Folder for backups that are made by themselves, best on another disk
    #[arg(long, env = "RINGCARD_BACKUP_DIR")]
    pub backup_dir: Option<PathBuf>,

    /// When they are made, each day: a time of the office's zone, else of this machine's
    #[arg(long, env = "RINGCARD_BACKUP_AT", default_value = "03:30", value_parser = parse_time)]
    pub backup_at: Time,

    /// How many of them are kept
    #[arg(long, env = "RINGCARD_BACKUP_KEEP", default_value_t = 14, value_parser = clap::value_parser!(u16).range(1..))]
    pub backup_keep: u16,

    /// Country (ISO 3166) of numbers written without a country code
    #[arg(long, env = "RINGCARD_DEFAULT_REGION", default_value = "RU", value_parser = parse_region)]
    pub default_region: String,

    /// The page that browsers keep for when this server cannot be reached; off: those that have it throw it away
    #[arg(long, env = "RINGCARD_OFFLINE_PAGE", default_value = "on", value_enum)]
    pub offline_page: Switch,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Switch {
    On,
    Off,
}

/// Where the recordings are kept.
#[derive(Clone, Debug)]
pub enum RecordingsPlace {
    Folder(PathBuf),
    Bucket(BucketAddress),
}

/// A bucket that speaks S3, and what opens it.
#[derive(Clone, Debug)]
pub struct BucketAddress {
    pub endpoint: url::Url,
    pub name: String,
    /// What the names of all files begin with; may be empty.
    pub prefix: String,
    pub region: String,
    pub key: String,
    pub secret: SecretString,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum LogFormat {
    Text,
    Json,
}

impl Config {
    /// Every setting by its environment name, secrets masked.
    pub fn masked(&self) -> Vec<(&'static str, String)> {
        let path =
            |path: &Option<PathBuf>| path.as_ref().map_or_else(|| "none".to_owned(), |path| path.display().to_string());
        let proxies: Vec<String> = self.trusted_proxies.iter().map(IpNet::to_string).collect();
        vec![
            ("RINGCARD_LISTEN", self.listen.to_string()),
            ("RINGCARD_DATA_DIR", self.data_dir.display().to_string()),
            ("RINGCARD_DATABASE_URL", self.masked_database_url()),
            ("RINGCARD_RECORDINGS_URL", self.masked_recordings_url()),
            ("RINGCARD_BASE_URL", self.base_url.clone().unwrap_or_else(|| "from the request".to_owned())),
            ("RINGCARD_TLS_CERT", path(&self.tls_cert)),
            ("RINGCARD_TLS_KEY", path(&self.tls_key)),
            ("RINGCARD_TRUSTED_PROXIES", if proxies.is_empty() { "none".to_owned() } else { proxies.join(",") }),
            ("RINGCARD_SECRET_KEY_FILE", self.secret_key_file().display().to_string()),
            ("RINGCARD_LOG", self.log.clone()),
            ("RINGCARD_LOG_FORMAT", format!("{:?}", self.log_format).to_lowercase()),
            ("RINGCARD_EXTRA_CA_FILE", path(&self.extra_ca_file)),
            ("RINGCARD_METRICS_LISTEN", self.metrics_listen.map_or_else(|| "none".to_owned(), |at| at.to_string())),
            ("RINGCARD_BACKUP_DIR", path(&self.backup_dir)),
            ("RINGCARD_BACKUP_AT", self.backup_at.strftime("%H:%M").to_string()),
            ("RINGCARD_BACKUP_KEEP", self.backup_keep.to_string()),
            ("RINGCARD_DEFAULT_REGION", self.default_region.clone()),
            ("RINGCARD_OFFLINE_PAGE", format!("{:?}", self.offline_page).to_lowercase()),
        ]
    }

    /// The scheme, and what stands behind the password.
    fn masked_database_url(&self) -> String {
        let Some(url) = &self.database_url else { return "SQLite in the data directory".to_owned() };
        let url = url.expose_secret();
        match url.split_once("://") {
            Some((scheme, rest)) => {
                let place = rest.rsplit_once('@').map_or(rest, |(_, place)| place);
                // A password may stand among the parameters too.
                format!("{scheme}://***@{}", place.split('?').next().unwrap_or_default())
            }
            None => url.to_owned(),
        }
    }

    fn masked_recordings_url(&self) -> String {
        match &self.recordings_url {
            None => "recordings in the data directory".to_owned(),
            Some(RecordingsPlace::Folder(path)) => path.display().to_string(),
            Some(RecordingsPlace::Bucket(BucketAddress { endpoint, name, prefix, region, .. })) => {
                format!("s3://***@{name}/{prefix}?endpoint={endpoint}&region={region}")
            }
        }
    }

    /// The folder of the recordings; beside a bucket, that of what is on its way there.
    pub fn recordings_folder(&self) -> PathBuf {
        match &self.recordings_url {
            Some(RecordingsPlace::Folder(path)) => path.clone(),
            None | Some(RecordingsPlace::Bucket(_)) => self.data_dir.join("recordings"),
        }
    }

    pub fn secret_key_file(&self) -> PathBuf {
        self.secret_key_file.clone().unwrap_or_else(|| self.data_dir.join("secret.key"))
    }

    /// The certificate and key files, when HTTPS is wanted.
    ///
    /// # Errors
    /// A sentence for the owner when only one of the two is named.
    pub fn tls_files(&self) -> Result<Option<(PathBuf, PathBuf)>, String> {
        match (&self.tls_cert, &self.tls_key) {
            (Some(cert), Some(key)) => Ok(Some((cert.clone(), key.clone()))),
            (None, None) => Ok(None),
            _ => Err("RINGCARD_TLS_CERT and RINGCARD_TLS_KEY go together: name both, or neither".to_owned()),
        }
    }

    /// Whether passwords cross a network in the clear, as far as can be known here.
    pub fn is_exposed(&self) -> bool {
        let is_behind_https =
            !self.trusted_proxies.is_empty() && self.base_url.as_ref().is_some_and(|url| url.starts_with("https://"));
        !self.listen.ip().is_loopback() && self.tls_cert.is_none() && !is_behind_https
    }

    /// The server's own address for people who sit at this machine.
    pub fn local_url(&self, port: u16) -> String {
        if let Some(base) = &self.base_url {
            return base.clone();
        }
        let scheme = if self.tls_cert.is_some() { "https" } else { "http" };
        let host = if self.listen.ip().is_unspecified() {
            "localhost".to_owned()
        } else {
            match self.listen.ip() {
                std::net::IpAddr::V4(ip) => ip.to_string(),
                std::net::IpAddr::V6(ip) => format!("[{ip}]"),
            }
        };
        format!("{scheme}://{host}:{port}")
    }
}

/// Scheme and host, no path: what the browser sends as Origin.
fn parse_base_url(text: &str) -> Result<String, String> {
    let url = url::Url::parse(text).map_err(|_| "not an address")?;
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        return Err("must begin with http:// or https:// and name a host".to_owned());
    }
    let is_root = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
    if !is_root || !url.username().is_empty() || url.password().is_some() {
        return Err("must end after the host and port: ringcard lives at the root".to_owned());
    }
    Ok(url.origin().ascii_serialization())
}

/// A folder, or the address of a bucket.
fn parse_recordings(text: &str) -> Result<RecordingsPlace, String> {
    if !text.starts_with("s3://") {
        return Ok(RecordingsPlace::Folder(PathBuf::from(text)));
    }
    let url = url::Url::parse(text).map_err(|_| "not an address of a bucket")?;
    let told = |name: &str| url.query_pairs().find(|(given, _)| given == name).map(|(_, value)| value.into_owned());
    let clear = |text: &str| percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned();
    let (name, secret) = (url.host_str().unwrap_or_default(), url.password().unwrap_or_default());
    if name.is_empty() || url.username().is_empty() || secret.is_empty() {
        return Err("write s3://KEY:SECRET@bucket/prefix?endpoint=https://…; what is no letter or digit in KEY and \
                    SECRET as %XX"
            .to_owned());
    }
    let endpoint = told("endpoint").and_then(|endpoint| url::Url::parse(&endpoint).ok());
    let endpoint = endpoint.filter(|endpoint| matches!(endpoint.scheme(), "http" | "https") && endpoint.has_host());
    Ok(RecordingsPlace::Bucket(BucketAddress {
        endpoint: endpoint.ok_or("name the server of the bucket: ?endpoint=https://s3.example.org")?,
        name: name.to_owned(),
        prefix: clear(url.path()).trim_matches('/').to_owned(),
        region: told("region").unwrap_or_else(|| "us-east-1".to_owned()),
        key: clear(url.username()),
        secret: clear(secret).into(),
    }))
}

fn parse_network(text: &str) -> Result<IpNet, String> {
    let text = text.trim();
    text.parse::<IpNet>()
        .or_else(|_| text.parse::<std::net::IpAddr>().map(IpNet::from))
        .map_err(|_| "not a network: write 10.0.0.0/8 or one address".to_owned())
}

fn parse_time(text: &str) -> Result<Time, String> {
    Time::strptime("%H:%M", text).map_err(|_| "not a time of the day: write 03:30".to_owned())
}

fn parse_region(text: &str) -> Result<String, String> {
    if text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return Ok(text.to_ascii_uppercase());
    }
    Err("must be a country's two letters, such as RU".to_owned())
}
