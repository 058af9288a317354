//! A made-up population, registered with the errors that enumerators make; no real person is in it.
//!
//! Names are put together from syllables, some far more often than others. Same seed, same files.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use crate::slips::{self, Draw};

/// Records to a village, about.
const TO_A_VILLAGE: u64 = 1_000;
const VILLAGES_TO_A_DISTRICT: u64 = 8;

#[derive(Clone)]
pub(crate) struct Person {
    pub(crate) number: u64,
    pub(crate) words: Vec<String>,
    pub(crate) is_woman: bool,
    pub(crate) birth_place: u64,
    pub(crate) born: [u32; 3],
    pub(crate) nik: String,
    pub(crate) mother: String,
    relationship: &'static str,
}

#[derive(Clone)]
struct Household {
    number: u64,
    kk: String,
    village: u64,
    address: String,
    rt: String,
    phone: String,
    members: Vec<Person>,
}

/// What was written, beside the records themselves.
struct Out {
    records: BufWriter<File>,
    /// Of each person, the lines.
    lines: Vec<(u64, u64)>,
    /// Of each household, the cards.
    cards: Vec<(u64, u64)>,
    hard: BTreeSet<(u64, u64, &'static str)>,
    rows: u64,
    next_card: u64,
}

/// Writes `records.csv`, `truth_pairs.csv`, `truth_families.csv` and `hard_negatives.csv`.
pub(crate) fn write(folder: &Path, rows: u64, seed: u64) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let mut records = BufWriter::new(File::create(folder.join("records.csv"))?);
    writeln!(
        records,
        "record_id,family_id,full_name,sex,birth_place,birth_date,nik,kk_no,mother_name,relationship,village_code,\
         village,address,rt_rw,phone,registered_on"
    )?;
    let mut out = Out { records, lines: vec![], cards: vec![], hard: BTreeSet::new(), rows: 0, next_card: 0 };
    let mut draw = Draw::new(seed);
    let villages = rows / TO_A_VILLAGE + 1;
    let mut household = 0;
    while out.rows < rows {
        household += 1;
        let home = Household::draw(&mut draw, household, villages);
        home.register_all(&mut draw, villages, &mut out)?;
    }
    out.records.flush()?;
    write_pairs(&folder.join("truth_pairs.csv"), "id_a,id_b", 'R', &mut out.lines)?;
    write_pairs(&folder.join("truth_families.csv"), "family_a,family_b", 'F', &mut out.cards)?;
    let mut hard = BufWriter::new(File::create(folder.join("hard_negatives.csv"))?);
    writeln!(hard, "id_a,id_b,kind")?;
    for (one, other, kind) in &out.hard {
        writeln!(hard, "R{one:07},R{other:07},{kind}")?;
    }
    hard.flush()
}

/// Every two numbers that share an owner.
fn write_pairs(path: &Path, header: &str, letter: char, owned: &mut [(u64, u64)]) -> std::io::Result<()> {
    let mut file = BufWriter::new(File::create(path)?);
    writeln!(file, "{header}")?;
    owned.sort_unstable();
    for group in owned.chunk_by(|one, other| one.0 == other.0) {
        for (at, one) in group.iter().enumerate() {
            for other in &group[at + 1..] {
                writeln!(file, "{letter}{:07},{letter}{:07}", one.1, other.1)?;
            }
        }
    }
    file.flush()
}

fn district(village: u64) -> String {
    let district = village / VILLAGES_TO_A_DISTRICT;
    format!("{:02}{:02}{:02}", 31 + district / 400, 1 + district / 20 % 20, 1 + district % 20)
}

impl Person {
    fn draw(draw: &mut Draw, village: u64, year: u32, is_woman: bool) -> Self {
        let born = [year, draw.between(1, 12), draw.between(1, 28)];
        let words = slips::full_name(draw, is_woman);
        let mother = slips::full_name(draw, true).join(" ");
        let nik = nik(draw, village, born, is_woman);
        let (number, relationship) = (draw.next(), "ANAK");
        Self { number, words, is_woman, birth_place: village / VILLAGES_TO_A_DISTRICT, born, nik, mother, relationship }
    }
}

fn nik(draw: &mut Draw, village: u64, [year, month, day]: [u32; 3], is_woman: bool) -> String {
    let day = if is_woman { day + 40 } else { day };
    loop {
        let serial = if draw.chance(800) { draw.between(1, 9) } else { draw.between(10, 60) };
        let number = format!("{}{day:02}{month:02}{:02}{serial:04}", district(village), year % 100);
        if draw.issue(&number) {
            return number;
        }
    }
}

impl Household {
    fn draw(draw: &mut Draw, number: u64, villages: u64) -> Self {
        let village = draw.below(villages);
        let mut members = Vec::new();
        let year = draw.between(1945, 1998);
        let is_woman = draw.chance(150);
        let mut head = Person::draw(draw, village, year, is_woman);
        head.relationship = "KEPALA";
        let mother = if is_woman {
            head.words.join(" ")
        } else {
            let age = year + draw.between(0, 6);
            let mut wife = Person::draw(draw, village, age, true);
            wife.relationship = "ISTRI";
            let name = wife.words.join(" ");
            if draw.chance(850) {
                members.push(wife);
            }
            name
        };
        let mut child_year = year + 20;
        for _ in 0..draw.between(0, 4) {
            child_year += draw.between(1, 5);
            let is_girl = draw.chance(500);
            let mut child = Person::draw(draw, village, child_year.min(2024), is_girl);
            child.mother.clone_from(&mother);
            if !is_woman && !is_girl && draw.chance(15) {
                child.words.clone_from(&head.words);
            }
            if draw.chance(15) {
                members.push(twin(draw, &child));
            }
            members.push(child);
        }
        members.insert(0, head);
        let kk = slips::kk(draw, &district(village));
        let phone = if draw.chance(400) { slips::phone(draw) } else { String::new() };
        let (address, rt) = (slips::address(draw), slips::rt(draw));
        Self { number, kk, village, address, rt, phone, members }
    }

