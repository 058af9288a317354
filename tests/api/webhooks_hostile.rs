//! Webhooks against those who mean harm: addresses of the inside, and receivers that lie, stall or flood.

use std::net::IpAddr;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use rcgen::{BasicConstraints, Certificate, CertificateParams, IsCa, Issuer, KeyPair, date_time_ymd};
use serde_json::{Value, json};
use sinergi::webhooks::Reach;
use tokio::io::AsyncWriteExt;

use crate::support::{Cast, Client, Receiver, Reply, TestApp, tools_and_training};
use crate::webhooks::{app, hook};

/// Sends a test and waits for what became of it.
async fn tested(client: &Client, path: &str) -> Value {
    let test = client.post(&format!("{path}/test-deliveries"), &json!({})).await.expect(202).id();
    for _ in 0..2_000 {
        let list = client.get(&format!("{path}/deliveries")).await.expect(200);
        let found = list.body["items"].as_array().unwrap().iter().find(|one| one["id"] == test.as_str()).cloned();
        if let Some(found) = found.filter(|one| one["status"] != "pending") {
            return found;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("the test is not settled");
}

/// Addresses that stand for a trap on loopback, or for other parts of the inside.
fn inside(port: u16) -> Vec<String> {
    let hosts = [
        "127.0.0.1",
        "127.1",
        "0x7f000001",
        "0x7f.1",
        "2130706433",
        "0177.0.0.1",
        "127.0.0.1.",
        "0.0.0.0",
        "0",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[0:0:0:0:0:0:0:1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "[::127.0.0.1]",
        "[fe80::1]",
        "[fd00:ec2::254]",
        "localhost",
        "LOCALHOST",
        "localhost.",
        "a.localhost",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "100.64.0.1",
        "169.254.169.254",
        "[::ffff:a9fe:a9fe]",
        "metadata.google.internal",
        "metadata",
        "instance-data",
        "printer.local",
        "198.18.0.1",
        "192.0.2.1",
        "224.0.0.1",
        "255.255.255.255",
    ];
    let mut all = Vec::new();
    for host in hosts {
        all.push(format!("https://{host}/"));
        all.push(format!("https://{host}:8443/"));
        all.push(format!("https://{host}:{port}/"));
        all.push(format!("http://{host}:{port}/"));
    }
    for odd in [
        format!("https://portal.example@127.0.0.1:{port}/"),
        format!("https://user:word@127.0.0.1:{port}/"),
        format!("https://127.0.0.1:{port}#portal.example/"),
        format!("https://127.0.0.1:{port}\\@portal.example/"),
        format!("https:127.0.0.1:{port}/"),
        format!("//127.0.0.1:{port}/"),
        format!("gopher://127.0.0.1:{port}/_GET"),
        format!("ftp://127.0.0.1:{port}/"),
        "file:///etc/passwd".to_owned(),
        "data:text/plain,x".to_owned(),
        "https://portal.example:22/".to_owned(),
        "https://portal.example:6379/".to_owned(),
        "https://".to_owned(),
        "portal.example".to_owned(),
    ] {
        all.push(odd);
    }
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn no_address_of_the_inside_is_ever_connected_to() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let trap = Receiver::new().await;
    let made = officer.post("/v1/webhooks", &json!({ "url": "https://portal.example.invalid/" })).await.expect(201);
    let path = format!("/v1/webhooks/{}", made.id());
    patch_off(&officer, &path).await;
    for url in inside(trap.address.port()) {
        let refused = officer.post("/v1/webhooks", &json!({ "url": url })).await.expect_problem(422, "invalid_fields");
        assert_eq!(refused.body["errors"][0]["pointer"], "/url", "{url}");
        let told = refused.body["errors"].to_string();
        assert!(!told.contains(&trap.address.port().to_string()), "{told}");
        let refused = officer.patch(&path, "\"2\"", &json!({ "url": url })).await;
        refused.expect_problem(422, "invalid_fields");
    }
    // Past the rules, straight into the table: the sender looks again.
    for url in [format!("http://{}/", trap.address), trap.url(), format!("https://localhost:{}/", trap.address.port())]
    {
        app.arrange(&format!("update webhooks set url = '{url}'")).await;
        assert_eq!(tested(&officer, &path).await["last_failure"], "address_refused", "{url}");
    }
    assert_eq!(trap.connections(), 0);
}

async fn patch_off(client: &Client, path: &str) {
    client.patch(path, "\"1\"", &json!({ "is_enabled": false })).await.expect(200);
}

/// A reach whose names stand for these addresses, and how often it was asked.
fn rebinding(networks: &[&str], addresses: &'static [&'static str]) -> (Reach, Arc<AtomicUsize>) {
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let lookup = move |_: String| {
        // The first answer is harmless; what it is connected by is the last one that was looked at.
        let turn = count.fetch_add(1, Ordering::SeqCst);
        let found: Vec<IpAddr> = addresses.iter().map(|one| one.parse().unwrap()).collect();
        let found = if turn == 0 { vec!["203.0.113.7".parse().unwrap()] } else { found };
        let found: std::pin::Pin<Box<dyn Future<Output = std::io::Result<Vec<IpAddr>>> + Send>> =
            Box::pin(async move { Ok(found) });
        found
    };
    let networks = networks.iter().map(|one| one.parse().unwrap()).collect();
    (Reach::new(networks).with_lookup(Arc::new(lookup)), asked)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_comes_to_stand_for_the_inside_is_not_followed() {
    let inside = &["127.0.0.1", "::1", "::ffff:127.0.0.1", "10.0.0.1", "169.254.169.254", "fd00:ec2::254"];
    let (reach, asked) = rebinding(&[], inside);
    let app = TestApp::with_reach(reach).await;
    let officer = app.kecamatan().await;
    // The port that names may have; where another test run has it, the failure alone tells.
    let trap = tokio::net::TcpListener::bind("127.0.0.1:8443").await.ok();
    let new = json!({ "url": "https://rebind.example:8443/events" });
    let made = officer.post("/v1/webhooks", &new).await.expect(201);
    let path = format!("/v1/webhooks/{}", made.id());
    for _ in 0..3 {
        assert_eq!(tested(&officer, &path).await["last_failure"], "address_refused");
    }
    assert!(asked.load(Ordering::SeqCst) >= 3);
    if let Some(trap) = trap {
        let caught = tokio::time::timeout(Duration::from_millis(200), trap.accept()).await;
        assert!(caught.is_err(), "the trap was connected to");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redirect_is_not_followed() {
    let app = app().await;
    let (officer, receiver, trap) = (app.kecamatan().await, Receiver::new().await, Receiver::new().await);
    let (path, _) = hook(&officer, &receiver).await;
    receiver.wait_for(1).await;
    for status in [301, 302, 303, 307, 308] {
        let elsewhere = trap.url();
        receiver.reply([Reply::Bytes(format!(
            "HTTP/1.1 {status} X\r\nlocation: {elsewhere}\r\ncontent-length: 0\r\n\r\n"
        ))]);
        let failed = tested(&officer, &path).await;
        assert_eq!((&failed["last_failure"], &failed["last_status"]), (&json!("redirected"), &json!(status)));
    }
    assert_eq!(trap.connections(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receiver_that_lies_or_floods_is_bounded() {
    let app = app().await;
    let (officer, receiver) = (app.kecamatan().await, Receiver::new().await);
    let (path, _) = hook(&officer, &receiver).await;
    receiver.wait_for(1).await;
    let not_http = [
        Reply::Bytes("SSH-2.0-OpenSSH_9.9\r\n".to_owned()),
        Reply::Bytes(String::new()),
        Reply::Flood("HTTP/1.1 200 OK\r\nx: ".to_owned()),
        Reply::Flood("x".to_owned()),
        Reply::Bytes(format!("HTTP/1.1 200 OK\r\n{}\r\n", "x-y: z\r\n".repeat(500))),
    ];
    for reply in not_http {
        let told = format!("{reply:?}");
        receiver.reply([reply]);
        let began = std::time::Instant::now();
        let failed = tested(&officer, &path).await;
        assert_eq!(failed["last_failure"], "not_http", "{told}");
        assert!(began.elapsed() < Duration::from_secs(10), "{told}");
    }
    // A body without end is not read: the head said that the event is taken.
    receiver.reply([Reply::Flood("HTTP/1.1 200 OK\r\ncontent-length: 1073741824\r\n\r\n".to_owned())]);
    assert_eq!(tested(&officer, &path).await["status"], "delivered");
    receiver
        .reply([Reply::Bytes("HTTP/1.1 503 X\r\nretry-after: 99999999999\r\ncontent-length: 0\r\n\r\n".to_owned())]);
    assert_eq!(tested(&officer, &path).await["last_status"], 503);
    let closed = Receiver::new().await.address.port();
    app.arrange(&format!("update webhooks set url = 'http://127.0.0.9:{closed}/'")).await;
    assert_eq!(tested(&officer, &path).await["last_failure"], "unreachable");
    // Plain HTTP where TLS was asked for.
    let plain = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    app.arrange(&format!("update webhooks set url = 'https://{}/'", plain.local_addr().unwrap())).await;
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = plain.accept().await {
            stream.write_all(b"HTTP/1.1 400 X\r\n\r\n").await.ok();
        }
    });
    assert_eq!(tested(&officer, &path).await["last_failure"], "tls_failed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_receiver_holds_nobody_back() {
    let cast = Cast::with(app().await).await;
    let (slow, quick) = (Receiver::new().await, Receiver::new().await);
    slow.reply(std::iter::repeat_n(Reply::Silence, 100));
    let (path, _) = hook(&cast.company, &slow).await;
    slow.wait_for(1).await;
    for _ in 0..20 {
        cast.draft(&tools_and_training()).await;
    }
    slow.wait_for(4).await;
    hook(&cast.first, &quick).await;
    quick.wait_for(1).await;
    let list = cast.company.get(&format!("{path}/deliveries?limit=200")).await.expect(200);
    assert!(!list.text.contains("timed_out"), "the quick one waited for the slow one: {}", list.text);
    assert!(slow.taken().len() <= 4, "only so many of one webhook are on their way");
    // No transaction is open while a receiver is waited for.
    let open = crate::support::texts(
        &cast.app,
        "select query as found from pg_stat_activity where datname = current_database() and state like 'idle in%'
            and now() - state_change > interval '1 s'",
    );
    assert_eq!(open.await, Vec::<String>::new());
    let timed_out = async {
        loop {
            let list = cast.company.get(&format!("{path}/deliveries?limit=200")).await.expect(200);
            if list.text.contains("timed_out") {
                break;
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(40), timed_out).await.unwrap();
}

/// A certificate for a name, by an authority, and its key.
fn certified(authority: &Issuer<'_, KeyPair>, name: &str, years: Range<i32>) -> (Certificate, KeyPair) {
    let key = KeyPair::generate().unwrap();
    let mut form = CertificateParams::new(vec![name.to_owned()]).unwrap();
    form.not_before = date_time_ymd(years.start, 1, 1);
    form.not_after = date_time_ymd(years.end, 1, 1);
    (form.signed_by(&key, authority).unwrap(), key)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receiver_proves_who_it_is() {
    let mut form = CertificateParams::new(Vec::new()).unwrap();
    form.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().unwrap();
    let trusted = form.self_signed(&key).unwrap().der().clone();
    let authority = Issuer::new(form, key);
    let loopback = || vec!["127.0.0.0/8".parse().unwrap()];
    let knowing = TestApp::with_reach(Reach::new(loopback()).with_authorities(vec![trusted])).await;
    let unknowing = app().await;
    for (name, years, failure) in [
        ("127.0.0.1", 2020..2100, None),
        ("127.0.0.2", 2020..2100, Some("tls_failed")),
        ("portal.example", 2020..2100, Some("tls_failed")),
        ("127.0.0.1", 2020..2021, Some("tls_failed")),
        ("127.0.0.1", 2099..2100, Some("tls_failed")),
    ] {
        let (certificate, key) = certified(&authority, name, years.clone());
        let receiver = Receiver::proved(&certificate, &key).await;
        let officer = knowing.kecamatan().await;
        let url = format!("https://{}/events", receiver.address);
        let made = officer.post("/v1/webhooks", &json!({ "url": url })).await.expect(201);
        let settled = tested(&officer, &format!("/v1/webhooks/{}", made.id())).await;
        assert_eq!(settled["last_failure"].as_str(), failure, "{name} {years:?}");
        assert_eq!(receiver.taken().is_empty(), failure.is_some(), "{name} {years:?}");
        // Nobody else vouches for it. On a port of its own: to the first one more may be on its way.
        let receiver = Receiver::proved(&certificate, &key).await;
        let url = format!("https://{}/events", receiver.address);
        let stranger = unknowing.kecamatan().await;
        let made = stranger.post("/v1/webhooks", &json!({ "url": url })).await.expect(201);
        let settled = tested(&stranger, &format!("/v1/webhooks/{}", made.id())).await;
        assert_eq!((&settled["last_failure"], receiver.taken().len()), (&json!("tls_failed"), 0));
    }
}
