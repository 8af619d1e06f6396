//! R5: a file that is damaged under the running program takes nothing more.

use std::fs::OpenOptions;
use std::os::unix::fs::FileExt;

use crate::program::Business;

const PAGE: usize = 4096;

#[tokio::test]
async fn r5_a_damaged_file_ends_the_program_and_is_not_served_again() {
    let business = Business::opens();
    let mut server = business.serves().await;
    for number in 0..50 {
        assert!(business.push(&server.url, &number.to_string(), true).await);
    }
    assert!(server.ends().await.1);
    let mut server = business.serves().await;
    let path = business.data.path().join("ringcard.db");
    let file = OpenOptions::new().write(true).open(&path).unwrap();
    // The first page holds the schema, which every new connection reads.
    let pages = usize::try_from(file.metadata().unwrap().len()).unwrap() / PAGE;
    file.write_all_at(&vec![0x5a; (pages - 1) * PAGE], PAGE as u64).unwrap();
    let mut statuses = Vec::new();
    for number in 0..1_000 {
        let form = [
            ("cmd", "event"),
            ("type", "INCOMING"),
            ("user", "anna"),
            ("phone", "79101234567"),
            ("callid", &number.to_string()),
            ("crm_token", &business.crm_token),
        ];
        let Ok(answer) = business.http.post(format!("{}/pbx", server.url)).form(&form).send().await else { break };
        statuses.push(answer.status().as_u16());
    }
    assert!(!server.is_gone().await.1, "a supervisor must see that it failed");
    // What was in memory may be kept until the damage is met; then nothing is.
    let met = statuses.iter().position(|status| *status != 200).unwrap_or(statuses.len());
    assert!(statuses[met..].iter().all(|status| *status == 503), "{statuses:?}");
    let (code, said) = business.is_refused();
    assert_eq!(code, Some(1));
    assert!(said.contains("Restore a backup"), "{said}");
}