    /// Registers the household once, at times again, and at times a grown child by himself.
    fn register_all(&self, draw: &mut Draw, villages: u64, out: &mut Out) -> std::io::Result<()> {
        self.register(draw, out)?;
        let mut now = self.clone();
        while draw.chance(130) {
            now = now.after_some_years(draw, villages);
            now.register(draw, out)?;
        }
        let grown = self.members.iter().find(|member| member.relationship == "ANAK" && member.born[0] < 2003);
        if let Some(grown) = grown
            && draw.chance(60)
        {
            let mut own = Self::draw(draw, self.number + (1 << 40), villages);
            own.members.truncate(1);
            own.members[0] = Person { relationship: "KEPALA", ..grown.clone() };
            own.register(draw, out)?;
        }
        Ok(())
    }

    /// The same household as it is found the next time.
    fn after_some_years(&self, draw: &mut Draw, villages: u64) -> Self {
        let mut now = self.clone();
        if draw.chance(350) {
            now.village = draw.below(villages);
        }
        if now.village != self.village || draw.chance(250) {
            (now.address, now.rt) = (slips::address(draw), slips::rt(draw));
        }
        if draw.chance(450) {
            now.kk = slips::kk(draw, &district(now.village));
        }
        if draw.chance(300) {
            now.phone = slips::phone(draw);
        }
        now.members.retain(|member| member.relationship == "KEPALA" || !draw.chance(120));
        for member in &mut now.members {
            if draw.chance(30) {
                member.nik = nik(draw, now.village, member.born, member.is_woman);
            }
        }
        now
    }

    fn register(&self, draw: &mut Draw, out: &mut Out) -> std::io::Result<()> {
        out.next_card += 1;
        let card = out.next_card;
        out.cards.push((self.number, card));
        let kk = if draw.chance(20) { slips::digit(draw, &self.kk) } else { self.kk.clone() };
        let is_shouted = draw.chance(500);
        let stranger = draw.chance(8).then(|| self.members[0].nik.clone());
        let mut written: Vec<(u64, &Person, bool)> = Vec::new();
        for (at, member) in self.members.iter().enumerate() {
            let given = stranger.as_ref().filter(|_| at == 1);
            for _ in 0..=u32::from(draw.chance(4)) {
                out.rows += 1;
                out.lines.push((member.number, out.rows));
                let line = slips::line(draw, member, given);
                let place = slips::village(member.birth_place * VILLAGES_TO_A_DISTRICT);
                let rest = format!(
                    "{},{},{}",
                    slips::village(self.village),
                    slips::address_line(draw, &self.address),
                    if draw.chance(60) { slips::rt(draw) } else { self.rt.clone() }
                );
                let text = format!(
                    "R{:07},F{card:07},{},{},{place},{},{},{kk},{},{},{}2{:03},{rest},{},20{:02}-{:02}-{:02}",
                    out.rows,
                    line.name,
                    line.sex,
                    line.born,
                    line.nik,
                    line.mother,
                    member.relationship,
                    district(self.village),
                    self.village % VILLAGES_TO_A_DISTRICT + 1,
                    self.phone,
                    draw.between(19, 25),
                    draw.between(1, 12),
                    draw.between(1, 28)
                );
                writeln!(out.records, "{}", if is_shouted { text.to_uppercase() } else { text })?;
                written.push((out.rows, member, given.is_some()));
            }
        }
        note_hard(&written, out);
        Ok(())
    }
}

/// Lines of one card that look alike and are two persons.
fn note_hard(written: &[(u64, &Person, bool)], out: &mut Out) {
    for (at, (one, person, shares)) in written.iter().enumerate() {
        for (other, another, also) in &written[at + 1..] {
            if person.number == another.number {
                continue;
            }
            if person.born == another.born && person.mother == another.mother {
                out.hard.insert((*one, *other, "twins"));
            } else if *also && (*shares || person.relationship == "KEPALA") {
                out.hard.insert((*one, *other, "shared_nik"));
            } else if person.words == another.words {
                out.hard.insert((*one, *other, "same_or_near_name_kin"));
            }
        }
    }
}

/// A twin: born the same day of the same mother, the next serial, at times a near name.
fn twin(draw: &mut Draw, child: &Person) -> Person {
    let mut twin = child.clone();
    twin.number = draw.next();
    let serial: u32 = child.nik[12..].parse().unwrap_or(1);
    if draw.chance(300) {
        twin.is_woman = !twin.is_woman;
        twin.nik = nik(draw, child.birth_place * VILLAGES_TO_A_DISTRICT, child.born, twin.is_woman);
    } else {
        let mut next = (serial + 1..).map(|serial| format!("{}{serial:04}", &child.nik[..12]));
        twin.nik = next.find(|number| draw.issue(number)).unwrap();
    }
    if draw.chance(400) {
        twin.words[0] = slips::near(draw, &child.words[0]);
    } else {
        while twin.words[0] == child.words[0] {
            twin.words[0].clone_from(&slips::full_name(draw, twin.is_woman)[0]);
        }
    }
    twin
}
