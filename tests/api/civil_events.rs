//! Several clients split, merge, move and relocate at random: the register stays one in which each person is once.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::{Value, json};

use crate::households::{faults_of_register, settle};
use crate::support::{Answer, Client, KEMBANG_JANGGUT, KENOHAN, TestApp, texts};

/// Families at the start, all in one sub-district.
const FAMILIES: u32 = 6;
/// Commands of each client.
const COMMANDS: u32 = 40;
/// Clients at once.
const CLIENTS: u32 = 4;
const VILLAGES: [&str; 3] = ["64.02.10.2004", "64.02.10.2005", "64.02.09.2001"];

/// Draws numbers, the same for the same seed (xorshift).
struct Draw(u64);

impl Draw {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(bound).unwrap()).unwrap()
    }

    fn one<'a>(&mut self, of: &'a [Value]) -> &'a Value {
        &of[self.below(of.len())]
    }
}

async fn items(client: &Client, path: &str) -> Vec<Value> {
    client.get(path).await.body["items"].as_array().cloned().unwrap_or_default()
}

fn placed(members: &[Value], relationship: &str) -> Vec<Value> {
    members.iter().map(|one| json!({ "member_id": one["id"], "relationship": relationship })).collect()
}

/// One command, drawn; what it asks for may be gone when it arrives.
async fn command(client: &Client, draw: &mut Draw, cards: &AtomicU32) -> Option<Answer> {
    let families = items(client, "/v1/beneficiaries?status=live&limit=200").await;
    let (one, other) = (draw.one(&families)["id"].clone(), draw.one(&families)["id"].clone());
    let path = format!("/v1/beneficiaries/{}", one.as_str()?);
    let members = items(client, &format!("{path}/members")).await;
    if members.is_empty() {
        return None;
    }
    let (person, successor) = (draw.one(&members).clone(), draw.one(&members)["id"].clone());
    let person_path = format!("/v1/members/{}", person["id"].as_str()?);
    let on = "2026-02-03";
    let answer = match draw.below(10) {
        0..3 => {
            let number = cards.fetch_add(1, Ordering::Relaxed);
            let new = json!({ "card_number": format!("640210100121{number:04}"), "village_code": VILLAGES[draw.below(2)],
                "on": on, "members": placed(&[person], "head"), "successor_id": successor });
            client.post(&format!("{path}/splits"), &new).await
        }
        3..5 => {
            let new = json!({ "into_beneficiary_id": other, "on": on, "members": placed(&members, "other_kin") });
            client.post(&format!("{path}/mergers"), &new).await
        }
        5..7 => {
            let new =
                json!({ "beneficiary_id": other, "relationship": "other_kin", "on": on, "successor_id": successor });
            client.post(&format!("{person_path}/moves"), &new).await
        }
        7 => {
            let new = json!({ "village_code": VILLAGES[draw.below(3)], "on": on });
            client.post(&format!("{path}/relocations"), &new).await
        }
        8 => {
            let new = json!({ "head_id": person["id"], "members": placed(&[members[0].clone()], "other_kin") });
            client.post(&format!("{path}/head-changes"), &new).await
        }
        _ if members.len() > 2 => {
            let new = json!({ "reason": "died", "on": on, "successor_id": successor });
            client.post(&format!("{person_path}/departures"), &new).await
        }
        _ => {
            let new = json!({ "name": "Anak Baru", "sex": "female", "relationship": "child" });
            client.post(&format!("{path}/members"), &new).await
        }
    };
    Some(answer)
}

#[tokio::test(flavor = "multi_thread")]
async fn random_commands_of_several_clients_leave_each_person_in_one_family() {
    let app = TestApp::new().await;
    let first = app.client_of("kecamatan_officer", &[KEMBANG_JANGGUT, KENOHAN], None).await;
    for number in 1..=FAMILIES {
        settle(&first, number).await;
    }
    let cards = Arc::new(AtomicU32::new(1));
    let mut tasks = Vec::new();
    for number in 0..CLIENTS {
        let client = app.client_of("kecamatan_officer", &[KEMBANG_JANGGUT, KENOHAN], None).await;
        let cards = Arc::clone(&cards);
        tasks.push(tokio::spawn(async move {
            let mut draw = Draw(0x9e37_79b9_7f4a_7c15 ^ u64::from(number + 1));
            let mut done = 0;
            for _ in 0..COMMANDS {
                let Some(answer) = command(&client, &mut draw, &cards).await else { continue };
                let status = answer.status.as_u16();
                assert!([201, 404, 409, 412, 422, 503].contains(&status), "{status}: {}", answer.text);
                done += u32::from(status == 201);
            }
            done
        }));
    }
    let mut done = 0;
    for task in tasks {
        done += task.await.unwrap();
    }
    assert!(done > COMMANDS, "{done} commands took effect, too few to prove anything");
    assert_eq!(faults_of_register(&app).await, Vec::<String>::new());
    // Nobody got lost: whoever was registered and did not die is in a live family.
    let lost = "select m.id::text as found from members m where m.died_on is null and not exists (
        select from memberships s where s.member_id = m.id and s.ended_on is null)
        and not exists (select from members o where o.id = m.id and o.died_on is not null)";
    assert_eq!(texts(&app, lost).await, Vec::<String>::new());
    // Each version but the first was kept with the operation that replaced it.
    let unexplained = "select id::text as found from members_history where operation is null
        union all select id::text from beneficiaries_history where operation is null";
    assert_eq!(texts(&app, unexplained).await, Vec::<String>::new());
}
